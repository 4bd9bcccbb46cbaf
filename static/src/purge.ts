// What may leave the phone, and when: never without a receipt, never before a backup holds it, never in the first week; photos of accepted
// records sooner, when the phone has no room.
import { needMeta, meta, write, type Db, type MediaRow, type RecordRow } from "./db.ts";
import { wholeOf } from "./drafts.ts";
import { pages } from "./paging.ts";

const WEEK_MS = 7 * 86_400_000;
/** Text stays longer than photos: it is what "Sửa" opens, and it is small (U19). */
const TEXT_MS = 60 * 86_400_000;
const CLOSED = ["accepted", "rejected", "same_as", "reversed", "withdrawn"];
const ACCEPTED = ["accepted", "same_as"];
/** With less room than this the phone is pressed; made room for is twice as much. */
export const LOW_BYTES = 150_000_000;

interface Proof { epoch: number; backup_seq: number; now: number }

/** Whether the server's proven backup holds this record, and it was kept for as long as `age` says. */
export function mayGo(record: RecordRow, { epoch, backup_seq, now }: Proof, age: number): boolean {
  const { receipt } = record;
  if (!receipt || receipt.epoch !== epoch || receipt.seq > backup_seq) return false;
  return now - Date.parse(receipt.received_at) >= age;
}

/**
 * `free`: bytes of room on this phone, where the browser tells. Weeks are counted to the moment that the server's last signed answer
 * named: this phone's own clock may jump by years even while the two are speaking.
 */
export async function purge(db: Db, free: number | null = null): Promise<void> {
  const [identity, contact] = [await needMeta(db, "identity"), await meta(db, "contact")];
  const proof: Proof = { epoch: identity.epoch, backup_seq: contact?.backup_seq ?? 0, now: Date.parse(contact?.told_at ?? "") };
  if (proof.backup_seq === 0 || Number.isNaN(proof.now)) return; // nothing is proven to lie elsewhere
  const { stay, texts } = await sorted(db, proof, WEEK_MS, () => true);
  await drop(db, texts, await photosBut(db, stay));
  if (free === null || free >= LOW_BYTES) return;
  // Pressed: a photo's week is over when its record is accepted; then when a backup holds it.
  const wanted = 2 * LOW_BYTES - free;
  const freed = await dropUpTo(db, wanted, (await sorted(db, proof, 0, (record) => ACCEPTED.includes(record.review?.outcome ?? ""))).stay);
  if (freed < wanted) await dropUpTo(db, wanted - freed, (await sorted(db, proof, 0, () => true)).stay);
}

/** `stay`: photos that some record or draft still needs here; `texts`: records whose answers may go. */
async function sorted(db: Db, proof: Proof, age: number, sooner: (record: RecordRow) => boolean): Promise<{ stay: Set<string>; texts: string[] }> {
  const [stay, texts] = [new Set<string>(), [] as string[]];
  const drafts = new Set((await db.getAll("drafts")).map((draft) => draft.replaces));
  for await (const records of pages(db, "records")) {
    for (const record of records) {
      const goes = (mayGo(record, proof, WEEK_MS) || (mayGo(record, proof, age) && sooner(record))) && record.review?.outcome !== "returned" && !drafts.has(record.record_id);
      if (!goes) for (const { id } of record.media) stay.add(id);
      if (mayGo(record, proof, TEXT_MS) && CLOSED.includes(record.review?.outcome ?? "")) texts.push(record.record_id);
    }
  }
  return { stay, texts };
}

async function photosBut(db: Db, stay: Set<string>): Promise<MediaRow[]> {
  const found: MediaRow[] = [];
  for await (const rows of pages(db, "media")) found.push(...rows.filter((row) => row.state === "there" && !stay.has(row.id)));
  return found;
}

/** The oldest first, until there is room enough; how many bytes went. */
async function dropUpTo(db: Db, wanted: number, stay: Set<string>): Promise<number> {
  const oldest = (await photosBut(db, stay)).sort((a, b) => a.taken_at.localeCompare(b.taken_at));
  let freed = 0;
  const going = oldest.filter(({ size }) => freed < wanted && (freed += size) > 0);
  await drop(db, [], going);
  return freed;
}

async function drop(db: Db, texts: string[], photos: MediaRow[]): Promise<void> {
  if (texts.length + photos.length === 0) return;
  await write(db, ["outbox", "media", "chunks"], "strict", async (tx) => {
    for (const id of texts) await tx.objectStore("outbox").delete(id);
    for (const { id } of photos) {
      await tx.objectStore("media").delete(id);
      await tx.objectStore("chunks").delete(wholeOf(id));
    }
  });
}
