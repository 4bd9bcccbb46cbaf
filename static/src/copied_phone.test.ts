// C17: the device was copied, or its profile put back to what it was days ago: nothing is lost, nothing counts twice.
import { IDBFactory } from "fake-indexeddb";
import { expect, it } from "vitest";
import { accountDb, closeAll, type RecordRow } from "./db.ts";
import { Syncer } from "./sync.ts";
import { phone, phoneTools, photo, record, type Phone } from "./testing/make.ts";
import { copied, putBack, type DatabaseDump } from "./testing/old_phone.ts";
import { listsOf } from "./views.ts";

async function snapshot(): Promise<DatabaseDump[]> {
  await closeAll();
  return copied();
}

/** The phone as it was then; the server and the time go on. */
async function back(one: Phone, then: DatabaseDump[]): Promise<Phone> {
  await closeAll();
  globalThis.indexedDB = new IDBFactory();
  await putBack(then);
  return { ...one, syncer: new Syncer(phoneTools(one.server, one.clock)) };
}

const idsOf = (rows: RecordRow[]): string[] => rows.map((row) => row.record_id).sort();
const photosThere = (one: Phone): number => [...one.server.uploads.values()].filter(({ state }) => state === "there").length;

it("a phone put back to before its sending sends again, and the server has each once", async () => {
  const one = await phone();
  const saved = [await record(one, { text: "a", photos: [await photo()] }), await record(one, { text: "b" })];
  const then = await snapshot();
  await one.syncer.nudge("button");
  const receipts = new Map([...one.server.records].map(([id, { receipt }]) => [id, receipt]));
  const again = await back(one, then);
  await again.syncer.nudge("button");
  expect([...one.server.records.keys()].sort()).toEqual(idsOf(saved));
  expect(photosThere(one)).toBe(1);
  for (const row of await (await accountDb(one.uid)).getAll("records")) expect(row.receipt).toEqual(receipts.get(row.record_id));
  expect((await listsOf(one.uid)).counts).toMatchObject({ waiting: 0, sent: 2 });
});

it("what is recorded after the return stands beside what was sent before it, though both bear one number", async () => {
  const one = await phone();
  const then = await snapshot();
  const forgotten = await record(one, { text: "a" });
  await one.syncer.nudge("button");
  const again = await back(one, then);
  const fresh = await record(again, { text: "b", photos: [await photo()] });
  await again.syncer.nudge("button");
  expect([...one.server.records.keys()].sort()).toEqual(idsOf([forgotten, fresh]));
  expect(again.syncer.state.value).toMatchObject({ waiting: 0, waiting_photos: 0, problem: null });
});

it("two copies that record and send in turns lose and double nothing", async () => {
  const one = await phone();
  const shared = await record(one, { text: "cả hai máy", photos: [await photo()] });
  const made: RecordRow[] = [shared];
  let [here, there] = [await snapshot(), await snapshot()];
  for (const text of ["a", "b", "c", "d"]) {
    const now = await back(one, here);
    made.push(await record(now, { text, photos: [await photo(700, text.charCodeAt(0))] }));
    await now.syncer.nudge("button");
    expect(now.syncer.state.value).toMatchObject({ waiting: 0, waiting_photos: 0 });
    [here, there] = [there, await snapshot()];
  }
  expect([...one.server.records.keys()].sort()).toEqual(idsOf(made));
  expect(photosThere(one)).toBe(made.length);
});
