// What waits to be sent, read through the index of the queue: never more than a page of it is in memory.
// A row that was never tried is due by its number: always in the past, in the order of finishing. One that failed is due at a moment.
import { isDue, LONGEST_ITEM_MS, NEEDS_HELP_AFTER } from "./backoff.ts";
import { write, type Db } from "./db.ts";
import type { MediaRow, OutboxRow } from "./db.ts";
import type { Problem } from "./shapes.ts";

type Store = "outbox" | "media";
/** Moments are greater than this, numbers smaller. */
const FIRST_MOMENT = 1e11;
const LOOKED_AT = 1000, BEHIND = 200, WEIGHED = 100;

/** Ids of what is due now, the oldest first, at most `limit`; `skip` rows of the queue were looked at before and stay. */
export async function dueKeys(db: Db, store: Store, now: number, limit: number, skip = 0): Promise<string[]> {
  const keys: string[] = [];
  let cursor = await db.transaction(store).store.index("due").openKeyCursor();
  if (cursor && skip > 0) cursor = await cursor.advance(skip);
  while (cursor && keys.length < limit) {
    const due = isDue(cursor.key, now);
    if (due) keys.push(cursor.primaryKey);
    cursor = due ? await cursor.continue() : await cursor.continue(now + LONGEST_ITEM_MS + 1); // over all that rests
  }
  return keys;
}

/** The button hurries: what was postponed is tried now, and keeps its count of failures. */
export async function makeAllDue(db: Db, now: number): Promise<void> {
  await write(db, ["outbox", "media"], "relaxed", async (tx) => {
    for (const store of ["outbox", "media"] as const) {
      const index = tx.objectStore(store).index("due");
      for (let cursor = await index.openCursor(IDBKeyRange.lowerBound(now, true)); cursor; cursor = await cursor.continue()) {
        await cursor.update({ ...cursor.value, due_at: now } as OutboxRow & MediaRow);
      }
    }
  });
}

/** When to go on; null: nothing waits. A photo is never sent before its record: behind one that waits it says nothing; nor before `photosFrom`. */
export async function nextDue(db: Db, now: number, photosFrom: number): Promise<number | null> {
  const record = await earliest(db, "outbox", now);
  if (record !== null && record <= now) return now;
  const photo = await earliest(db, "media", now, async ({ record_id }) => (await db.get("records", record_id))?.receipt != null);
  const dues = [record, photo === null ? null : Math.max(photo, photosFrom)].filter((due) => due !== null);
  return dues.length > 0 ? Math.min(...dues) : null;
}

async function earliest(db: Db, store: Store, now: number, free?: (row: MediaRow) => Promise<boolean>): Promise<number | null> {
  for (let skip = 0; skip < BEHIND; skip++) {
    let cursor = await db.transaction(store).store.index("due").openKeyCursor();
    if (cursor && skip > 0) cursor = await cursor.advance(skip);
    if (!cursor) return null;
    const { key, primaryKey } = cursor;
    const row = free && await db.get("media", primaryKey);
    if (!free || (row && await free(row))) return isDue(key, now) ? now : key;
  }
  return null;
}

/** Records of which the text or a photo waits. */
export async function unsentIn(db: Db): Promise<number> {
  const ids = new Set((await db.getAllFromIndex("media", "due", null, LOOKED_AT)).map((row) => row.record_id));
  const texts = await Promise.all([...ids].map(async (id) => (await db.get("records", id))?.receipt == null));
  return await db.countFromIndex("outbox", "due") + texts.filter((waits) => !waits).length;
}

export interface Failed { id: string; record_id: string; failures: number; problem: Problem | null }

/** What failed before and waits for its next turn, by id. */
export async function failedRows(db: Db, store: Store): Promise<Failed[]> {
  const found: Failed[] = [];
  const range = IDBKeyRange.lowerBound(FIRST_MOMENT);
  for (let cursor = await db.transaction(store).store.index("due").openCursor(range); cursor && found.length < LOOKED_AT; cursor = await cursor.continue()) {
    const { record_id, failures, problem } = cursor.value;
    if (failures > 0) found.push({ id: cursor.primaryKey, record_id, failures, problem });
  }
  return found;
}

/** `since`: when the oldest record of them was finished. `needs_help`: records that failed, or whose photo did, too often. */
export interface Standing { records: number; photos: number; bytes: number; since: string | null; needs_help: number }

export async function standing(db: Db): Promise<Standing> {
  const [records, photos, failed] = await Promise.all([
    db.countFromIndex("outbox", "due"), db.countFromIndex("media", "due"), Promise.all([failedRows(db, "outbox"), failedRows(db, "media")]).then((both) => both.flat()),
  ]);
  const helpless = new Set(failed.filter((row) => row.failures >= NEEDS_HELP_AFTER).map((row) => row.record_id));
  return { records, photos, bytes: await bytesOf(db, records, photos), since: await sinceOf(db, failed), needs_help: helpless.size };
}

async function sinceOf(db: Db, failed: Failed[]): Promise<string | null> {
  const first = await Promise.all([db.getAllFromIndex("outbox", "due", null, 1), db.getAllFromIndex("media", "due", null, 1)]);
  const ids = new Set([...first.flat(), ...failed].map((row) => row.record_id));
  const finished = await Promise.all([...ids].map(async (id) => (await db.get("records", id))?.finished_at));
  return finished.filter((at) => at !== undefined).sort()[0] ?? null;
}

/** As far as the first rows tell: exact for a queue of an ordinary length. */
async function bytesOf(db: Db, records: number, photos: number): Promise<number> {
  const [text, pictures] = [await db.getAllFromIndex("outbox", "due", null, WEIGHED), await db.getAllFromIndex("media", "due", null, LOOKED_AT)];
  const weight = (bytes: number[], all: number): number => bytes.reduce((sum, one) => sum + one, 0) * (bytes.length > 0 ? all / bytes.length : 0);
  return Math.round(weight(text.map(wireBytes), records) + weight(pictures.map((row) => row.size - row.offset), photos));
}

export const wireBytes = (row: OutboxRow): number => new TextEncoder().encode(JSON.stringify(row.sealed)).length;
