import { describe, expect, it } from "vitest";
import { NEEDS_HELP_AFTER } from "./backoff.ts";
import { accountDb, meta, needMeta } from "./db.ts";
import { newId } from "./keys.ts";
import type { HaveRequest } from "./api.ts";
import { receiptOf } from "./testing/look.ts";
import { draft, phone, photo, record, type Phone } from "./testing/make.ts";
import { json, problem, type Asked } from "./testing/server.ts";

const DAY = 86_400_000;
const said = ({ body }: Asked): HaveRequest => JSON.parse(new TextDecoder().decode(body)) as HaveRequest;
const haves = (one: Phone): HaveRequest[] => one.server.asked.filter(({ path }) => path === "/sync/have").map(said);
const dbOf = (one: Phone) => accountDb(one.uid);

describe("what the phone tells of itself", () => {
  it("how much waits since when, what needs help, drafts, room, clock, its own count", async () => {
    const one = await phone();
    const since = one.clock.now().toISOString();
    await record(one, { text: "poison", photos: [await photo(10)] });
    await draft(one);
    one.server.weather = ({ path }) => (path === "/sync/records" ? json({ results: [{ problem: { type: "envelope-invalid", title: "", status: 422 } }] }) : null);
    for (let n = 0; n < NEEDS_HELP_AFTER; n++) { await one.syncer.nudge("timer"); one.clock.pass(DAY); }
    await one.syncer.nudge("timer");
    expect(haves(one).at(-1)?.report).toEqual({
      app_version: "0.1.0+test", waiting: 1, photos_waiting: 1, oldest_waiting_at: since, needs_help: 1, drafts: 1, device_seq: 1,
      storage_persisted: true, storage_free: 1e9, storage_used: null, clock_offset_ms: 0,
    });
  });

  it("P-58: young records in every exchange, all of them once a day", async () => {
    const one = await phone();
    const [old, young] = [await record(one, { text: "old" }), null];
    await one.syncer.nudge("start");
    one.clock.pass(30 * DAY);
    const second = await record(one, { text: "young" });
    await one.syncer.nudge("timer");
    await one.syncer.nudge("timer");
    const told = haves(one).map(({ records }) => records.map(([id]) => id));
    expect(young).toBeNull();
    expect(told.slice(-2)).toEqual([[old.record_id], [second.record_id]]);
    one.clock.pass(DAY);
    await one.syncer.nudge("timer");
    expect(haves(one).at(-1)?.records.map(([id]) => id).sort()).toEqual([old.record_id, second.record_id].sort());
  });

  it("thousands of records are offered in several questions, and what a restored server lacks goes again", async () => {
    const one = await phone();
    const db = await dbOf(one);
    const first = await record(one);
    await one.syncer.nudge("start");
    const [row, bytes] = [(await db.get("records", first.record_id))!, (await db.get("outbox", first.record_id))!];
    const tx = db.transaction(["records", "outbox"], "readwrite");
    for (let n = 0; n < 2_500; n++) {
      const record_id = newId();
      void tx.objectStore("records").put({ ...row, record_id, root_id: record_id, device_seq: n + 2, receipt: { ...row.receipt!, record_id } });
      void tx.objectStore("outbox").put({ ...bytes, record_id, device_seq: n + 2 });
    }
    await tx.done;
    one.server.restore(0);
    one.server.weather = ({ path }) => (path === "/sync/records" ? problem("server-busy", 503) : null);
    const before = haves(one).length;
    await one.syncer.nudge("timer");
    const asked = haves(one).slice(before);
    expect(Math.max(...asked.map(({ records }) => records.length))).toBeLessThanOrEqual(1000);
    expect(new Set(asked.flatMap(({ records }) => records.map(([id]) => id))).size).toBe(2_501);
    expect(await db.countFromIndex("outbox", "due")).toBe(2_501);
  });
});

describe("what the server tells", () => {
  it("a counter of its own that was set back goes on above the server's", async () => {
    const one = await phone();
    one.server.device_seq = 40;
    await one.syncer.nudge("start");
    expect(haves(one).at(-1)?.report.device_seq).toBe(0);
    expect((await record(one)).device_seq).toBe(41);
    one.server.device_seq = 7;
    await one.syncer.nudge("timer");
    expect((await record(one)).device_seq).toBe(42);
  });

  it("that it was restored, until it is whole again", async () => {
    const one = await phone();
    one.server.restored_at = "2026-11-21T02:00:00.000Z";
    await one.syncer.nudge("start");
    expect((await meta(await dbOf(one), "contact"))?.restored_at).toBe("2026-11-21T02:00:00.000Z");
    one.server.restored_at = undefined;
    await one.syncer.nudge("timer");
    expect((await meta(await dbOf(one), "contact"))?.restored_at).toBeNull();
  });

  it("a decision of a restored server counts though its number is lower", async () => {
    const one = await phone();
    const saved = await record(one);
    await one.syncer.nudge("start");
    const news = { record_id: saved.record_id, root_id: saved.record_id, reason: null, fields: [], by: "", at: "" };
    one.server.reviews = [{ ...news, seq: 9, outcome: "accepted" }];
    await one.syncer.nudge("timer");
    one.server.restore(1);
    one.server.reviews = [{ ...news, seq: 4, outcome: "returned" }];
    await one.syncer.nudge("timer");
    expect((await (await dbOf(one)).get("records", saved.record_id))?.review).toMatchObject({ seq: 4, outcome: "returned" });
  });
});

describe("P-52: receipt keys", () => {
  it("a new key that the pinned one signed is pinned, also over two changes, and its receipts count", async () => {
    const one = await phone();
    const first = await record(one, { text: "a" });
    await one.syncer.nudge("start");
    await one.server.rotate();
    await one.server.rotate();
    const second = await record(one, { text: "b" });
    await one.syncer.nudge("finish");
    expect((await receiptOf(one, second.record_id))?.key_id).toBe(one.server.key_id);
    expect((await needMeta(await dbOf(one), "identity")).receipt_keys).toHaveLength(3);
    expect((await receiptOf(one, first.record_id))?.key_id).not.toBe(one.server.key_id);
  });

  it.each([
    ["nobody", { signed_by: null, signature: null }], ["itself", "own"], ["an unknown key", { signed_by: "0000000000000000" }], ["the pinned key, for another id", "renamed"],
  ])("a key that is vouched for by %s is not", async (_, change) => {
    const one = await phone();
    await record(one);
    await one.server.rotate();
    const last = one.server.announced.at(-1)!;
    if (change === "own") one.server.announced[1] = { ...last, signed_by: last.key_id, signature: await one.server.sign(["receipt-key", "server", last.key_id, last.spki].join("\n")) };
    else if (change === "renamed") one.server.announced[1] = { ...last, key_id: "1".repeat(16) };
    else one.server.announced[1] = { ...last, ...change as object };
    await one.syncer.nudge("start");
    expect(one.syncer.state.value).toMatchObject({ problem: "unsigned", waiting: 1 });
    expect((await needMeta(await dbOf(one), "identity")).receipt_keys).toHaveLength(1);
  });
});

describe("P-04: a new token", () => {
  const offered = async (): Promise<Phone> => {
    const one = await phone();
    one.server.device = { state: "active", next_token: "token-next" };
    await one.syncer.nudge("start");
    return one;
  };

  it("takes the old one's place when the server has answered to it", async () => {
    const one = await offered();
    expect(await needMeta(await dbOf(one), "identity")).toMatchObject({ token: "token-1", next_token: "token-next" });
    one.server.devices.set("token-next", one.server.devices.get("token-1")!);
    one.server.device = { state: "active" };
    await one.syncer.nudge("timer");
    const now = await needMeta(await dbOf(one), "identity");
    expect([now.token, now.next_token]).toEqual(["token-next", undefined]);
  });

  it("that the server lost leaves the old one, and the phone goes on", async () => {
    const one = await offered();
    one.server.device = { state: "active" };
    await record(one);
    await one.syncer.nudge("timer");
    expect(one.server.records.size).toBe(1);
    expect(one.syncer.state.value.problem).toBeNull();
    expect((await needMeta(await dbOf(one), "identity")).next_token).toBeUndefined();
  });

  it("is not believed by a portal's page", async () => {
    const one = await offered();
    one.server.weather = () => new Response("{}", { headers: { "Content-Type": "application/json" } });
    await one.syncer.nudge("timer");
    expect(await needMeta(await dbOf(one), "identity")).toMatchObject({ token: "token-1", next_token: "token-next" });
  });
});
