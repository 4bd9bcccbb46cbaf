import { describe, expect, it } from "vitest";
import { NEEDS_HELP_AFTER } from "./backoff.ts";
import { accountDb, meta } from "./db.ts";
import { newId } from "./keys.ts";
import { BATCH_BYTES } from "./send.ts";
import { listsOf } from "./views.ts";
import { batchOf, receiptOf, statuses } from "./testing/look.ts";
import { phone, record } from "./testing/make.ts";
import { json, portal, problem } from "./testing/server.ts";

const DAY = 86_400_000;

describe("records", () => {
  it("a record is sent when its receipt verifies", async () => {
    const one = await phone();
    const saved = await record(one);
    await one.syncer.nudge("start");
    expect(await receiptOf(one, saved.record_id)).toEqual(one.server.records.get(saved.record_id)?.receipt);
    expect(await statuses(one)).toEqual(["sent"]);
    expect(one.syncer.state.value).toMatchObject({ phase: "idle", waiting: 0, problem: null });
  });

  it("the bytes that arrive are the bytes that were sealed", async () => {
    const one = await phone();
    const saved = await record(one, { text: "Đường sá, ấp Bờ Đập 😀 \u0000" });
    const sealed = (await (await accountDb(one.uid)).get("outbox", saved.record_id))?.sealed;
    await one.syncer.nudge("start");
    expect(one.server.records.get(saved.record_id)?.sealed).toEqual(sealed);
  });

  it("a lost reply is sent again and gives the first receipt", async () => {
    const one = await phone();
    const saved = await record(one);
    one.server.weather = ({ path }) => (path === "/sync/records" ? "lost" : null);
    await one.syncer.nudge("start");
    expect(await statuses(one)).toEqual(["waiting"]);
    one.server.weather = () => null;
    await one.syncer.nudge("button");
    expect(one.server.seq).toBe(1);
    expect((await receiptOf(one, saved.record_id))?.seq).toBe(1);
  });

  it("everything waiting goes in batches of at most 50, the oldest first", async () => {
    const one = await phone();
    const saved = [];
    for (let n = 0; n < 120; n++) saved.push(await record(one, { text: String(n) }));
    await one.syncer.nudge("start");
    const batches = one.server.asked.filter(({ path }) => path === "/sync/records").map(batchOf);
    expect(batches.map((batch) => batch.length)).toEqual([50, 50, 20]);
    expect([...one.server.records.keys()]).toEqual(saved.map((row) => row.record_id));
  });

  it("a batch stays under the size that the server takes", async () => {
    const one = await phone();
    for (let n = 0; n < 6; n++) await record(one, { text: "đ".repeat(45_000) });
    await one.syncer.nudge("start");
    const sizes = one.server.asked.filter(({ path }) => path === "/sync/records").map(({ body }) => body.length);
    expect(one.server.records.size).toBe(6);
    expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
    expect(BATCH_BYTES).toBeLessThan(256 * 1024);
  });

  it("413 halves the batch until it passes", async () => {
    const one = await phone();
    for (let n = 0; n < 8; n++) await record(one, { text: String(n) });
    one.server.weather = (asked) => (asked.path === "/sync/records" && batchOf(asked).length > 2 ? problem("batch-too-large", 413) : null);
    await one.syncer.nudge("start");
    expect(one.server.records.size).toBe(8);
  });

  it("one bad record doesn't hold up the others", async () => {
    const one = await phone();
    const bad = await record(one, { text: "poison" });
    for (let n = 0; n < 4; n++) await record(one, { text: String(n) });
    one.server.weather = (asked) => (asked.path === "/sync/records" && batchOf(asked).some(({ payload }) => payload.includes("poison")) ? problem("server-fault", 500) : null);
    await one.syncer.nudge("start");
    expect(one.server.records.size).toBe(4);
    expect((await listsOf(one.uid, new Set())).records.find((view) => view.record_id === bad.record_id)).toMatchObject({ status: "waiting", failures: 1, problem: { type: "server-fault" } });
    expect(one.syncer.state.value.problem).toBeNull();
  });

  it("an item's own problem postpones that item with growing pauses, then asks for help, and stays", async () => {
    const one = await phone();
    const bad = await record(one, { text: "poison" });
    const good = await record(one);
    one.server.weather = async (asked) => {
      if (asked.path !== "/sync/records") return null;
      const results = await Promise.all(batchOf(asked).map(async ({ payload, envelope }) => {
        const { record_id, content_sha256 } = JSON.parse(envelope) as { record_id: string; content_sha256: string };
        return payload.includes("poison") ? { problem: { type: "envelope-invalid", title: "", status: 422 } } : { receipt: await one.server.receipt(record_id, content_sha256) };
      }));
      return json({ server_id: "server", epoch: 1, results });
    };
    const pauses: number[] = [];
    for (let n = 0; n < NEEDS_HELP_AFTER; n++) {
      await one.syncer.nudge("timer");
      const row = await (await accountDb(one.uid)).get("outbox", bad.record_id);
      pauses.push((row?.due_at ?? 0) - one.clock.ms);
      one.clock.pass(pauses.at(-1) ?? 0);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128].map((s) => s * 1000));
    expect(await receiptOf(one, good.record_id)).toBeTruthy();
    expect((await statuses(one)).sort()).toEqual(["needs_help", "sent"]);
    one.server.weather = () => null;
    await one.syncer.nudge("timer");
    expect(one.server.records.has(bad.record_id)).toBe(true);
  });

  it("a clock that is set back a year doesn't keep a postponed record waiting", async () => {
    const one = await phone();
    await record(one, { text: "poison" });
    one.server.weather = ({ path }) => (path === "/sync/records" ? problem("server-fault", 500) : null);
    await one.syncer.nudge("start");
    one.server.weather = () => null;
    one.clock.pass(-365 * DAY);
    await one.syncer.nudge("timer");
    expect(one.server.records.size).toBe(1);
  });
});

describe("only a signed answer counts", () => {
  it.each([
    ["a portal's page", () => portal()],
    ["a redirect to a log-in page", () => new Response(null, { status: 302, headers: { Location: "/login" } })],
    ["511", () => new Response("log in", { status: 511 })],
    ["JSON of somebody else", () => json({ ok: true })],
  ])("%s leaves everything waiting", async (_, answer) => {
    const one = await phone();
    await record(one);
    one.server.weather = answer;
    await one.syncer.nudge("start");
    expect(await statuses(one)).toEqual(["waiting"]);
    expect(one.syncer.state.value.problem).toMatch(/portal|unsigned/);
  });

  it.each([
    ["another record's", { record_id: newId() }], ["other bytes'", { content_sha256: "0".repeat(64) }], ["a changed", { seq: 99 }], ["another server's", { server_id: "other" }], ["an unknown key's", { key_id: "0000000000000000" }],
  ])("%s receipt is none", async (_, change) => {
    const one = await phone();
    const saved = await record(one);
    one.server.weather = async (asked) => {
      if (asked.path !== "/sync/records") return null;
      const envelope = JSON.parse(batchOf(asked)[0]?.envelope ?? "") as { record_id: string; content_sha256: string };
      return json({ server_id: "server", epoch: 1, results: [{ receipt: { ...await one.server.receipt(envelope.record_id, envelope.content_sha256), ...change } }] });
    };
    await one.syncer.nudge("start");
    expect(await receiptOf(one, saved.record_id)).toBeNull();
    expect(one.syncer.state.value.problem).toBe("unsigned");
  });

  it("a statement over another nonce is a replay", async () => {
    const one = await phone();
    await record(one);
    const statement = JSON.stringify({ server_id: "server", epoch: 1, backup_seq: 9, nonce: "old", at: "2026-11-22T02:00:00.000Z", missing: [], media: [] });
    const signature = await one.server.sign(statement);
    one.server.weather = ({ path }) => (path === "/sync/have" ? json({ statement, key_id: one.server.key_id, signature }) : null);
    await one.syncer.nudge("start");
    expect(one.syncer.state.value.problem).toBe("unsigned");
    expect((await meta(await accountDb(one.uid), "contact"))?.backup_seq).toBe(0);
  });
});
