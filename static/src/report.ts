// What an administrator needs to know when something stays on a phone: how phone and server stand, what was tried, what was answered.
// No name, no place, no answer of a record is in it, no account: ids of device, record and photos only.
import { stamp } from "./clock.ts";
import { accountDb, meta, needMeta, type Db } from "./db.ts";
import type { StorageNow } from "./exchange.ts";
import { standing } from "./queue.ts";
import type { SyncState } from "./sync.ts";

export interface Surroundings { now: Date; appVersion: string; browser: string; online: boolean; storage: StorageNow; sync: SyncState }

/** Of one record, or of the phone as a whole. */
export async function reportOf(uid: string, recordId: string | null, { now, appVersion, browser, online, storage, sync }: Surroundings): Promise<object> {
  const db = await accountDb(uid);
  const [{ device_id, server_id, epoch, state }, contact, numbered, waits] = await Promise.all([needMeta(db, "identity"), meta(db, "contact"), meta(db, "device_seq"), standing(db)]);
  return {
    app: appVersion, browser, at: stamp(now), online,
    device: { id: device_id, state, numbered: numbered ?? 0, storage },
    server: { id: server_id, epoch, last_answer_at: contact?.at ?? null, clock_offset_ms: contact?.clock_offset_ms ?? null, backup_seq: contact?.backup_seq ?? 0 },
    waits, exchange: { failures: sync.failures, problem: sync.problem, detail: sync.detail, next_try_at: sync.next_try_at },
    ...(recordId && { record: await recordOf(db, recordId) }),
  };
}

async function recordOf(db: Db, id: string): Promise<object | null> {
  const [record, bytes] = [await db.get("records", id), await db.get("outbox", id)];
  if (!record) return null;
  const { record_id, root_id, intent, form_id, form_version, device_seq, finished_at, receipt } = record;
  const photos = await Promise.all(record.media.map(async ({ id: media, size, kind }) => {
    const row = await db.get("media", media);
    return { id: media, size, kind, state: row?.state ?? "gone", offset: row?.offset ?? null, failures: row?.failures ?? 0, problem: row?.problem ?? null };
  }));
  return {
    record_id, root_id, intent, form_id, form_version, device_seq, finished_at, receipt: receipt && { status: receipt.status, epoch: receipt.epoch, seq: receipt.seq },
    bytes: bytes ? bytes.sealed.envelope.length + bytes.sealed.payload.length : null, failures: bytes?.failures ?? 0, problem: bytes?.problem ?? null, photos,
  };
}
