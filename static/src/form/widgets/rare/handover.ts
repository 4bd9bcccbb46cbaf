// The hand-over file: everything of one officer that this phone has not handed over, as it lies here, for a phone that can't send any
// more. Lines of JSON; after the line of a photo come its bytes and a line's end. Signed as it is, not locked. PROTOCOL.md, 8.

import { accountDb, needMeta, type Db, type MediaRow } from "../../../db.ts";
import { isWhole } from "../../../drafts.ts";
import { ownSealed } from "../../../outbox.ts";
import { APP_VERSION } from "../../../surroundings.ts";
import type { SealedRecord } from "../../../shapes.ts";

export const FORMAT = "lantoa-handover/1";

export interface Handover { file: Blob; name: string; records: number; photos: number }
/** Written into the file before its records and photos. */
export interface Head { format: string; server_id: string; device_id: string; made_at: string; app_version: string; records: number; media: number }

/** Nothing on the phone changes by it: what is in the file still waits here. */
export async function handoverOf(account: string, now: Date): Promise<Handover> {
  const db = await accountDb(account);
  const [{ server_id, device_id }, records, photos] = [await needMeta(db, "identity"), await waitingRecords(db), await waitingPhotos(db)];
  const head: Head = { format: FORMAT, server_id, device_id, made_at: now.toISOString(), app_version: APP_VERSION, records: records.length, media: photos.length };
  const parts: BlobPart[] = [line(head), ...records.map(line)];
  for (const { id, record_id, question, sha256, size, kind, chunks } of photos) {
    parts.push(line({ id, record_id, question, sha256, size, kind }));
    // Each piece becomes the browser's at once: the whole is never in memory.
    for (let n = 0; n < chunks; n++) parts.push(new Blob([(await db.get("chunks", [id, n]))!]));
    parts.push("\n");
  }
  const name = `lan-toa-${now.toISOString().slice(0, 16).replace(/[:T]/g, "-")}.lantoa`;
  return { file: new Blob(parts, { type: "application/octet-stream" }), name, records: records.length, photos: photos.length };
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

/** In the order of finishing, under the key that this phone has now. */
async function waitingRecords(db: Db): Promise<SealedRecord[]> {
  const rows = await Promise.all((await db.getAllKeysFromIndex("outbox", "due")).map((id) => ownSealed(db, id)));
  return rows.flatMap((row) => row ?? []).sort((a, b) => a.device_seq - b.device_seq).map((row) => row.sealed);
}

/** Of records that were sent, too: their photos may still be here only. */
async function waitingPhotos(db: Db): Promise<MediaRow[]> {
  const rows = (await db.getAll("media")).filter((row) => row.state === "waiting" || row.state === "uploaded");
  const whole = await Promise.all(rows.map((row) => isWhole(db, row)));
  return rows.filter((_, n) => whole[n]);
}
