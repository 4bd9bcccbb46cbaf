// An outbox of thousands: no step reads it whole (faults.md C15). What a hundred thousand cost is measured in bench/.
import { expect, it, onTestFinished } from "vitest";
import { accountDb } from "./db.ts";
import { newId } from "./keys.ts";
import { listsOf } from "./views.ts";
import { phone, photo, record, type Phone } from "./testing/make.ts";
import { batchOf } from "./testing/look.ts";
import { json, problem } from "./testing/server.ts";

const MANY = 2_100;

/** Copies of one sealed record under other ids: the server of this test takes any bytes. */
async function fill(one: Phone, count: number): Promise<void> {
  const first = await record(one, { photos: [await photo(10)] });
  const db = await accountDb(one.uid);
  const [row, bytes, picture] = [(await db.get("records", first.record_id))!, (await db.get("outbox", first.record_id))!, (await db.getAll("media"))[0]!];
  const tx = db.transaction(["records", "outbox", "media", "meta"], "readwrite");
  for (let n = 2; n <= count; n++) {
    const [record_id, id] = [newId(), newId()];
    const sealed = { ...bytes.sealed, envelope: bytes.sealed.envelope.replaceAll(first.record_id, record_id) };
    void tx.objectStore("records").put({ ...row, record_id, root_id: record_id, device_seq: n, media: [{ ...row.media[0]!, id }] });
    void tx.objectStore("outbox").put({ ...bytes, record_id, device_seq: n, due_at: n, sealed });
    void tx.objectStore("media").put({ ...picture, id, record_id, due_at: n });
  }
  void tx.objectStore("meta").put(count, "device_seq");
  await tx.done;
}

/** How many rows of records, bytes or photos one request gave at most. */
function widest(): () => number {
  let most = 0;
  const kinds = [IDBObjectStore.prototype, IDBIndex.prototype] as { getAll: (query?: unknown, count?: number) => IDBRequest<unknown[]>; name?: string }[];
  for (const kind of kinds) {
    const real = kind.getAll;
    kind.getAll = function getAll(this: { name: string }, ...query) {
      const request = real.apply(this, query);
      request.addEventListener("success", () => { most = Math.max(most, request.result.length); });
      return request;
    };
    onTestFinished(() => { kind.getAll = real; });
  }
  return () => most;
}

it("thousands are drained, listed and counted a page at a time", async () => {
  const one = await phone();
  await fill(one, MANY);
  one.server.weather = async (asked) => {
    if (asked.path.startsWith("/sync/media")) return problem("envelope-invalid", 422);
    if (asked.path !== "/sync/records") return null;
    return json({ results: await Promise.all(batchOf(asked).map(async ({ envelope }) => {
      const { record_id, content_sha256 } = JSON.parse(envelope) as { record_id: string; content_sha256: string };
      return { receipt: await one.server.receipt(record_id, content_sha256) };
    })) });
  };
  const rows = widest();
  await one.syncer.refresh();
  expect(one.syncer.state.value).toMatchObject({ waiting: MANY, waiting_photos: MANY });
  expect((await listsOf(one.uid)).counts.waiting).toBe(MANY);
  await one.syncer.nudge("start");
  expect(one.syncer.state.value).toMatchObject({ waiting: 0 });
  const { counts, records } = await listsOf(one.uid);
  expect([counts.sent, records.length]).toEqual([MANY, 1_000]);
  expect(rows()).toBeLessThanOrEqual(1_000);
});
