import { expect, it } from "vitest";
import { accountDb, closeAll, needMeta } from "./db.ts";
import { draft, phone, photo, record, type Phone } from "./testing/make.ts";
import { problem } from "./testing/server.ts";

const left = async (one: Phone): Promise<Record<string, number>> => {
  const db = await accountDb(one.uid);
  return { records: await db.count("records"), texts: await db.count("outbox"), photos: await db.count("media"), drafts: await db.count("drafts") };
};
const revoke = (one: Phone): void => { one.server.revoked.add("device-1"); };

it("P-18: a revoked phone forgets what has a receipt, and says so", async () => {
  const one = await phone();
  await record(one, { photos: [await photo()] });
  await one.syncer.nudge("start");
  revoke(one);
  await one.syncer.nudge("timer");
  expect(await left(one)).toEqual({ records: 0, texts: 0, photos: 0, drafts: 0 });
  expect(await (await accountDb(one.uid)).count("chunks")).toBe(0);
  expect(await needMeta(await accountDb(one.uid), "identity")).toMatchObject({ state: "revoked", wiped: { at: one.clock.now().toISOString(), records: 1 } });
  await closeAll();
  await expect(accountDb(one.uid)).resolves.toBeTruthy(); // emptied on order is not lost
});

it("what waits is handed over first and forgotten with its receipt", async () => {
  const one = await phone();
  await record(one);
  revoke(one);
  await one.syncer.nudge("start");
  expect(one.server.records.size).toBe(1);
  expect(await left(one)).toMatchObject({ records: 0, texts: 0 });
  expect(one.syncer.state.value.problem).toBe("device-revoked");
});

it("nothing that was not sent is forgotten: drafts, records, photos without the server's word", async () => {
  const one = await phone();
  await record(one, { photos: [await photo()] });
  one.server.weather = ({ path }) => (path.startsWith("/sync/media") ? problem("server-busy", 503) : null);
  await one.syncer.nudge("start");
  await record(one, { text: "stays" });
  await draft(one);
  revoke(one);
  one.server.weather = ({ path }) => (path === "/sync/records" && one.server.asked.at(-1)!.body.length > 20 ? problem("record-invalid", 422) : null);
  await one.syncer.nudge("timer");
  expect(await left(one)).toEqual({ records: 2, texts: 1, photos: 1, drafts: 1 });
  const lines = (await (await accountDb(one.uid)).getAll("records")).filter((row) => row.receipt).map(({ outline }) => outline);
  expect(lines).toMatchObject([{ place: "", method: "", heads: "" }]);
});

it.each([
  ["another phone's", { device_id: "device-9" }], ["another server's", { server_id: "other" }], ["another", { order: "dance" }],
])("%s order is not obeyed", async (_, change) => {
  const one = await phone();
  await record(one);
  await one.syncer.nudge("start");
  revoke(one);
  one.server.order = change;
  await one.syncer.nudge("timer");
  expect(await left(one)).toMatchObject({ records: 1, texts: 1 });
});

it("an order that is not signed is not obeyed, nor the bare word that the phone was revoked", async () => {
  const one = await phone();
  await record(one);
  await one.syncer.nudge("start");
  revoke(one);
  one.server.weather = async ({ path }) => {
    if (path !== "/sync/records") return null;
    const { statement } = await one.server.signed({ order: "wipe", server_id: "server", device_id: "device-1" });
    return new Response(JSON.stringify({ results: [], wipe: { statement, key_id: one.server.key_id, signature: await one.server.sign("else") } }), { headers: { "Content-Type": "application/json" } });
  };
  await one.syncer.nudge("timer");
  expect(await left(one)).toMatchObject({ records: 1, texts: 1 });
  expect((await needMeta(await accountDb(one.uid), "identity")).state).toBe("active");
});
