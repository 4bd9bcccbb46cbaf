// Drafts: records being filled, kept as every answer is given; their photos; and what "Giống buổi trước" copies.
// What a question means is the engine's matter; turning a draft into a record is outbox.ts's.
import { accountDb, write, type Db, type DraftRow, type LastSession, type MediaRow, type Outline } from "./db.ts";
import type { Answers, FormModel, ReviewNews } from "./shapes.ts";

export type { DraftRow, LastSession, MediaRow, Outline, Place } from "./db.ts";
/** What an answer of a photo, a drawing, a recording or a file consists of. */
export type Media = Pick<MediaRow, "sha256" | "size" | "kind" | "taken_at" | "source"> & { bytes: ArrayBuffer };

/** The bytes lie in pieces: WebKit can't keep Blobs in IndexedDB, and one huge value blocks the others. */
export const CHUNK_BYTES = 256 * 1024;
const EMPTY: Outline = { held_on: "", unit: "", place: "", method: "", heads: "" };

/** A new draft, not yet stored: it is stored with its first answer. */
export function newDraft(recordId: string, model: FormModel, openedAt: string): DraftRow {
  return {
    record_id: recordId, form_id: model.form_id, form_version: model.version, intent: "new", replaces: null, root_id: recordId, reason: null,
    opened_at: openedAt, saved_at: openedAt, answers: {}, outline: EMPTY, review: null,
  };
}

/** A draft that will replace `old` when it is finished; it begins with the old answers and names the old photos (D18). */
export function correctionOf(
  old: { record_id: string; root_id: string; form_id: string; form_version: string; outline: Outline; review: ReviewNews | null },
  answers: Answers, recordId: string, openedAt: string, reason: string | null,
): DraftRow {
  return {
    record_id: recordId, form_id: old.form_id, form_version: old.form_version, intent: "correct", replaces: old.record_id, root_id: old.root_id,
    reason, opened_at: openedAt, saved_at: openedAt, answers: structuredClone(answers), outline: old.outline,
    review: old.review?.outcome === "returned" ? old.review : null,
  };
}

/** This draft is a record by now, finished in another tab or by an earlier tap: no draft may come to stand beside it. */
export class AlreadyFinished extends Error { override name = "AlreadyFinished" }

/** Relaxed: a keystroke may be lost to a power cut, never to a killed app. */
export async function saveDraft(uid: string, draft: DraftRow): Promise<void> {
  const db = await accountDb(uid);
  await write(db, ["drafts", "records"], "relaxed", async (tx) => {
    const kept = tx.objectStore("drafts").put(draft);
    const finished = await tx.objectStore("records").getKey(draft.record_id);
    await kept;
    if (finished !== undefined) throw new AlreadyFinished(draft.record_id);
  });
}

export async function loadDraft(uid: string, recordId: string): Promise<DraftRow | undefined> {
  return (await accountDb(uid)).get("drafts", recordId);
}

/** Newest first. */
export async function listDrafts(uid: string): Promise<DraftRow[]> {
  const rows = await (await accountDb(uid)).getAll("drafts");
  return rows.sort((a, b) => b.saved_at.localeCompare(a.saved_at));
}

/** The draft that replaces this record, if the officer has begun one. */
export async function draftReplacing(uid: string, recordId: string): Promise<DraftRow | undefined> {
  return (await listDrafts(uid)).find((draft) => draft.replaces === recordId);
}

/** The draft and those photos that belong to no record. */
export async function deleteDraft(uid: string, recordId: string): Promise<void> {
  const db = await accountDb(uid);
  await write(db, ["drafts", "media", "chunks"], "strict", async (tx) => {
    await tx.objectStore("drafts").delete(recordId);
    const photos = await tx.objectStore("media").index("record").getAll(recordId);
    for (const photo of photos) {
      if (photo.state !== "draft") continue;
      await tx.objectStore("media").delete(photo.id);
      await tx.objectStore("chunks").delete(wholeOf(photo.id));
    }
  });
}

/** Keep a photo, a recording or a file of a draft; "kept" only when the transaction is complete (StorageFull otherwise). */
export async function addMedia(uid: string, draft: DraftRow, question: string, { bytes, ...media }: Media, id: string): Promise<MediaRow> {
  const db = await accountDb(uid);
  const pieces = piecesOf(bytes);
  const row: MediaRow = {
    ...media, id, record_id: draft.record_id, question, chunks: pieces.length, state: "draft", created: false, offset: 0, failures: 0, problem: null,
  };
  await write(db, ["media", "chunks"], "strict", async (tx) => {
    await tx.objectStore("media").put(row);
    for (const [n, piece] of pieces.entries()) await tx.objectStore("chunks").put(piece, [id, n]);
  });
  return row;
}

/** Drop one of a draft; what a record already names stays. */
export async function removeMedia(uid: string, mediaId: string): Promise<void> {
  const db = await accountDb(uid);
  await write(db, ["media", "chunks"], "strict", async (tx) => {
    const row = await tx.objectStore("media").get(mediaId);
    if (row?.state !== "draft") return;
    await tx.objectStore("media").delete(mediaId);
    await tx.objectStore("chunks").delete(wholeOf(mediaId));
  });
}

export async function photosOf(uid: string, recordId: string): Promise<MediaRow[]> {
  return (await accountDb(uid)).getAllFromIndex("media", "record", recordId);
}

export async function mediaRow(uid: string, mediaId: string): Promise<MediaRow | undefined> {
  return (await accountDb(uid)).get("media", mediaId);
}

/** The photo's bytes, or null when they are no longer on this phone. */
export async function mediaBytes(db: Db, row: Pick<MediaRow, "id" | "chunks" | "size">): Promise<Uint8Array<ArrayBuffer> | null> {
  const pieces = await db.getAll("chunks", wholeOf(row.id));
  const whole = new Uint8Array(row.size);
  let end = 0;
  for (const piece of pieces) {
    if (end + piece.byteLength > row.size) return null;
    whole.set(new Uint8Array(piece), end);
    end += piece.byteLength;
  }
  return end === row.size ? whole : null;
}

export const wholeOf = (mediaId: string): IDBKeyRange => IDBKeyRange.bound([mediaId, 0], [mediaId, Infinity]);

function piecesOf(bytes: ArrayBuffer): ArrayBuffer[] {
  const count = Math.ceil(bytes.byteLength / CHUNK_BYTES);
  return Array.from({ length: count }, (_, n) => bytes.slice(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES));
}

/** The last finished record of this form: what "Giống buổi trước" shows and copies (place, method, presenters). */
export async function lastSession(uid: string, formId: string): Promise<LastSession | undefined> {
  return (await accountDb(uid)).get("last", formId);
}
