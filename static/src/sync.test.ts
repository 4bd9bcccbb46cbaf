import { describe, expect, it } from "vitest";
import { chooseAccount } from "./db.ts";
import { Syncer } from "./sync.ts";
import { CODE, enrolOn, phone, photo, record } from "./testing/make.ts";
import { json, problem } from "./testing/server.ts";

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
