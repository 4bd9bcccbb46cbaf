// The registers on this phone as lists of items: from the sets of the account, the one-row `me`, and codes new in the field.
import { PartMissing } from "./parts.ts";
import type { BigRegister } from "./rare_registers.ts";
import { accountDb, needMeta, write, type BigRow, type Db, type SetRow } from "./db.ts";
import { attachedKey, isAttached, isOwnSet, NEW_CODES } from "./set_keys.ts";
import { allIn, searchKey } from "./text.ts";
import type { AttachedRef, Item, Me, RegisterSet } from "./shapes.ts";

export interface Registers {
  items(register: string): Item[];
  /** The label of a value; a value this phone doesn't know is its own label (a new code: the code). */
  label(register: string, value: string): string;
  /** A register too long for memory, to be searched; null: `items` has all of it. */
  big(register: string): BigRegister | null;
  /** Items of a long register that the record names from now on. */
  add(register: string, items: Item[]): void;
  /** While `work` runs, these are the items of the register. */
  over<T>(register: string, items: Item[], work: () => T): T;
}

/** What is known of a record before it is opened: of the long registers that its form reads, only items of these values are there at once. */
export interface Named { files?: AttachedRef[] | undefined; registers?: readonly string[]; values?: readonly string[] }

/** The form's own files and the registers whose names they don't take. */
function own<Row extends { key: string }>(rows: Row[], files: AttachedRef[], registerOf: (row: Row) => string): Row[] {
  const keys = new Set(files.map((file) => attachedKey(file.sha256)));
  const names = new Set(files.filter(({ kind }) => kind === "csv").map(({ name }) => name.replace(/\.csv$/i, "")));
  return rows.filter((row) => (isAttached(row.key) ? keys.has(row.key) : !names.has(registerOf(row))));
}

type Stored = [sets: SetRow[], long: BigRow[], me: Me];
/** What is in the store of them: whoever opens a form reads it beside the rest. */
export const registersHeld = (db: Db): Promise<Stored> => Promise.all([db.getAll("sets"), db.getAll("big"), needMeta(db, "me")]);

/** All short sets of the account, read once: the engine asks without waiting. Of long ones, what the record names. */
export async function openRegisters(uid: string, { files = [], registers = [], values = [] }: Named = {}, held?: Stored): Promise<Registers> {
  const db = await accountDb(uid);
  const [all, long, me] = held ?? await registersHeld(db);
  const rows = own(all, files, (row) => row.set.register);
  const big = await bigOf(own(long, files, (row) => row.register), db);
  const picked = new Map<string, Item[]>();
  const names = new Set([...values, me.unit, me.organisation, me.rapporteur].flatMap((value) => value.split(" ")).filter(Boolean));
  for (const [register, one] of big) if (registers.includes(register)) picked.set(register, await one.named(names));
  return new Held(rows, me, big, picked);
}

/** Few phones have such a one; theirs hold the part that searches it (news.ts). */
async function bigOf(rows: BigRow[], db: Db): Promise<Map<string, BigRegister>> {
  const names = [...new Set(rows.map((row) => row.register))];
  if (names.length === 0) return new Map();
  const part = await import("./rare_registers.ts").catch((cause: unknown) => { throw new PartMissing("rare_registers", { cause }); });
  return new Map(names.map((register) => [register, new part.BigRegister(db, register, rows.filter((row) => row.register === register))]));
}

class Held implements Registers {
  readonly #lists: Map<string, Item[]>;
  readonly #byName = new Map<string, Map<string, Item>>();

  constructor(readonly rows: SetRow[], me: Me, readonly long: Map<string, BigRegister>, readonly picked: Map<string, Item[]>) {
    this.#lists = new Map([["me", [itemOfMe(me)]]]);
  }

  readonly items = (register: string): Item[] => remembered(this.#lists, register, () => itemsOf(this.rows, register, this.picked.get(register)));

  label(register: string, value: string): string {
    const named = remembered(this.#byName, register, () => new Map(this.items(register).map((item) => [item.name, item])));
    return named.get(value)?.label ?? codeIn(value) ?? value;
  }

  big(register: string): BigRegister | null { return this.long.get(register) ?? null; }

  add(register: string, items: Item[]): void {
    this.picked.set(register, [...this.picked.get(register) ?? [], ...items]);
    this.#forget(register);
  }

  over<T>(register: string, items: Item[], work: () => T): T {
    this.#forget(register);
    this.#lists.set(register, items);
    try { return work(); } finally { this.#forget(register); }
  }

  #forget(register: string): void {
    this.#lists.delete(register);
    this.#byName.delete(register);
  }
}

function remembered<V>(store: Map<string, V>, key: string, make: () => V): V {
  const known = store.get(key);
  if (known !== undefined) return known;
  const made = make();
  store.set(key, made);
  return made;
}

/** Several sets of one register are one list; an item that stands in two of them stands once, a confirmed new code as the register's. */
function itemsOf(rows: SetRow[], register: string, picked: Item[] = []): Item[] {
  const mine = rows.filter((row) => row.set.register === register);
  const items = mine.filter((row) => !isOwnSet(row.key)).flatMap((row) => rowsOf(row.set));
  const codes = new Set(items.map((item) => normalCode(item.label)));
  const pending = mine.filter((row) => isOwnSet(row.key)).flatMap((row) => rowsOf(row.set)).filter((item) => !codes.has(item.label));
  return [...new Map([...items, ...picked, ...pending].map((item) => [item.name, item])).values()];
}

export function rowsOf({ columns, rows }: RegisterSet): Item[] {
  return rows.map((row) => ({ name: "", label: "", ...Object.fromEntries(columns.map((column, n) => [column, row[n] ?? ""])) }));
}

export function itemOfMe(me: Me): Item {
  return { name: "me", label: me.name, unit: me.unit, organisation: me.organisation, rapporteur: me.rapporteur, t2_mode: me.t2_mode };
}

const keys = new WeakMap<Item, string>();
const keyOf = (item: Item): string => {
  const known = keys.get(item) ?? searchKey(`${item.label} ${item["field"] ?? ""} ${item["law"] ?? ""}`);
  keys.set(item, known);
  return known;
};

/** Items whose label (or field, or law) holds every word of the query, marks or not: "duong" finds "đường". */
export function search(items: Item[], query: string): Item[] {
  const words = searchKey(query).split(" ").filter(Boolean);
  return words.length === 0 ? items : items.filter((item) => allIn(words, keyOf(item)));
}

/** A code as it is compared: spaces out, capitals, one kind of dash. */
export const normalCode = (code: string): string => code.normalize("NFC").toUpperCase().replace(/\s+/g, "").replace(/[‐-―]/g, "-");

/** The code inside `new:<uuid>:<code>`. */
export const codeIn = (value: string): string | undefined => /^new:[0-9a-f]{32}:(.+)$/.exec(value)?.[1];

/**
 * A member code that the register lacks (D17): one token without spaces, pending until the desk confirms it.
 * Typed twice it is the same item; a code that the register has gives the register's item. In a trial the register keeps nothing.
 */
export async function addMemberCode(uid: string, typed: string, newId: string, trial = false): Promise<Item> {
  const code = normalCode(typed);
  const known = (await openRegisters(uid)).items("members").find((item) => normalCode(item.label) === code);
  if (known) return known;
  const db = await accountDb(uid);
  const { unit } = await needMeta(db, "me");
  const name = `new:${newId}:${code}`;
  if (!trial) await write(db, ["sets"], "strict", async (tx) => {
    const old = await tx.objectStore("sets").get(NEW_CODES);
    const set = old?.set ?? { register: "members", unit, columns: ["name", "label", "unit", "from", "to", "pending"], rows: [] };
    await tx.objectStore("sets").put({ key: NEW_CODES, sha256: "", set: { ...set, rows: [...set.rows, [name, code, unit, "", "", "yes"]] } });
  });
  return { name, label: code, unit, from: "", to: "", pending: "yes" };
}
