import { describe, expect, it } from "vitest";
import { NEEDS_HELP_AFTER } from "./backoff.ts";
import { accountDb, chooseAccount, meta } from "./db.ts";
import { newId } from "./keys.ts";
import { BATCH_BYTES } from "./send.ts";
import { Syncer } from "./sync.ts";
import { listsOf } from "./views.ts";
import { CODE, enrolOn, phone, photo, record, type Phone } from "./testing/make.ts";
import { json, portal, problem, type Asked } from "./testing/server.ts";
import type { SealedRecord } from "./shapes.ts";

const receiptOf = async (one: Phone, id: string) => (await (await accountDb(one.uid)).get("records", id))?.receipt;
const batchOf = ({ body }: Asked): SealedRecord[] => (JSON.parse(new TextDecoder().decode(body)) as { records: SealedRecord[] }).records;
const statuses = async (one: Phone) => (await listsOf(one.uid, new Set())).records.map((view) => view.status);
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

describe("photos", () => {
  it("arrive whole, in pieces, after the text", async () => {
    const one = await phone();
    const taken = await photo(600_000);
    const saved = await record(one, { photos: [taken] });
    await one.syncer.nudge("start");
    expect(one.server.uploads.get(saved.media[0]?.id ?? "")?.bytes).toEqual(new Uint8Array(taken.bytes));
    const paths = one.server.paths();
    expect(paths.indexOf("POST /sync/records")).toBeLessThan(paths.indexOf("POST /sync/media"));
    expect(one.server.asked.filter(({ method }) => method === "PATCH").every(({ body }) => body.length <= 256 * 1024)).toBe(true);
    expect((await listsOf(one.uid, new Set())).records[0]?.photos).toEqual({ sent: 1, total: 1, bytes: 600_000 });
    const { done, total } = one.syncer.state.value.bytes;
    expect([done, total > 600_000]).toEqual([total, true]);
  });

  it("wait for the receipt of their record", async () => {
    const one = await phone();
    await record(one, { photos: [await photo()] });
    one.server.weather = ({ path }) => (path === "/sync/records" ? problem("server-fault", 500) : null);
    await one.syncer.nudge("start");
    expect(one.server.uploads.size).toBe(0);
  });

  it("go on where they were cut, without sending again what had arrived", async () => {
    const one = await phone();
    await record(one, { photos: [await photo(400_000)] });
    let pieces = 0;
    one.server.weather = ({ method }) => (method === "PATCH" && ++pieces === 2 ? "lost" : null);
    await one.syncer.nudge("start");
    one.server.weather = () => null;
    await one.syncer.nudge("button");
    expect([...one.server.uploads.values()].map(({ state }) => state)).toEqual(["there"]);
    const sent = one.server.asked.filter(({ method }) => method === "PATCH").reduce((sum, { body }) => sum + body.length, 0);
    expect(sent).toBe(400_000);
  });

  it("are there only by the server's signed word", async () => {
    const one = await phone();
    const saved = await record(one, { photos: [await photo()] });
    one.server.weather = ({ method }) => (method === "PATCH" ? new Response(null, { status: 204, headers: { "Tus-Resumable": "1.0.0", "Upload-Offset": "1000" } }) : null);
    await one.syncer.nudge("start");
    expect((await (await accountDb(one.uid)).get("media", saved.media[0]?.id ?? ""))?.state).toBe("waiting");
  });

  it("begin again when the server forgot the upload", async () => {
    const one = await phone();
    await record(one, { photos: [await photo(300_000)] });
    one.server.weather = ({ method }) => { if (method === "PATCH" && one.server.asked.filter((a) => a.method === "PATCH").length === 2) one.server.uploads.clear(); return null; };
    await one.syncer.nudge("start");
    await one.syncer.nudge("button");
    expect([...one.server.uploads.values()].map(({ state }) => state)).toEqual(["there"]);
  });

  it("a bad one doesn't hold up another", async () => {
    const one = await phone();
    const bad = await record(one, { text: "a", photos: [await photo(1000, 3)] });
    await record(one, { text: "b", photos: [await photo(1000, 5)] });
    const db = await accountDb(one.uid);
    await db.clear("chunks").then(async () => db.put("chunks", (await photo(1000, 5)).bytes, [(await db.getAll("media")).find((row) => row.record_id !== bad.record_id)?.id ?? "", 0]));
    await one.syncer.nudge("start");
    expect([...one.server.uploads.values()].map(({ state }) => state)).toEqual(["there"]);
    expect((await db.getAll("media")).map((row) => row.problem?.type ?? null).sort()).toEqual([null, "photo-missing-on-phone"].sort());
  });

  it("a digest that the server refuses is postponed and starts from nothing", async () => {
    const one = await phone();
    await record(one, { photos: [await photo()] });
    one.server.weather = ({ method }) => (method === "PATCH" ? problem("media-digest-mismatch", 460) : null);
    await one.syncer.nudge("start");
    expect((await (await accountDb(one.uid)).getAll("media"))[0]).toMatchObject({ state: "waiting", offset: 0, failures: 1 });
  });
});

describe("the line", () => {
  it("pauses grow from a second to a quarter of an hour", async () => {
    const one = await phone();
    await record(one);
    one.server.weather = () => { throw new TypeError("offline"); };
    for (let n = 0; n < 13; n++) { await one.syncer.nudge("timer"); one.clock.pass(one.waits.at(-1) ?? 0); }
    expect(one.waits.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    expect(one.waits.at(-1)).toBe(15 * 60_000);
    expect(one.syncer.state.value.problem).toBe("offline");
  });

  it("a line that flaps five times a second is not asked five times a second", async () => {
    const one = await phone();
    await record(one);
    one.server.weather = () => { throw new TypeError("offline"); };
    const before = one.server.asked.length;
    for (let n = 0; n < 50; n++) { await one.syncer.nudge("online"); one.clock.pass(200); }
    expect(one.server.asked.length - before).toBeLessThanOrEqual(2);
  });

  it("Retry-After is obeyed even when the button is pressed", async () => {
    const one = await phone();
    await record(one);
    one.server.weather = () => problem("server-busy", 503, { "Retry-After": "120" });
    await one.syncer.nudge("start");
    expect(one.waits.at(-1)).toBe(120_000);
    const before = one.server.asked.length;
    one.server.weather = () => null;
    await one.syncer.nudge("button");
    expect(one.server.asked.length).toBe(before);
    one.clock.pass(120_000);
    await one.syncer.nudge("timer");
    expect(one.server.records.size).toBe(1);
  });

  it("401 keeps everything and asks to enrol again", async () => {
    const one = await phone();
    await record(one, { photos: [await photo()] });
    one.server.devices.clear();
    await one.syncer.nudge("start");
    expect(one.syncer.state.value).toMatchObject({ problem: "enrol-again", waiting: 1, waiting_photos: 1 });
  });

  it("a revoked device still hands over its records, and nothing else", async () => {
    const one = await phone();
    await record(one, { photos: [await photo()] });
    one.server.weather = ({ path }) => (path === "/sync/records" ? null : problem("device-revoked", 403));
    await one.syncer.nudge("start");
    expect([one.server.records.size, one.server.uploads.size]).toEqual([1, 0]);
    expect(one.syncer.state.value.problem).toBe("device-revoked");
  });

  it("paused means that nobody is asked until somebody resumes", async () => {
    const one = await phone();
    await record(one);
    one.syncer.pause();
    await one.syncer.nudge("timer");
    expect(one.server.records.size).toBe(0);
    await one.syncer.resume();
    expect(one.server.records.size).toBe(1);
  });

  it("what is finished during an exchange goes out with it", async () => {
    const one = await phone();
    await record(one, { text: "a" });
    let second: Promise<unknown> | null = null;
    one.server.weather = async ({ path }) => {
      if (path.startsWith("/sync/changes") && !second) { second = record(one, { text: "b" }); await second; void one.syncer.nudge("finish"); }
      return null;
    };
    await one.syncer.nudge("start");
    expect(one.server.records.size).toBe(2);
  });
});

describe("many", () => {
  it("the records of everybody on the phone are sent, whoever is signed in", async () => {
    const one = await phone();
    const of_a = await record(one, { text: "a" });
    const b = await enrolOn(one, CODE("2"));
    await chooseAccount(b);
    await one.syncer.refresh();
    expect(one.syncer.state.value).toMatchObject({ waiting: 0, others: 1 });
    await one.syncer.nudge("start");
    expect(one.server.records.get(of_a.record_id)?.device_id).toBe("device-1");
  });

  it("one person's trouble doesn't stop another's records", async () => {
    const one = await phone();
    await record(one, { text: "a" });
    const b = await enrolOn(one, CODE("2"));
    one.server.devices.delete("token-1");
    const of_b = await record({ ...one, uid: b }, { text: "b" });
    await one.syncer.nudge("start");
    expect([...one.server.records.keys()]).toEqual([of_b.record_id]);
  });

  it("while another tab drains, this one asks nobody", async () => {
    const one = await phone();
    await record(one);
    one.tools.alone = async () => false;
    await one.syncer.nudge("start");
    expect(one.server.records.size).toBe(0);
  });
});

describe("resting", () => {
  it("a photo whose record is postponed does not make the phone ask every second", async () => {
    const one = await phone();
    await record(one, { photos: [await photo()] });
    one.server.weather = ({ path }) => (path === "/sync/records" ? json({ results: [{ problem: { type: "digest-mismatch", title: "", status: 422 } }] }) : null);
    for (let n = 0; n < 5; n++) {
      await one.syncer.nudge("timer");
      one.clock.pass(one.waits.at(-1) ?? 0);
    }
    expect(one.waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
  });

  it("a store that can't be asked just now does not end the sending for good", async () => {
    const one = await phone();
    await record(one);
    const syncer = new Syncer({ ...one.tools, alone: () => Promise.reject(new DOMException("gone", "InvalidStateError")) });
    await syncer.nudge("start");
    expect(syncer.state.value.problem).toBe("store-lost");
    expect(one.waits).toHaveLength(1);
  });

  it("a tab that finds another one draining neither asks nor says that all is well", async () => {
    const one = await phone();
    await record(one);
    const syncer = new Syncer({ ...one.tools, alone: async () => false });
    const asked = one.server.asked.length;
    await syncer.nudge("start");
    expect(one.server.asked).toHaveLength(asked);
    expect(syncer.state.value).toMatchObject({ phase: "idle", waiting: 1 });
    expect(one.waits.at(-1)).toBeGreaterThanOrEqual(5_000);
  });
});

describe("pausing", () => {
  it("what is under way stops, is no failure, and goes on from there", async () => {
    const one = await phone();
    await record(one, { photos: [await photo(400_000)] });
    one.server.weather = ({ method }) => { if (method === "PATCH") one.syncer.pause(); return null; };
    await one.syncer.nudge("start");
    expect(one.syncer.state.value).toMatchObject({ phase: "paused", problem: null, waiting: 0, waiting_photos: 1 });
    expect(one.waits).toEqual([]);
    const pieces = one.server.asked.filter(({ method }) => method === "PATCH").length;
    expect(pieces).toBe(1);
    one.server.weather = () => null;
    await one.syncer.resume();
    expect(one.syncer.state.value).toMatchObject({ phase: "idle", waiting_photos: 0 });
    expect([...one.server.uploads.values()].map(({ state }) => state)).toEqual(["there"]);
  });
});

it.each(["null", "[]", "1", '"ok"'])("a portal that answers %s as JSON is told as a portal", async (body) => {
  const one = await phone();
  one.server.weather = () => new Response(body, { headers: { "Content-Type": "application/json" } });
  await one.syncer.nudge("start");
  expect(one.syncer.state.value.problem).toBe("portal");
});
