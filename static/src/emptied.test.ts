// Stores that were emptied, closed behind our back, or that a full disk cut off (faults C4–C7): told, and gone on from.
import { deleteDB, openDB } from "idb";
import { afterEach, expect, it, vi } from "vitest";
import { accountDb, accounts, chooseAccount, closeAll, currentAccount, giveUpAccount, listedAccounts, reopenAfter, StorageFull, StoreLost } from "./db.ts";
import * as drafts from "./drafts.ts";
import { newId } from "./keys.ts";
import * as outbox from "./outbox.ts";
import { CODE, draft, enrolOn, OUTLINE, phone, photo, record, sealing, type Phone } from "./testing/make.ts";
import { listsOf } from "./views.ts";

afterEach(() => { vi.restoreAllMocks(); });

const lostBy = async (uid: string): Promise<StoreLost> => accountDb(uid).then(() => { throw new Error("it opened"); }, (fault: unknown) => fault as StoreLost);

/** Takes everything out of some stores, as nothing of ours does. */
async function empty({ uid }: Phone, ...stores: ("meta" | "records" | "outbox")[]): Promise<void> {
  const db = await accountDb(uid);
  for (const store of stores) await db.clear(store);
  await closeAll();
}

it("a store without its sentinel tells how many records lie there, and enrolling again sends them", async () => {
  const one = await phone();
  const [a, b] = [await record(one, { text: "a" }), await record(one, { text: "b" })];
  await empty(one, "meta");
  expect(await lostBy(one.uid)).toMatchObject({ name: "StoreLost", message: one.uid, left: 2 });
  await enrolOn(one);
  await one.syncer.nudge("button");
  expect([...one.server.records.keys()].sort()).toEqual([a.record_id, b.record_id].sort());
  expect((await record(one)).device_seq).toBe(3);
});

it("a device that has counted records and has none was emptied; once told, it is opened again by enrolling", async () => {
  const one = await phone();
  await record(one);
  await empty(one, "records");
  expect(await lostBy(one.uid)).toMatchObject({ name: "StoreLost", left: 1 });
  await enrolOn(one);
  expect((await record(one)).device_seq).toBe(2);
  await one.syncer.nudge("button");
  expect(one.server.records.size).toBe(2);
});

it("a record whose bytes were taken away unsent asks for help, and is not said to wait", async () => {
  const one = await phone();
  const saved = await record(one);
  await empty(one, "outbox");
  const { records, counts } = await listsOf(one.uid);
  expect(records.map((view) => [view.record_id, view.status, view.problem?.type])).toEqual([[saved.record_id, "needs_help", "record-missing-on-phone"]]);
  expect(counts.waiting).toBe(0);
});

it("an emptied directory is written anew from the stores that are there", async () => {
  const one = await phone();
  await closeAll();
  await deleteDB("lantoa");
  expect(await accounts()).toEqual([one.uid]);
  expect(await listedAccounts()).toEqual([one.uid]);
});

it("a person whose store is lost is given up only by word, and the others go on", async () => {
  const one = await phone();
  const other = await enrolOn(one, CODE("2"));
  await chooseAccount(one.uid);
  await closeAll();
  await deleteDB(`lantoa-${one.uid}`);
  expect(await accounts()).toEqual([one.uid, other]);
  await one.syncer.nudge("button");
  expect(one.syncer.state.value).toMatchObject({ problem: "store-lost", lost: one.uid });
  await giveUpAccount(one.uid);
  expect([await accounts(), await currentAccount()]).toEqual([[other], undefined]);
  await one.syncer.nudge("button");
  expect(one.syncer.state.value.problem).toBeNull();
});

it("an account that came back with its records is found again after it was given up", async () => {
  const one = await phone();
  await giveUpAccount(one.uid);
  expect(await accounts()).toEqual([one.uid]);
});

it("a window that holds an older version open makes opening fail in words, not hang", async () => {
  const one = await phone();
  await closeAll();
  await deleteDB(`lantoa-${one.uid}`);
  const old = await openDB(`lantoa-${one.uid}`, 1); // lets nobody pass
  const later = globalThis.setTimeout;
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((work: () => void, ms?: number) => later(work, ms === 5_000 ? 20 : ms)) as typeof setTimeout);
  await expect(accountDb(one.uid)).rejects.toMatchObject({ name: "StorageBroken" });
  old.close();
});

it("a connection that the browser lost is opened anew by the next who asks", async () => {
  const one = await phone();
  const before = await accountDb(one.uid);
  reopenAfter(new DOMException("Internal error", "UnknownError"), one.uid);
  expect(await accountDb(one.uid)).not.toBe(before);
  const now = await accountDb(one.uid);
  reopenAfter(new TypeError("ours"), one.uid);
  expect(await accountDb(one.uid)).toBe(now);
});

/** The disk is full when the `n`-th writing transaction over these stores ends: its puts have succeeded, and all of it is undone (C4). */
function fullAt(n: number, store: string): void {
  const transaction = IDBDatabase.prototype.transaction;
  let seen = 0;
  vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (this: IDBDatabase, names, mode, options) {
    const tx = transaction.call(this, names, mode, options);
    if (mode === "readwrite" && [names].flat().includes(store) && ++seen === n) {
      const object = tx.objectStore(store);
      const first = object.put;
      object.put = function (...given: Parameters<typeof first>) {
        const request = first.apply(object, given);
        request.addEventListener("success", () => { tx.abort(); Object.defineProperty(tx, "error", { value: new DOMException("full", "QuotaExceededError") }); });
        return request;
      };
    }
    return tx;
  });
}

it.each([["a photo", "media"], ["finish", "outbox"]] as const)("%s on a full disk is StorageFull, harms nothing before it, and works when there is room", async (what, store) => {
  const one = await phone();
  const before = await record(one, { text: "a", photos: [await photo()] });
  const row = await draft(one, { photos: [await photo(500)] });
  const again = (): Promise<unknown> => (what === "finish"
    ? outbox.finish(one.uid, row, { answers: row.answers, calculated: {} }, OUTLINE, null, sealing(one.clock))
    : photo(900_000).then((taken) => drafts.addMedia(one.uid, row, "/x/photo2", taken, newId())));
  const db = await accountDb(one.uid);
  const count = async (): Promise<number[]> => Promise.all((["records", "outbox", "drafts", "media", "chunks"] as const).map((name) => db.count(name)));
  const held = await count();
  fullAt(1, store);
  await expect(again()).rejects.toBeInstanceOf(StorageFull);
  vi.restoreAllMocks();
  expect(await count()).toEqual(held);
  await one.syncer.nudge("button");
  expect(one.server.records.get(before.record_id)).toBeDefined();
  await again();
  await one.syncer.nudge("button");
  expect(await drafts.loadDraft(one.uid, row.record_id) === undefined).toBe(what === "finish");
});

it("finish, receipt, purge and enrolling are strict; answers of a draft are relaxed", async () => {
  const asked = new Map<string, Set<string>>();
  const transaction = IDBDatabase.prototype.transaction;
  let doing = "";
  vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (this: IDBDatabase, names, mode, options) {
    if (mode === "readwrite") asked.set(doing, (asked.get(doing) ?? new Set()).add(`${options?.durability}`));
    return transaction.call(this, names, mode, options);
  });
  doing = "enrol";
  const one = await phone();
  doing = "answer";
  const row = await draft(one);
  doing = "finish";
  await outbox.finish(one.uid, row, { answers: row.answers, calculated: {} }, OUTLINE, null, sealing(one.clock));
  doing = "receipt";
  const { sendRecords } = await import("./send.ts");
  const { newPace, roundFor } = await import("./sync.ts");
  await sendRecords(await roundFor(one.uid, one.tools), newPace());
  doing = "purge";
  const { purge } = await import("./purge.ts");
  const db = await accountDb(one.uid);
  const saved = (await db.get("records", row.record_id))!;
  await db.put("records", { ...saved, review: { seq: 9, record_id: row.record_id, root_id: row.root_id, outcome: "accepted", reason: null, fields: [], by: "", at: "" } });
  await db.put("meta", { at: null, told_at: new Date(one.clock.now().getTime() + 90 * 86_400_000).toISOString(), clock_offset_ms: 0, backup_seq: 99, cursor: 0, demo: false }, "contact");
  asked.delete("purge");
  await purge(db);
  expect(await db.count("outbox")).toBe(0);
  expect(Object.fromEntries([...asked].map(([act, said]) => [act, [...said]]))).toMatchObject({ answer: ["relaxed"], finish: ["strict"], receipt: ["strict"], purge: ["strict"] });
  expect(asked.get("enrol")).toContain("strict");
});
