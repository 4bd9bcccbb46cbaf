// From a finished draft to a sealed record that waits to be sent; corrections and withdrawals are records too (U19).
// After the first attempt to send, a record's bytes never change (D28); here they never change at all.
import { stamp } from "./clock.ts";
import { accountDb, meta, needMeta, write, type Db, type DraftRow, type LastSession, type MediaRow, type Outline, type OutboxRow, type RecordRow } from "./db.ts";
import { wholeOf } from "./drafts.ts";
import { sha256, sign, utf8 } from "./keys.ts";
import type { Answers, Envelope, MediaPromise, SealedRecord } from "./shapes.ts";

export type { OutboxRow, RecordRow } from "./db.ts";

/** What the sealing needs to know of the moment: passed in, so that a test decides it. */
export interface Sealing { now: Date; language: string; appVersion: string }
/** What the engine hands over at finish. */
export interface Finished { answers: Answers; calculated: Record<string, string> }

/** The bytes of this record are no longer on this phone, so its answers can't be opened. */
export class NoLongerHere extends Error { override name = "NoLongerHere" }

type Content = Pick<Envelope, "record_id" | "intent" | "replaces" | "root_id" | "reason" | "form_id" | "form_version" | "media"> & {
  outline: Outline; payload: string;
};
interface Sealed { record: RecordRow; outbox: OutboxRow }

/**
 * Seal a draft: one strict transaction holds record, photos and the draft's end. A second tap finds the first one's record.
 * Resolves when it is saved; StorageFull leaves the draft as it was.
 */
export async function finish(
  uid: string, draft: DraftRow, finished: Finished, outline: Outline, last: LastSession | null, sealing: Sealing,
): Promise<RecordRow> {
  const db = await accountDb(uid);
  const content: Content = {
    record_id: draft.record_id, intent: draft.intent, replaces: draft.replaces, root_id: draft.root_id, reason: draft.reason || null,
    form_id: draft.form_id, form_version: draft.form_version, media: await promisesOf(db, draft, finished.answers), outline,
    payload: JSON.stringify({ form: draft.form_id, version: draft.form_version, answers: finished.answers, calculated: finished.calculated }),
  };
  return sealAndKeep(db, content, sealing, last);
}

/** Take an own record back, sent or not: again a record, with the reason. */
export async function withdraw(uid: string, recordId: string, reason: string, newRecordId: string, sealing: Sealing): Promise<RecordRow> {
  const db = await accountDb(uid);
  const old = await needRecord(db, recordId);
  const { form_id, form_version, root_id, outline } = old;
  const content: Content = {
    record_id: newRecordId, intent: "withdraw", replaces: recordId, root_id, reason, form_id, form_version, media: [], outline,
    payload: JSON.stringify({ form: form_id, version: form_version, answers: {} }),
  };
  return sealAndKeep(db, content, sealing, null);
}

/** The answers of an own record, out of the very bytes that were sealed. */
export async function answersOf(uid: string, recordId: string): Promise<Answers> {
  const row = await (await accountDb(uid)).get("outbox", recordId);
  if (!row) throw new NoLongerHere(recordId);
  return (JSON.parse(row.sealed.payload) as { answers: Answers }).answers;
}

export async function listRecords(uid: string): Promise<RecordRow[]> {
  return (await accountDb(uid)).getAll("records");
}

export async function needRecord(db: Db, recordId: string): Promise<RecordRow> {
  const row = await db.get("records", recordId);
  if (!row) throw new NoLongerHere(recordId);
  return row;
}

/** The photos that the answers name: the draft's own, and those that the replaced record promised (D18). */
async function promisesOf(db: Db, draft: DraftRow, answers: Answers): Promise<MediaPromise[]> {
  const own = await db.getAllFromIndex("media", "record", draft.record_id);
  const replaced = draft.replaces ? await db.get("records", draft.replaces) : undefined;
  const known = new Map([...(replaced?.media ?? []), ...own.map(promiseOf)].map((promise) => [promise.id, promise]));
  return leavesOf(answers).flatMap((value) => known.get(value) ?? []);
}

const promiseOf = ({ id, question, sha256: digest, size, kind, taken_at, source }: MediaRow): MediaPromise =>
  ({ id, question, sha256: digest, size, kind, taken_at, source });

export function leavesOf(answers: Answers): string[] {
  return Object.values(answers).flatMap((value) => {
    if (typeof value === "string") return [value];
    return Array.isArray(value) ? value.flatMap(leavesOf) : leavesOf(value);
  });
}

/** Signing can't be awaited inside a transaction: sign for the next number, and again if another tab took it meanwhile. */
async function sealAndKeep(db: Db, content: Content, sealing: Sealing, last: LastSession | null): Promise<RecordRow> {
  for (;;) {
    const sealed = await seal(db, content, sealing);
    const kept = await keep(db, sealed, last);
    if (kept) return kept;
  }
}

async function seal(db: Db, { outline, payload, ...said }: Content, { now, language, appVersion }: Sealing): Promise<Sealed> {
  const [identity, keys, contact, taken, content_sha256] = await Promise.all([
    needMeta(db, "identity"), needMeta(db, "keys"), meta(db, "contact"), meta(db, "device_seq"), sha256(utf8(payload)),
  ]);
  const device_seq = (taken ?? 0) + 1;
  const envelope: Envelope = {
    v: 1, record_id: said.record_id, intent: said.intent, replaces: said.replaces, root_id: said.root_id, reason: said.reason,
    form_id: said.form_id, form_version: said.form_version, unit: outline.unit, held_on: outline.held_on,
    device_id: identity.device_id, device_seq, finished_at: stamp(now), clock_offset_ms: contact?.clock_offset_ms ?? null,
    zone: identity.zone, language, app_version: appVersion, payload_type: "answers/1", content_sha256, media: said.media,
    ...(outline.trial && { trial: true }), // P-49
  };
  const text = JSON.stringify(envelope);
  const sealed: SealedRecord = { envelope: text, signature: await sign(keys.privateKey, text), payload_type: "answers/1", payload };
  const record: RecordRow = { ...said, outline, finished_at: envelope.finished_at, device_seq, receipt: null, review: null };
  // Until it fails for the first time a record is due by its number: always in the past, and in the order of finishing.
  return { record, outbox: { record_id: said.record_id, device_seq, content_sha256, sealed, due_at: device_seq, failures: 0, problem: null } };
}

/**
 * The row to send. After a new enrolment the old key is gone and the old device a stranger: the envelope is made anew by the
 * device that sends, around the same id and the same payload bytes, so that the server knows it for the same record.
 */
export async function ownSealed(db: Db, recordId: string): Promise<OutboxRow | undefined> {
  const row = await db.get("outbox", recordId);
  const [identity, keys] = [await needMeta(db, "identity"), await needMeta(db, "keys")];
  if (!row) return undefined;
  const envelope = JSON.parse(row.sealed.envelope) as Envelope;
  if (envelope.device_id === identity.device_id) return row;
  const text = JSON.stringify({ ...envelope, device_id: identity.device_id });
  const own = { ...row, sealed: { ...row.sealed, envelope: text, signature: await sign(keys.privateKey, text) } };
  await write(db, ["outbox"], "strict", async (tx) => { await tx.store.put(own); });
  return own;
}

/** Taken back twice (two taps, two tabs) is taken back once. */
async function sameWithdrawal(records: { index(name: "root"): { getAll(root: string): Promise<RecordRow[]> } }, { intent, root_id, replaces }: RecordRow): Promise<RecordRow | undefined> {
  if (intent !== "withdraw") return undefined;
  return (await records.index("root").getAll(root_id)).find((other) => other.intent === "withdraw" && other.replaces === replaces);
}

/** Null: the number was taken, nothing was written. */
async function keep(db: Db, { record, outbox }: Sealed, last: LastSession | null): Promise<RecordRow | null> {
  return write(db, ["meta", "drafts", "records", "outbox", "media", "chunks", "last"], "strict", async (tx) => {
    const there = await tx.objectStore("records").get(record.record_id) ?? await sameWithdrawal(tx.objectStore("records"), record);
    if (there) return there;
    if ((await tx.objectStore("meta").get("device_seq") ?? 0) !== record.device_seq - 1) return null;
    await tx.objectStore("meta").put(record.device_seq, "device_seq");
    await tx.objectStore("records").put(record);
    await tx.objectStore("outbox").put(outbox);
    const named = new Set(record.media.map((promise) => promise.id));
    for (const photo of await tx.objectStore("media").index("record").getAll(record.record_id)) {
      if (named.has(photo.id)) await tx.objectStore("media").put({ ...photo, state: "waiting", due_at: record.device_seq });
      else {
        await tx.objectStore("media").delete(photo.id);
        await tx.objectStore("chunks").delete(wholeOf(photo.id));
      }
    }
    await tx.objectStore("drafts").delete(record.record_id);
    if (last) await tx.objectStore("last").put(last);
    return record;
  });
}
