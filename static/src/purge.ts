// What may leave the phone, and when: never without a receipt, never in the first week, never before a backup holds it.
import { needMeta, meta, serverTime, write, type Db, type RecordRow } from "./db.ts";
import { wholeOf } from "./drafts.ts";

const WEEK_MS = 7 * 86_400_000;
/** Text stays longer than photos: it is what "Sửa" opens, and it is small (U19). */
const TEXT_MS = 60 * 86_400_000;
const CLOSED = ["accepted", "rejected", "same_as", "reversed", "withdrawn"];

interface Proof { epoch: number; backup_seq: number; now: number }

/** Whether the server's proven backup holds this record, and it was kept for as long as `age` says. */
export function mayGo(record: RecordRow, { epoch, backup_seq, now }: Proof, age: number): boolean {
  const { receipt } = record;
  if (!receipt || receipt.epoch !== epoch || receipt.seq > backup_seq) return false;
  return now - Date.parse(receipt.received_at) >= age;
}

export async function purge(db: Db, now: Date): Promise<void> {
  const [identity, contact] = [await needMeta(db, "identity"), await meta(db, "contact")];
  const proof: Proof = { epoch: identity.epoch, backup_seq: contact?.backup_seq ?? 0, now: serverTime(contact, now) };
  const records = await db.getAll("records");
  const stays = new Set(records.filter((record) => !mayGo(record, proof, WEEK_MS) || record.review?.outcome === "returned").flatMap(idsOf));
  for (const draft of await db.getAll("drafts")) {
    for (const id of records.filter((record) => record.record_id === draft.replaces).flatMap(idsOf)) stays.add(id);
  }
  const texts = records.filter((record) => mayGo(record, proof, TEXT_MS) && CLOSED.includes(record.review?.outcome ?? ""));
  await drop(db, texts.map((record) => record.record_id), stays);
}

const idsOf = (record: RecordRow): string[] => record.media.map((promise) => promise.id);

async function drop(db: Db, texts: string[], stays: Set<string>): Promise<void> {
  const photos = (await db.getAll("media")).filter((row) => row.state === "there" && !stays.has(row.id));
  if (texts.length + photos.length === 0) return;
  await write(db, ["outbox", "media", "chunks"], "strict", async (tx) => {
    for (const id of texts) await tx.objectStore("outbox").delete(id);
    for (const { id } of photos) {
      await tx.objectStore("media").delete(id);
      await tx.objectStore("chunks").delete(wholeOf(id));
    }
  });
}
