// Walking through a store page by page: a phone may hold a hundred thousand rows, and one page of them at a time is in memory.
import type { AccountSchema, Db } from "./db.ts";

const ROWS = 500;
type Paged = "records" | "media";
type Row<S extends Paged> = AccountSchema[S]["value"];

/** In the order of the keys; a row that comes while this walks may be left out. */
export async function* pages<S extends Paged>(db: Db, store: S): AsyncGenerator<Row<S>[]> {
  for (let after = ""; ;) {
    const rows = await db.getAll(store, IDBKeyRange.lowerBound(after, true), ROWS) as Row<S>[];
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS) return;
    const last = rows[ROWS - 1]!;
    after = "id" in last ? last.id : last.record_id;
  }
}
