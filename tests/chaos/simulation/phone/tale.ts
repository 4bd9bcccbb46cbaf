// What happened, in words that the judge reads; and what the phones hold at the end.
import type { App, Phone } from "./phone.ts";

export interface Line { act: "save" | "acknowledge" | "photo" | "photo-there" | "purge" | "turned-away"; id: string; outcome: "invoke" | "ok" | "fail" | "unknown"; sha256?: string; mark?: string; client?: string }
type Row = [id: string, sha256: string, mark: string];
interface Seen { receipt: { epoch: number; seq: number; received_at: string } | null; at: number; photos: Set<string>; bytes: boolean; here: Set<string> }

export interface Holdings { phone_records: Row[]; phone_photos: Row[]; waiting: string[]; promised_photos: Row[] }

export class Tale {
  readonly lines: Line[] = [];
  /** For people: every step, with what chance chose. */
  readonly trace: string[] = [];
  private readonly told = new Set<string>();
  private readonly seen = new Map<string, Seen>();

  /** `holds`: whether the server has these bytes at this very moment. */
  constructor(private readonly holds: (id: string, sha256: string) => boolean) {}

  say(line: Line): void { this.lines.push(line); this.trace.push(`${line.act} ${line.outcome} ${line.id.slice(0, 8)}${line.client ? ` ${line.client}` : ""}`); }
  note(text: string): void { this.trace.push(text); }

  /** What the screens would say now: receipts, photos that are there; and whether anything left the phone too early. */
  async look(phone: Phone, uids: string[], proven: number, epoch: number): Promise<void> {
    for (const uid of uids) await this.lookAt(phone, uid, proven, epoch).catch(() => undefined);
  }

  private async lookAt(phone: Phone, uid: string, proven: number, epoch: number): Promise<void> {
    const db = await phone.app.program.accountDb(uid);
    const [records, outbox, media] = [await db.getAll("records"), await db.getAll("outbox"), await db.getAll("media")];
    if (phone.app.dead) return;
    for (const record of records) {
      const key = `${phone.name} ${uid} ${record.record_id}`;
      if (record.receipt) this.once("acknowledge", record.record_id, outbox.find((row) => row.record_id === record.record_id)?.content_sha256 ?? record.receipt.content_sha256);
      const here = new Set(media.map((row) => row.id).filter((id) => record.media.some((promise) => promise.id === id)));
      const before = this.seen.get(key);
      if (before) this.leaving(before, { bytes: outbox.some((row) => row.record_id === record.record_id), here }, record.record_id, proven, epoch, phone);
      this.seen.set(key, { receipt: record.receipt, at: phone.machine.now, photos: here, bytes: outbox.some((row) => row.record_id === record.record_id), here });
    }
    for (const row of media) if (row.state === "there") this.once("photo-there", row.id, row.sha256);
  }

  /** Bytes may leave a phone only when a proven backup holds them, and a week after they were received. */
  private leaving(before: Seen, now: { bytes: boolean; here: Set<string> }, id: string, proven: number, epoch: number, phone: Phone): void {
    const gone = (before.bytes && !now.bytes) || [...before.here].some((photo) => !now.here.has(photo));
    if (!gone) return;
    const { receipt } = before;
    const safe = receipt !== null && receipt.epoch === epoch && receipt.seq <= proven && phone.machine.now - Date.parse(receipt.received_at) >= 7 * 86_400_000 - 60_000;
    if (!safe) this.say({ act: "purge", id, outcome: "fail", client: phone.name });
  }

  /** Told once; that it was not so is a fault. */
  private once(act: Line["act"], id: string, sha256: string): void {
    if (this.told.has(`${act} ${id}`)) return;
    this.told.add(`${act} ${id}`);
    this.say({ act, id, outcome: "ok", sha256 });
    if (!this.holds(id, sha256)) this.say({ act, id, outcome: "fail" });
  }
}

/** Everything that the phones still have. Of two phones with one content, what one has is held. */
export async function holdings(phones: Phone[], uidsOf: (phone: Phone) => string[]): Promise<Holdings> {
  const all: Holdings = { phone_records: [], phone_photos: [], waiting: [], promised_photos: [] };
  for (const phone of phones) for (const uid of uidsOf(phone)) await addHoldings(all, phone.app, uid);
  return all;
}

async function addHoldings(all: Holdings, { program }: App, uid: string): Promise<void> {
  const db = await program.accountDb(uid);
  for (const row of await db.getAll("outbox")) {
    all.phone_records.push([row.record_id, row.content_sha256, ""]);
  }
  for (const row of await db.getAll("media")) {
    const bytes = await program.drafts.mediaPiece(db, row, 0, row.size);
    if (bytes) all.phone_photos.push([row.id, await program.sha256(bytes), ""]);
    if (row.state === "waiting" || row.state === "uploaded") all.waiting.push(`photo ${row.id}`);
  }
  for (const record of await db.getAll("records")) {
    if (!record.receipt) all.waiting.push(record.record_id);
    for (const promise of record.media) all.promised_photos.push([promise.id, promise.sha256, ""]);
  }
}
