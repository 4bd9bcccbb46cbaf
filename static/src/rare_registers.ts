// Rare part: registers too long for memory, searched without marks in blocks of folded text, a few at a time; only hits become items.
// How the blocks are written is big_sets.ts's; which ones a record names is remembered by registers.ts.
import { BLOCK, PAGE } from "./big_sets.ts";
import type { BigRow, Db } from "./db.ts";
import { searchKey } from "./text.ts";
import type { Item } from "./shapes.ts";

/** `equal`: columns that must have these values. `passes`: what else a choice filter leaves of some items. */
export interface Wanted { query: string; equal: [column: string, value: string][]; most: number; passes?: ((items: Item[]) => Item[]) | undefined }
/** `count`: all hits, null while they are still being counted. */
export interface Found { items: Item[]; count: number | null }

interface Lines { text: string; starts: Uint32Array }
interface Place { row: BigRow; at: number }
/** Hits by how well they fit: the label begins so, a word begins so, it is somewhere inside. */
interface Ranked { ranks: [Place[], Place[], Place[]]; count: number }
const BLOCKS_AT_ONCE = 6;
const SEEN = 12; // that many a screen shows: they are told before the others

export class BigRegister {
  readonly #keys: string[];
  /** Where the last search found something: a longer query finds nothing elsewhere. */
  #last: { equal: string; words: string[]; blocks: Set<string> } | null = null;

  readonly size: number;

  /** `rows`: its sets as they are now; one that is replaced later is found by its key. */
  constructor(readonly db: Db, readonly register: string, rows: BigRow[]) {
    this.#keys = rows.map((row) => row.key);
    this.size = rows.reduce((sum, row) => sum + row.count, 0);
  }

  /** The best that a screen shows as soon as they are sure, then all that are wanted, then with the count of all. Ends when `stale` says so. */
  async *find(wanted: Wanted, stale: () => boolean): AsyncGenerator<Found> {
    const words = searchKey(wanted.query).split(" ").filter(Boolean);
    const [equal, blocks] = [JSON.stringify(wanted.equal), new Set<string>()];
    const only = this.#narrows(equal, words);
    const found: Ranked = { ranks: [[], [], []], count: 0 };
    let told = 0;
    for await (const { row, at, lines, among } of this.#blocks(wanted, only)) {
      if (stale()) return;
      const before = found.count;
      if (lines) await this.#look(wanted, words, { row, at, lines, among }, found);
      if (found.count > before) blocks.add(`${row.key} ${at}`);
      const sure = surely(found.ranks[0].length, wanted.most);
      if (sure <= told) continue;
      told = sure;
      yield { items: await this.#items(bestOf(found, sure)), count: null };
    }
    this.#last = { equal, words, blocks };
    if (told === 0 && found.count > SEEN && wanted.most > SEEN && !stale()) yield { items: await this.#items(bestOf(found, SEEN)), count: null };
    if (!stale()) yield { items: await this.#items(bestOf(found, wanted.most)), count: found.count };
  }

  /** The items of these names, as far as the register has them. */
  async named(names: ReadonlySet<string>): Promise<Item[]> {
    const places: Place[] = [];
    for (const row of await this.#rows()) {
      for (let at = 0; at * BLOCK < row.count && places.length < names.size; at++) {
        const lines = await this.db.get("blocks", [row.key, row.sha256, "names", at]) as Lines | undefined;
        if (lines) places.push(...namedIn(lines, names).map((n) => ({ row, at: at * BLOCK + n })));
      }
    }
    return this.#items(places);
  }

  async #rows(): Promise<BigRow[]> {
    return (await Promise.all(this.#keys.map((key) => this.db.get("big", key)))).filter((row) => row !== undefined);
  }

  #narrows(equal: string, words: string[]): Set<string> | null {
    const last = this.#last;
    const narrower = last?.equal === equal && last.words.every((old) => words.some((word) => word.includes(old)));
    return narrower ? last.blocks : null;
  }

  /** Blocks that may have hits, several in one reading. `among`: the rows of the block that an index leaves, null: all. */
  async *#blocks({ equal }: Wanted, only: Set<string> | null): AsyncGenerator<{ row: BigRow; at: number; lines: Lines | undefined; among: Set<number> | null }> {
    for (const row of await this.#rows()) {
      const among = await this.#indexed(row, equal);
      const count = Math.ceil(row.count / BLOCK);
      const wanted = Array.from({ length: count }, (_, at) => at).filter((at) => (!only || only.has(`${row.key} ${at}`)) && (!among || among.has(at)));
      for (let n = 0; n < wanted.length; n += BLOCKS_AT_ONCE) {
        const some = wanted.slice(n, n + BLOCKS_AT_ONCE);
        const read = this.db.transaction("blocks").store;
        const texts = await Promise.all(some.map((at) => read.get([row.key, row.sha256, "keys", at]) as Promise<Lines | undefined>));
        for (const [k, at] of some.entries()) yield { row, at, lines: texts[k], among: among?.get(at) ?? null };
      }
    }
  }

  /** By block, the rows that have all these values, as far as indexes know; null: no index helps. */
  async #indexed(row: BigRow, equal: Wanted["equal"]): Promise<Map<number, Set<number>> | null> {
    const known = equal.filter(([column]) => row.indexed.includes(column));
    if (known.length === 0) return null;
    const lists = await Promise.all(known.map(([column, value]) => this.db.get("blocks", [row.key, row.sha256, `of ${column}`, value]) as Promise<Uint32Array | undefined>));
    const sets = lists.map((list) => new Set(list ?? []));
    const byBlock = new Map<number, Set<number>>();
    for (const place of [...sets[0]!].filter((one) => sets.every((set) => set.has(one)))) {
      const at = Math.floor(place / BLOCK);
      byBlock.set(at, (byBlock.get(at) ?? new Set()).add(place % BLOCK));
    }
    return byBlock;
  }

  async #look(wanted: Wanted, words: string[], { row, at, lines, among }: { row: BigRow; at: number; lines: Lines; among: Set<number> | null }, found: Ranked): Promise<void> {
    let hits = words.length === 0 ? everyRow(lines, among) : hitsIn(lines, words, among);
    const unknown = wanted.equal.filter(([column]) => !row.indexed.includes(column));
    if (unknown.length > 0 || wanted.passes) hits = await this.#passing(hits, row, at, unknown, wanted.passes);
    found.count += hits.length;
    for (const [n, rank] of hits) {
      const bucket = found.ranks[rank]!;
      if (bucket.length < wanted.most) bucket.push({ row, at: at * BLOCK + n });
    }
  }

  /** What no index knows is asked of the items themselves, a block's hits at a time. */
  async #passing(hits: [number, number][], row: BigRow, at: number, equal: Wanted["equal"], passes: Wanted["passes"]): Promise<[number, number][]> {
    const items = await this.#items(hits.map(([n]) => ({ row, at: at * BLOCK + n })));
    const alike = items.filter((item) => equal.every(([column, value]) => (item[column] ?? "") === value));
    const names = new Set((passes ? passes(alike) : alike).map((item) => item.name));
    return hits.filter((_, k) => names.has(items[k]?.name ?? ""));
  }

  /** In the order of the places; the pages that hold them are read together. */
  async #items(places: Place[]): Promise<Item[]> {
    const pageOf = ({ row, at }: Place): string => `${row.key} ${Math.floor(at / PAGE)}`;
    const read = this.db.transaction("blocks").store;
    const wanted = [...new Map(places.map((place) => [pageOf(place), place])).values()];
    const texts = await Promise.all(wanted.map(({ row, at }) => read.get([row.key, row.sha256, "page", Math.floor(at / PAGE)]) as Promise<string | undefined>));
    const pages = new Map(wanted.map((place, n) => [pageOf(place), JSON.parse(texts[n] ?? "[]") as string[][]]));
    return places.flatMap((place) => itemOf(place.row.columns, pages.get(pageOf(place))?.[place.at % PAGE]));
  }
}

function itemOf(columns: string[], values: string[] | undefined): Item[] {
  return values ? [{ name: "", label: "", ...Object.fromEntries(columns.map((column, n) => [column, values[n] ?? ""])) }] : [];
}

/** How many of the best are worth telling: what a screen shows, then all that are wanted. */
const surely = (best: number, most: number): number => (best >= most ? most : best >= SEEN ? SEEN : 0);

const bestOf = ({ ranks }: Ranked, most: number): Place[] => ranks.flat().slice(0, most);

function everyRow({ starts }: Lines, among: Set<number> | null): [number, number][] {
  return among ? [...among].map((n) => [n, 0]) : Array.from(starts, (_, n) => [n, 0]);
}

/** Row and rank of each line that has all words; the longest word is looked for, the others where it stands. */
function hitsIn({ text, starts }: Lines, words: string[], among: Set<number> | null): [number, number][] {
  const longest = words.reduce((a, b) => (b.length > a.length ? b : a));
  const hits: [number, number][] = [];
  let n = 0;
  for (let at = text.indexOf(longest); at >= 0; at = text.indexOf(longest, starts[n] ?? text.length)) {
    while (n < starts.length && starts[n]! <= at) n++; // the line after the hit: the search goes on there
    const [from, to] = [starts[n - 1]!, (starts[n] ?? text.length) - 1];
    if (among && !among.has(n - 1)) continue;
    const line = text.slice(from, to);
    if (words.length === 1 || words.every((word) => line.includes(word))) hits.push([n - 1, rankOf(line, words[0]!)]);
    if (n >= starts.length) break;
  }
  return hits;
}

function rankOf(line: string, word: string): number {
  if (line.startsWith(word)) return 0;
  return line.includes(` ${word}`) ? 1 : 2;
}

function namedIn({ text, starts }: Lines, names: ReadonlySet<string>): number[] {
  return [...names].flatMap((name) => {
    const at = text.indexOf(`\n${name}\n`);
    return at < 0 ? [] : [starts.indexOf(at + 1)];
  });
}
