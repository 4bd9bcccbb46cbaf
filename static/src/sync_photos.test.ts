import { describe, expect, it } from "vitest";
import { accountDb } from "./db.ts";
import { listsOf } from "./views.ts";
import { phone, photo, record } from "./testing/make.ts";
import { problem } from "./testing/server.ts";

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
