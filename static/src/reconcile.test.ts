import { describe, expect, it } from "vitest";
import { accountDb, needMeta } from "./db.ts";
import { mediaBytes } from "./drafts.ts";
import { newId } from "./keys.ts";
import { withdraw } from "./outbox.ts";
import { listsOf } from "./views.ts";
import { receiptOf, statuses } from "./testing/look.ts";
import { enrolOn, phone, photo, record, sealing, TestClock } from "./testing/make.ts";
import { portal, problem } from "./testing/server.ts";

const DAY = 86_400_000;

describe("reconciling", () => {
  it("a restored server is offered everything again, and gets what it lost", async () => {
    const one = await phone();
    const [a, b] = [await record(one, { text: "a" }), await record(one, { text: "b", photos: [await photo()] })];
    await one.syncer.nudge("start");
    one.server.restore(1);
    one.clock.pass(30 * DAY);
    await one.syncer.nudge("timer");
    expect([...one.server.records.keys()].sort()).toEqual([a.record_id, b.record_id].sort());
    expect([...one.server.uploads.values()].map(({ state }) => state)).toEqual(["there"]);
    expect(await receiptOf(one, b.record_id)).toMatchObject({ epoch: 2 });
    expect((await needMeta(await accountDb(one.uid), "identity")).epoch).toBe(2);
  });

  it("a review reaches its record, and a later one outlives an earlier one", async () => {
    const one = await phone();
    const saved = await record(one);
    await one.syncer.nudge("start");
    const news = { seq: 5, record_id: saved.record_id, root_id: saved.record_id, outcome: "returned" as const, reason: "Số 3120?", fields: ["/outreach_session/attendance/attendees_total"], by: "Trần Minh Khánh", at: "2026-11-23T02:00:00.000Z" };
    one.server.reviews = [news, { ...news, seq: 4, outcome: "accepted" }, { ...news, seq: 6, record_id: newId() }];
    await one.syncer.nudge("timer");
    expect((await listsOf(one.uid, new Set())).records[0]).toMatchObject({ status: "returned", review: news, can_correct: true });
  });

  it("a new token is used from the next exchange on", async () => {
    const one = await phone();
    one.server.device = { state: "active", next_token: "token-next" };
    one.server.devices.set("token-next", one.server.devices.get("token-1") as never);
    await one.syncer.nudge("start");
    one.server.devices.delete("token-1");
    await record(one);
    await one.syncer.nudge("finish");
    expect(one.server.records.size).toBe(1);
  });

  it("news asked for by the device of before do not touch a phone that enrolled anew meanwhile", async () => {
    const one = await phone();
    one.server.weather = async ({ path }) => {
      if (!path.startsWith("/sync/changes")) return null;
      one.server.weather = () => null;
      await enrolOn(one);
      one.server.device = { state: "active", next_token: "token-of-the-old-device" };
      return null;
    };
    await one.syncer.nudge("start");
    expect(await needMeta(await accountDb(one.uid), "identity")).toMatchObject({ device_id: "device-2", token: "token-2" });
  });

  it("a photo that went up over many days is still confirmed when the last word was cut off", async () => {
    const one = await phone();
    await record(one, { photos: [await photo()] });
    one.server.weather = ({ path }) => (path.startsWith("/sync/media") ? problem("busy", 503) : null);
    await one.syncer.nudge("start");
    one.clock.pass(8 * DAY);
    let uploaded = false;
    one.server.weather = ({ method, path }) => {
      uploaded ||= method === "PATCH";
      return uploaded && path === "/sync/have" ? portal() : null;
    };
    await one.syncer.nudge("timer");
    expect((await (await accountDb(one.uid)).getAll("media"))[0]).toMatchObject({ state: "uploaded" });
    one.server.weather = () => null;
    one.clock.pass(DAY);
    await one.syncer.nudge("timer");
    expect((await (await accountDb(one.uid)).getAll("media"))[0]).toMatchObject({ state: "there" });
  });

  it("a file whose bytes don't fit its hash is not kept", async () => {
    const one = await phone();
    const db = await accountDb(one.uid);
    await db.clear("forms");
    one.server.weather = ({ path }) => (path.startsWith("/sync/files/") ? portal() : null);
    await one.syncer.nudge("start");
    expect(await db.count("forms")).toBe(0);
    expect(one.syncer.state.value.problem).toBe("portal");
  });

  it("a chain shows as one line with its newest link", async () => {
    const one = await phone();
    const saved = await record(one);
    await withdraw(one.uid, saved.record_id, "ghi nhầm", newId(), sealing(one.clock));
    expect(await statuses(one)).toEqual(["waiting"]);
    await one.syncer.nudge("start");
    expect((await listsOf(one.uid, new Set())).records).toMatchObject([{ status: "withdrawn", links: 2, can_withdraw: false }]);
  });
});

describe("leaving the phone", () => {
  const sent = async (backup: number, days: number) => {
    const one = await phone();
    const saved = await record(one, { photos: [await photo()] });
    await one.syncer.nudge("start");
    one.server.backup_seq = backup;
    one.clock.pass(days * DAY);
    await one.syncer.nudge("timer");
    const db = await accountDb(one.uid);
    return { one, db, saved, photos: await db.count("chunks"), texts: await db.count("outbox") };
  };

  it.each([
    ["in the first week, though backed up", 1, 6, 1], ["after a week without a backup", 0, 30, 1], ["after a week, backed up", 1, 8, 0],
  ])("a photo %s", async (_, backup, days, left) => { expect((await sent(backup, days)).photos).toBe(left); });

  it("the text stays readable for correcting until it is decided and old", async () => {
    expect((await sent(1, 70)).texts).toBe(1);
  });

  it("a photo stays its week though the phone's clock is ten years ahead", async () => {
    const one = await phone();
    const server = new TestClock();
    one.server.now = () => server.now();
    await record(one, { photos: [await photo()] });
    one.clock.pass(3650 * DAY);
    one.server.backup_seq = 1;
    await one.syncer.nudge("start");
    await one.syncer.nudge("timer");
    expect(await (await accountDb(one.uid)).count("chunks")).toBe(1);
  });

  it("a returned record keeps its photo", async () => {
    const { one, db, saved } = await sent(0, 1);
    one.server.reviews = [{ seq: 5, record_id: saved.record_id, root_id: saved.record_id, outcome: "returned", reason: null, fields: [], by: "", at: "" }];
    one.server.backup_seq = 1;
    one.clock.pass(30 * DAY);
    await one.syncer.nudge("timer");
    expect(await mediaBytes(db, (await db.getAll("media"))[0] as never)).not.toBeNull();
  });

  it("nothing leaves without a receipt", async () => {
    const one = await phone();
    await record(one, { photos: [await photo()] });
    one.server.backup_seq = 1000;
    one.server.weather = ({ path }) => (path === "/sync/records" ? problem("server-fault", 500) : null);
    await one.syncer.nudge("start");
    one.clock.pass(400 * DAY);
    await one.syncer.nudge("timer");
    const db = await accountDb(one.uid);
    expect([await db.count("outbox"), await db.count("chunks")]).toEqual([1, 1]);
  });
});
