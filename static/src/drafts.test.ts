import { expect, it } from "vitest";
import { accountDb } from "./db.ts";
import * as drafts from "./drafts.ts";
import { draft, phone, photo, record } from "./testing/make.ts";
import { correctionOf } from "./drafts.ts";
import { newId } from "./keys.ts";

it("a draft comes back with its answers", async () => {
  const one = await phone();
  const row = await draft(one, { answers: { place: { hamlet: "h1" } } });
  expect(await drafts.loadDraft(one.uid, row.record_id)).toEqual(row);
});

it.each([0, 1, drafts.CHUNK_BYTES - 1, drafts.CHUNK_BYTES, drafts.CHUNK_BYTES + 1, 3 * drafts.CHUNK_BYTES + 5])("a photo of %i bytes comes back byte for byte", async (size) => {
  const one = await phone();
  const taken = await photo(size);
  const row = await drafts.addMedia(one.uid, await draft(one), "/f/photo", taken, newId());
  expect(await drafts.mediaBytes(await accountDb(one.uid), row)).toEqual(new Uint8Array(taken.bytes));
});

it("a photo with a missing piece is none", async () => {
  const one = await phone();
  const row = await drafts.addMedia(one.uid, await draft(one), "/f/photo", await photo(drafts.CHUNK_BYTES + 9), newId());
  const db = await accountDb(one.uid);
  await db.delete("chunks", [row.id, 1]);
  expect(await drafts.mediaBytes(db, row)).toBeNull();
});

it("deleting a draft takes its own photos along", async () => {
  const one = await phone();
  const row = await draft(one, { photos: [await photo()] });
  await drafts.deleteDraft(one.uid, row.record_id);
  const db = await accountDb(one.uid);
  expect([await db.count("drafts"), await db.count("media"), await db.count("chunks")]).toEqual([0, 0, 0]);
});

it("deleting a correction leaves the photo of the record it would have replaced", async () => {
  const one = await phone();
  const old = await record(one, { photos: [await photo()] });
  const again = correctionOf(old, {}, newId(), "2026-11-22T03:00:00.000Z", null);
  await drafts.saveDraft(one.uid, again);
  await drafts.removeMedia(one.uid, old.media[0]?.id ?? "");
  await drafts.deleteDraft(one.uid, again.record_id);
  expect(await (await accountDb(one.uid)).count("chunks")).toBe(1);
});

it("the newest draft is listed first", async () => {
  const one = await phone();
  const [a, b] = [await draft(one), await draft(one)];
  await drafts.saveDraft(one.uid, { ...a, saved_at: "2026-11-23T00:00:00.000Z" });
  expect((await drafts.listDrafts(one.uid)).map((row) => row.record_id)).toEqual([a.record_id, b.record_id]);
});
