import { describe, expect, it } from "vitest";
import { NEEDS_HELP_AFTER } from "./backoff.ts";
import { accountDb } from "./db.ts";
import { batchOf, statuses } from "./testing/look.ts";
import { CODE, enrolOn, phone, photo, record } from "./testing/make.ts";
import { json, problem } from "./testing/server.ts";

const html = (status: number, headers: Record<string, string> = {}): Response =>
  new Response("<html>no</html>", { status, headers: { "Content-Type": "text/html", ...headers } });

describe("somebody between phone and server", () => {
  it("a proxy's 413 as a page halves the batch like the server's own", async () => {
    const one = await phone();
    for (let n = 0; n < 8; n++) await record(one, { text: String(n) });
    one.server.weather = (asked) => (asked.path === "/sync/records" && batchOf(asked).length > 3 ? html(413) : null);
    await one.syncer.nudge("start");
    expect(one.server.records.size).toBe(8);
    expect(one.syncer.state.value.problem).toBeNull();
  });

  it("a proxy that takes only small pieces of a photo gets small pieces", async () => {
    const one = await phone();
    await record(one, { photos: [await photo(200_000)] });
    one.server.weather = ({ method, body }) => (method === "PATCH" && body.length > 20_000 ? html(413) : null);
    await one.syncer.nudge("start");
    expect([...one.server.uploads.values()].map(({ state }) => state)).toEqual(["there"]);
  });

  it.each([[401, "portal"], [407, "portal"], [403, "unsigned"], [404, "unsigned"], [500, "busy"], [502, "busy"]])("a bare %d is told as %s, and nothing is asked of the officer's account", async (status, told) => {
    const one = await phone();
    await record(one);
    one.server.weather = () => html(status);
    await one.syncer.nudge("start");
    expect(one.syncer.state.value).toMatchObject({ problem: told, waiting: 1 });
    expect(await statuses(one)).toEqual(["waiting"]);
  });

  it("a record that somebody in between refuses waits by itself", async () => {
    const one = await phone();
    const bad = await record(one, { text: "<script>" });
    await record(one, { text: "good" });
    one.server.weather = (asked) => (asked.path === "/sync/records" && batchOf(asked).some(({ payload }) => payload.includes("<script>")) ? html(403) : null);
    await one.syncer.nudge("start");
    expect([one.server.records.size, one.server.records.has(bad.record_id)]).toEqual([1, false]);
  });

  it("a record that the line breaks on each time does not hold up the others, and asks for help", async () => {
    const one = await phone();
    const bad = await record(one, { text: "poison" });
    for (let n = 0; n < 5; n++) await record(one, { text: String(n) });
    one.server.weather = (asked) => { if (asked.path === "/sync/records" && batchOf(asked).some(({ payload }) => payload.includes("poison"))) throw new TypeError("reset"); return null; };
    for (let n = 0; n < 4 + NEEDS_HELP_AFTER; n++) { await one.syncer.nudge("timer"); one.clock.pass(20 * 60_000); }
    expect([one.server.records.size, one.server.records.has(bad.record_id)]).toEqual([5, false]);
    expect((await statuses(one)).filter((status) => status === "needs_help")).toHaveLength(1);
  });

  it("a photo that the line breaks on each time does not hold up the others", async () => {
    const one = await phone();
    const bad = await record(one, { text: "a", photos: [await photo(1000, 3)] });
    await record(one, { text: "b", photos: [await photo(1000, 5)] });
    const id = bad.media[0]?.id ?? "";
    one.server.weather = ({ path, method }) => { if (method === "PATCH" && path.includes(id)) throw new TypeError("reset"); return null; };
    for (let n = 0; n < 3; n++) { await one.syncer.nudge("timer"); one.clock.pass(60_000); }
    expect([...one.server.uploads.entries()].filter(([key]) => key !== id).map(([, { state }]) => state)).toEqual(["there"]);
  });

  it("a pause of the person's is nobody's failure", async () => {
    const one = await phone();
    await record(one);
    one.server.weather = ({ path }) => { if (path === "/sync/records") { one.syncer.pause(); throw new TypeError("paused"); } return null; };
    await one.syncer.nudge("start");
    expect((await (await accountDb(one.uid)).getAll("outbox"))[0]).toMatchObject({ failures: 0 });
  });
});

describe("Retry-After", () => {
  it("as a date is measured by the answer's own clock", async () => {
    const one = await phone();
    await record(one);
    one.server.weather = () => problem("server-busy", 503, { Date: "Sun, 22 Nov 2036 02:00:00 GMT", "Retry-After": "Sun, 22 Nov 2036 02:05:00 GMT" });
    await one.syncer.nudge("start");
    expect(one.waits.at(-1)).toBe(300_000);
  });

  it("is obeyed for photos too", async () => {
    const one = await phone();
    await record(one, { photos: [await photo()] });
    one.server.weather = ({ path }) => (path.startsWith("/sync/media") ? problem("too-many-attempts", 429, { "Retry-After": "600" }) : null);
    await one.syncer.nudge("start");
    expect(one.waits.at(-1)).toBe(600_000);
    const asked = one.server.asked.length;
    await one.syncer.nudge("button");
    expect(one.server.asked).toHaveLength(asked);
    expect((await (await accountDb(one.uid)).getAll("media"))[0]).toMatchObject({ failures: 0 });
  });

  it("of one photo is that photo's", async () => {
    const one = await phone();
    await record(one, { photos: [await photo(1000, 3), await photo(1000, 5)] });
    let first = "";
    one.server.weather = ({ method, path }) => { if (method === "PATCH") first ||= path; return method === "PATCH" && path === first ? problem("media-busy", 423, { "Retry-After": "90" }) : null; };
    await one.syncer.nudge("start");
    expect([...one.server.uploads.values()].filter(({ state }) => state === "there")).toHaveLength(1);
    expect(one.waits.at(-1)).toBe(90_000);
  });

  it("for the day's photos leaves records and news alone", async () => {
    const one = await phone();
    await record(one, { photos: [await photo()] });
    one.server.weather = ({ path, method }) => (path === "/sync/media" && method === "POST" ? problem("media-quota", 429, { "Retry-After": "3600" }) : null);
    await one.syncer.nudge("start");
    expect(one.waits.at(-1)).toBe(900_000);
    one.clock.pass(600_000);
    await record(one, { text: "b" });
    await one.syncer.nudge("finish");
    expect([one.server.records.size, one.server.asked.filter(({ method, path }) => method === "POST" && path === "/sync/media").length]).toEqual([2, 1]);
    one.server.weather = () => null;
    one.clock.pass(3_600_000);
    await one.syncer.nudge("timer");
    expect([...one.server.uploads.values()].map(({ state }) => state)).toEqual(["there"]);
  });

  it("of one person's device does not keep another's records", async () => {
    const one = await phone();
    await record(one, { text: "a" });
    const b = await enrolOn(one, CODE("2"));
    const of_b = await record({ ...one, uid: b }, { text: "b" });
    one.server.weather = ({ headers }) => (headers.get("Authorization") === "Bearer token-1" ? problem("server-busy", 429, { "Retry-After": "3600" }) : null);
    await one.syncer.nudge("start");
    expect([...one.server.records.keys()]).toEqual([of_b.record_id]);
    const later = await record({ ...one, uid: b }, { text: "c" });
    one.clock.pass(60_000);
    await one.syncer.nudge("finish");
    expect(one.server.records.has(later.record_id)).toBe(true);
    expect(one.server.asked.filter(({ headers }) => headers.get("Authorization") === "Bearer token-1").slice(2)).toHaveLength(1);
  });
});

it("a disabled officer's phone goes on handing over, and says what is the matter", async () => {
  const one = await phone();
  await record(one, { photos: [await photo()] });
  one.server.weather = ({ path }) => (path.startsWith("/sync/changes") ? problem("account-disabled", 403) : null);
  await one.syncer.nudge("start");
  expect(one.syncer.state.value).toMatchObject({ problem: "account-disabled", waiting: 0, waiting_photos: 0 });
});

it("photos of many records that can't be sent do not keep back those of another", async () => {
  const one = await phone();
  for (let n = 0; n < 70; n++) await record(one, { text: `poison ${n}`, photos: [await photo(10, n), await photo(10, n + 100)] });
  const good = await record(one, { text: "good", photos: [await photo(10, 7)] });
  one.server.weather = async (asked) => {
    if (asked.path !== "/sync/records") return null;
    return json({ results: await Promise.all(batchOf(asked).map(async ({ payload, envelope }) => {
      const { record_id, content_sha256 } = JSON.parse(envelope) as { record_id: string; content_sha256: string };
      return payload.includes("poison") ? { problem: { type: "envelope-invalid", title: "", status: 422 } } : { receipt: await one.server.receipt(record_id, content_sha256) };
    })) });
  };
  await one.syncer.nudge("start");
  expect(one.server.uploads.get(good.media[0]?.id ?? "")?.state).toBe("there");
});

it("what waits, and since when, is known without reading it all", async () => {
  const one = await phone();
  const since = one.clock.now().toISOString();
  await record(one, { photos: [await photo(1000)] });
  one.clock.pass(3_600_000);
  await record(one);
  await one.syncer.refresh();
  expect(one.syncer.state.value).toMatchObject({ waiting: 2, waiting_photos: 1, waiting_since: since });
  expect(one.syncer.state.value.waiting_bytes).toBeGreaterThan(1000);
});
