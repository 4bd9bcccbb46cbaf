// Register sets of many rows: written to the phone in slices, so that it stays alive, and taken into use all at once.
// Under the set's key and hash lie blocks of folded text to search in, pages of rows, and the rows by value of a column.
// Searching them is big_registers.ts's.
import { write, type BigRow, type Db } from "./db.ts";
import { searchKey } from "./text.ts";
import type { RegisterSet } from "./shapes.ts";

/** Longer sets are never in memory as a whole. */
export const MOST_ROWS = 2_000;
export const BLOCK = 2_000, PAGE = 50;
const MOST_VALUES = 5_000; // of an indexed column
const AT_ONCE = 500; // entries of an index in one transaction

export const isBig = (set: RegisterSet): boolean => set.rows.length > MOST_ROWS;

/** What a row is searched by: its label, field and law, as short sets are (registers.ts). */
export const SEARCHED = ["label", "field", "law"];

const breath = (): Promise<void> => new Promise((resume) => { setTimeout(resume); });

/** All of it is in use when this resolves; until then the one before is. Throws StorageFull, and the one before stays. */
export async function keepBig(db: Db, key: string, sha256: string, set: RegisterSet): Promise<void> {
  await dropBlocks(db, rangeOf(key, sha256)); // of an attempt that was cut off
  try {
    for (let n = 0; n * BLOCK < set.rows.length; n++) {
      await keepBlock(db, key, sha256, set, n);
      await breath();
    }
    const indexed = await keepIndexes(db, key, sha256, set);
    const { register, unit, columns, rows } = set;
    await use(db, { key, sha256, register, unit, columns, count: rows.length, indexed });
  } catch (fault) {
    await dropBlocks(db, rangeOf(key, sha256)).catch(() => undefined);
    throw fault;
  }
  for (const range of othersThan(key, sha256)) await dropBlocks(db, range);
}

async function use(db: Db, row: BigRow): Promise<void> {
  await write(db, ["big", "sets"], "strict", async (tx) => {
    await tx.objectStore("big").put(row);
    await tx.objectStore("sets").delete(row.key);
  });
}

async function keepBlock(db: Db, key: string, sha256: string, { columns, rows }: RegisterSet, n: number): Promise<void> {
  const mine = rows.slice(n * BLOCK, (n + 1) * BLOCK);
  const searched = SEARCHED.map((column) => columns.indexOf(column)).filter((at) => at >= 0);
  const keys = linesOf(mine.map((row) => searchKey(searched.map((at) => row[at] ?? "").join(" "))));
  const names = linesOf(mine.map((row) => row[columns.indexOf("name")] ?? ""));
  await write(db, ["blocks"], "relaxed", async (tx) => {
    void tx.store.put(keys, [key, sha256, "keys", n]);
    void tx.store.put(names, [key, sha256, "names", n]);
    for (let at = 0; at < mine.length; at += PAGE) await tx.store.put(JSON.stringify(mine.slice(at, at + PAGE)), [key, sha256, "page", (n * BLOCK + at) / PAGE]);
  });
}

/** Each line between two breaks, the first and the last one's too: `\nname\n` finds a whole one. */
function linesOf(lines: string[]): { text: string; starts: Uint32Array } {
  const starts = new Uint32Array(lines.length);
  let at = 1;
  lines.forEach((line, n) => { starts[n] = at; at += line.length + 1; });
  return { text: `\n${lines.join("\n")}\n`, starts };
}

/** Columns of few values: which rows have which. The others are looked at row by row. */
async function keepIndexes(db: Db, key: string, sha256: string, { columns, rows }: RegisterSet): Promise<string[]> {
  const indexed: string[] = [];
  for (const [at, column] of columns.entries()) {
    if (column === "name" || column === "label") continue;
    const found = valuesOf(rows, at);
    if (!found) continue;
    const entries = [...found];
    for (let n = 0; n < entries.length; n += AT_ONCE) {
      await write(db, ["blocks"], "relaxed", async (tx) => {
        for (const [value, places] of entries.slice(n, n + AT_ONCE)) await tx.store.put(Uint32Array.from(places), [key, sha256, `of ${column}`, value]);
      });
      await breath();
    }
    indexed.push(column);
  }
  return indexed;
}

function valuesOf(rows: string[][], at: number): Map<string, number[]> | null {
  const found = new Map<string, number[]>();
  for (const [place, row] of rows.entries()) {
    const value = row[at] ?? "";
    const places = found.get(value);
    if (places) places.push(place);
    else found.set(value, [place]);
    if (found.size > MOST_VALUES) return null;
  }
  return found;
}

/** The set is no longer the officer's, or is a short one now. */
export async function dropBig(db: Db, key: string): Promise<void> {
  await write(db, ["big", "blocks"], "relaxed", async (tx) => {
    await tx.objectStore("big").delete(key);
    await tx.objectStore("blocks").delete(IDBKeyRange.bound([key], [key, []]));
  });
}

async function dropBlocks(db: Db, range: IDBKeyRange): Promise<void> {
  await write(db, ["blocks"], "relaxed", async (tx) => { await tx.store.delete(range); });
}

/** Arrays come after texts: [key, hash, []] is behind everything of that hash. */
const rangeOf = (key: string, sha256: string): IDBKeyRange => IDBKeyRange.bound([key, sha256], [key, sha256, []]);
const othersThan = (key: string, sha256: string): IDBKeyRange[] =>
  [IDBKeyRange.bound([key], [key, sha256], false, true), IDBKeyRange.bound([key, sha256, []], [key, []])];
