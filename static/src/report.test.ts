import { expect, it } from "vitest";
import { reportOf } from "./report.ts";
import { phone, photo, record } from "./testing/make.ts";
import { problem } from "./testing/server.ts";

it("a report says how things stand and nothing of persons, places or answers", async () => {
  const one = await phone();
  const saved = await record(one, { text: "Bà Thạch Thị Sen hỏi về đất", photos: [await photo(1000)] });
  one.server.weather = ({ path }) => (path === "/sync/records" ? problem("digest-mismatch", 422) : null);
  await one.syncer.nudge("start");
  const surroundings = { now: one.clock.now(), appVersion: "0.1.0+test", browser: "Chrome 131", online: true, storage: await one.tools.storage(), sync: one.syncer.state.value };
  const report = await reportOf(one.uid, saved.record_id, surroundings);
  expect(report).toMatchObject({
    app: "0.1.0+test", device: { id: "device-1", numbered: 1 }, server: { id: "server", epoch: 1 }, waits: { records: 1, photos: 1 },
    record: { record_id: saved.record_id, device_seq: 1, receipt: null, failures: 1, problem: { type: "digest-mismatch" }, photos: [{ state: "waiting", offset: 0, size: 1000 }] },
  });
  for (const told of ["Sen", "Sô Phia", "Lâm Dồ", "Họp ấp", "46", one.uid, "token-1"]) expect(JSON.stringify(report)).not.toContain(`"${told}`);
});
