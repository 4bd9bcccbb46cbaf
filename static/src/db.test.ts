import "./testing/make.ts";
import { deleteDB, openDB } from "idb";
import { describe, expect, it } from "vitest";
import { readFileSync, readdirSync } from "node:fs";
import { accountDb, accounts, closeAll, StorageBroken, StorageFull, StoreLost, write } from "./db.ts";
import { phone } from "./testing/make.ts";

describe("stores", () => {
  it("keep every account in a database of its own", async () => {
    const one = await phone();
    expect(await accounts()).toEqual([one.uid]);
    expect((await indexedDB.databases()).map((db) => db.name).sort()).toEqual(["lantoa", `lantoa-${one.uid}`]);
  });

  it("tell when the store of a known account is empty, and don't make it anew", async () => {
    const one = await phone();
    await closeAll();
    await deleteDB(`lantoa-${one.uid}`);
    await expect(accountDb(one.uid)).rejects.toBeInstanceOf(StoreLost);
    await expect(accountDb(one.uid)).rejects.toBeInstanceOf(StoreLost);
  });

  it("find an account whose line in the directory was lost", async () => {
    const one = await phone();
    await closeAll();
    await deleteDB("lantoa");
    expect(await accounts()).toEqual([one.uid]);
  });

  it("ignore a store that never finished enrolling", async () => {
    (await openDB("lantoa-half", 1)).close();
    expect(await accounts()).toEqual([]);
  });

  it("report a full phone as StorageFull though the put itself succeeded", async () => {
    const one = await phone();
    const db = await accountDb(one.uid);
    const full = write(db, ["last"], "strict", async (tx) => {
      await tx.store.put({ form_id: "f", held_on: "", unit: "", place: "", method: "", heads: "", answers: {} });
      throw new DOMException("disk", "QuotaExceededError");
    });
    await expect(full).rejects.toBeInstanceOf(StorageFull);
    expect(await db.count("last")).toBe(0);
  });

  it("open again after the browser closed the connection", async () => {
    const one = await phone();
    (await accountDb(one.uid)).close();
    await expect(write(await accountDb(one.uid), ["meta"], "strict", () => undefined)).rejects.toBeInstanceOf(StorageBroken);
    expect(await (await accountDb(one.uid)).count("forms")).toBe(1);
  });

  it("let another tab with a newer version pass", async () => {
    const one = await phone();
    const newer = await openDB(`lantoa-${one.uid}`, 99);
    expect(newer.version).toBe(99);
    newer.close();
  });
});

it("only db.ts says indexedDB", () => {
  const files = readdirSync("static/src", { recursive: true }).map(String)
    .filter((name) => /\.tsx?$/.test(name) && !/(\.test\.tsx?|^testing\/.*|^db\.ts)$/.test(name));
  expect(files.filter((name) => /indexedDB/.test(readFileSync(`static/src/${name}`, "utf8")))).toEqual([]);
});
