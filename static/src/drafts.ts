// Drafts: records being filled, kept as every answer is given; their photos; and what "Giống buổi trước" copies.
// What a question means is the engine's matter; turning a draft into a record is outbox.ts's.
import { accountDb, write, type Db, type DraftRow, type LastSession, type MediaRow, type Outline } from "./db.ts";
import type { Answers, FormModel, ReviewNews } from "./shapes.ts";

export type { DraftRow, LastSession, MediaRow, Outline, Place } from "./db.ts";
/** What an answer of a photo, a drawing, a recording or a file consists of; a long one is a Blob and never in memory as a whole. */
export type Media = Pick<MediaRow, "sha256" | "size" | "kind" | "taken_at" | "source"> & { bytes: ArrayBuffer | Blob };

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
  const row: MediaRow = {
    ...media, id, record_id: draft.record_id, question, chunks: Math.ceil(media.size / CHUNK_BYTES), state: "draft", created: false, offset: 0, failures: 0, problem: null,
  };
  if (bytes instanceof Blob) await keepInPieces(db, row, bytes);
  else await write(db, ["media", "chunks"], "strict", async (tx) => {
    await tx.objectStore("media").put(row);
    for (const [n, piece] of piecesOf(bytes).entries()) await tx.objectStore("chunks").put(piece, [id, n]);
  });
  return row;
}

/** Piece by piece, each in a transaction of its own. The row comes first: cut off here, no answer names it, and it goes with the draft. */
async function keepInPieces(db: Db, row: MediaRow, bytes: Blob): Promise<void> {
  await write(db, ["media"], "strict", async (tx) => { await tx.store.put(row); });
  try {
    for (let n = 0; n < row.chunks; n++) {
      const piece = await bytes.slice(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES).arrayBuffer();
      await write(db, ["chunks"], "strict", async (tx) => { await tx.store.put(piece, [row.id, n]); });
    }
  } catch (fault) {
    await dropMedia(db, row.id).catch(() => undefined);
    throw fault;
  }
}

/** Drop one of a draft; what a record already names stays. */
export const removeMedia = async (uid: string, mediaId: string): Promise<void> => dropMedia(await accountDb(uid), mediaId);

async function dropMedia(db: Db, mediaId: string): Promise<void> {
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

type Lying = Pick<MediaRow, "id" | "chunks" | "size">;

/** All of it as a Blob, which the browser may keep outside of memory; null when it is no longer whole on this phone. */
export async function mediaBlob(db: Db, row: Lying & Pick<MediaRow, "kind">): Promise<Blob | null> {
  const pieces: Blob[] = [];
  for (let n = 0; n < row.chunks; n++) pieces.push(new Blob([await db.get("chunks", [row.id, n]) ?? ""]));
  const whole = new Blob(pieces, { type: row.kind });
  return whole.size === row.size ? whole : null;
}

/** At most `length` bytes from `offset` on, out of the pieces that they lie in and no other; null when one of these is gone. */
export async function mediaPiece(db: Db, row: Lying, offset: number, length: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const end = Math.min(offset + length, row.size);
  const part = new Uint8Array(Math.max(0, end - offset));
  for (let n = Math.floor(offset / CHUNK_BYTES); n * CHUNK_BYTES < end; n++) {
    const begin = n * CHUNK_BYTES;
    const chunk = await db.get("chunks", [row.id, n]);
    if (chunk?.byteLength !== Math.min(CHUNK_BYTES, row.size - begin)) return null;
    part.set(new Uint8Array(chunk).subarray(Math.max(0, offset - begin), end - begin), Math.max(0, begin - offset));
  }
  return part;
}

/** Whether all pieces are here; reads none of them. */
export const isWhole = async (db: Db, row: Lying): Promise<boolean> => await db.count("chunks", wholeOf(row.id)) === row.chunks;

export const wholeOf = (mediaId: string): IDBKeyRange => IDBKeyRange.bound([mediaId, 0], [mediaId, Infinity]);

function piecesOf(bytes: ArrayBuffer): ArrayBuffer[] {
  const count = Math.ceil(bytes.byteLength / CHUNK_BYTES);
  return Array.from({ length: count }, (_, n) => bytes.slice(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES));
}

/** The last finished record of this form: what "Giống buổi trước" shows and copies (place, method, presenters). */
export async function lastSession(uid: string, formId: string): Promise<LastSession | undefined> {
  return (await accountDb(uid)).get("last", formId);
}
