// D31: a phone of every released version is opened by this one, and nothing that was on it is lost or sent twice.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { accountDb, accounts, meta, needMeta, type Db, type RecordRow } from "./db.ts";
import * as drafts from "./drafts.ts";
import * as outbox from "./outbox.ts";
import { openRegisters } from "./registers.ts";
import { Syncer } from "./sync.ts";
import { OUTLINE, phoneTools, sealing, TestClock } from "./testing/make.ts";
import { putBack, released, type Released } from "./testing/old_phone.ts";
import { FakeServer } from "./testing/server.ts";
import { listsOf } from "./views.ts";
import type { SealedRecord } from "./shapes.ts";

const TAGS = readdirSync("static/src/testing/released").map((file) => file.replace(".json.gz", ""));

it("there is a fixture of every tag", () => {
  const tags = execFileSync("git", ["tag", "--list", "v*"], { encoding: "utf8" }).split("\n").filter(Boolean);
  expect(TAGS).toEqual(expect.arrayContaining(tags));
  expect(TAGS).toContain("v0.1");
});

/** The phone as it lay there, and a server that is the one of that time but for its own key, which the fixture does not hold. */
async function opened(tag: string) {
  const fixture = await released(tag);
  await putBack(fixture.databases);
  const [server, clock] = [await FakeServer.open(), new TestClock()];
  server.now = () => clock.now();
  const { uid } = fixture.server;
  const db = await accountDb(uid);
  const identity = await needMeta(db, "identity");
  await db.put("meta", { ...identity, receipt_keys: [{ key_id: server.key_id, spki: server.spki }] }, "identity");
  const key = await crypto.subtle.importKey("jwk", fixture.server.device_key, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
  server.devices.set(identity.token, { id: identity.device_id, account: uid, key });
  server.records = new Map(fixture.server.records);
  server.uploads = new Map(fixture.server.uploads);
  server.seq = 100;
  await server.enrolFiles();
  return { fixture, server, clock, uid, db, syncer: new Syncer(phoneTools(server, clock)) };
}

const rowsOf = <T>({ databases }: Released, store: string): T[] => databases.find(({ name }) => name !== "lantoa")!.stores[store]!.rows.map(([, row]) => row as T);
const sealedIn = async (db: Db): Promise<[string, SealedRecord][]> => (await db.getAll("outbox")).map((row) => [row.record_id, row.sealed]);

it.each(TAGS)("%s: every row is there as it was, byte for byte", async (tag) => {
  const { fixture, uid, db } = await opened(tag);
  expect(await accounts()).toEqual([uid]);
  for (const store of ["drafts", "records", "outbox", "media", "forms", "sets", "last"] as const) expect(await db.getAll(store), store).toEqual(rowsOf(fixture, store));
  for (const [key, bytes] of fixture.databases.find(({ name }) => name !== "lantoa")!.stores["chunks"]!.rows) {
    expect(new Uint8Array((await db.get("chunks", key as [string, number]))!)).toEqual(new Uint8Array(bytes as ArrayBuffer));
  }
  expect(await meta(db, "device_seq")).toBe(rowsOf<RecordRow>(fixture, "records").length);
});

it.each(TAGS)("%s: its lists, drafts, photos and new codes are shown", async (tag) => {
  const { uid, db } = await opened(tag);
  const { records, drafts: begun, counts } = await listsOf(uid);
  expect(records.map((view) => view.status).sort()).toEqual(["returned", "sent", "waiting", "waiting"]);
  expect([counts.needs_help, begun.length]).toEqual([0, 2]);
  expect(begun.find((draft) => draft.replaces)?.review?.reason).toBe("thiếu mã");
  for (const row of await db.getAll("media")) expect((await drafts.mediaBlob(db, row))?.size).toBe(row.size);
  expect((await openRegisters(uid)).items("members").map((item) => item.label)).toEqual(["31522-0113"]);
  expect(await drafts.lastSession(uid, "outreach_session")).toMatchObject({ place: "Lâm Dồ" });
});

it.each(TAGS)("%s: what waited goes as it was sealed, the half photo from where it stood, and nothing twice", async (tag) => {
  const { fixture, server, db, syncer } = await opened(tag);
  const sealed = await sealedIn(db);
  const before = server.records.size;
  await syncer.nudge("button");
  expect(syncer.state.value).toMatchObject({ waiting: 0, waiting_photos: 0, problem: null });
  expect(server.records.size).toBe(rowsOf(fixture, "records").length);
  expect(server.records.size).toBeGreaterThan(before);
  for (const [id, strings] of sealed) expect(server.records.get(id)?.sealed).toEqual(strings);
  expect([...server.uploads.values()].map(({ state }) => state)).toEqual(["there", "there"]);
  const sent = server.asked.filter(({ method }) => method === "PATCH").reduce((sum, { body }) => sum + body.length, 0);
  expect(sent).toBeLessThan([...server.uploads.values()].reduce((sum, { size }) => sum + size, 0));
});

it.each(TAGS)("%s: its drafts are finished under its own key and counted on", async (tag) => {
  const { uid, server, clock, syncer, db } = await opened(tag);
  const seq = await needMeta(db, "device_seq");
  const [draft] = (await drafts.listDrafts(uid)).filter((row) => !row.replaces);
  const saved = await outbox.finish(uid, draft!, { answers: draft!.answers, calculated: {} }, OUTLINE, null, sealing(clock));
  expect([saved.device_seq, saved.media.length]).toEqual([seq + 1, 1]);
  await syncer.nudge("button");
  expect(server.records.get(saved.record_id)).toBeDefined();
});
