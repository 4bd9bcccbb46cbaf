// The registers on this phone as lists of items: from the sets of the account, the one-row `me`, and codes new in the field.
import { accountDb, needMeta, write, type SetRow } from "./db.ts";
import { allIn, searchKey } from "./text.ts";
import type { AttachedRef, Item, Me, RegisterSet } from "./shapes.ts";

const NEW_CODES = "members|new";
const ATTACHED = "file|";

export interface Registers {
  items(register: string): Item[];
  /** The label of a value; a value this phone doesn't know is its own label (a new code: the code). */
  label(register: string, value: string): string;
}

export const setKey = (register: string, unit: string | null): string => `${register}|${unit ?? ""}`;

/** Where the choices of a form's own CSV file are kept. */
export const attachedKey = (sha256: string): string => `${ATTACHED}${sha256}`;

/** The form's own files and the registers whose names they don't take. */
function own(rows: SetRow[], files: AttachedRef[]): SetRow[] {
  const keys = new Set(files.map((file) => attachedKey(file.sha256)));
  const names = new Set(files.filter(({ kind }) => kind === "csv").map(({ name }) => name.replace(/\.csv$/i, "")));
  return rows.filter((row) => (row.key.startsWith(ATTACHED) ? keys.has(row.key) : !names.has(row.set.register)));
}

/** All sets of the account, read once: the engine asks without waiting. */
export async function openRegisters(uid: string, files: AttachedRef[] = []): Promise<Registers> {
  const db = await accountDb(uid);
  const [all, me] = [await db.getAll("sets"), await needMeta(db, "me")];
  const rows = own(all, files);
  const lists = new Map<string, Item[]>([["me", [itemOfMe(me)]]]);
  const byName = new Map<string, Map<string, Item>>();
  const items = (register: string): Item[] => remembered(lists, register, () => itemsOf(rows, register));
  const named = (register: string): Map<string, Item> => remembered(byName, register, () => new Map(items(register).map((item) => [item.name, item])));
  return { items, label: (register, value) => named(register).get(value)?.label ?? codeIn(value) ?? value };
}

function remembered<V>(store: Map<string, V>, key: string, make: () => V): V {
  const known = store.get(key);
  if (known !== undefined) return known;
  const made = make();
  store.set(key, made);
  return made;
}

/** Several sets of one register are one list; an item that stands in two of them stands once, a confirmed new code as the register's. */
function itemsOf(rows: SetRow[], register: string): Item[] {
  const mine = rows.filter((row) => row.set.register === register);
  const items = mine.filter((row) => !isOwnSet(row.key)).flatMap((row) => rowsOf(row.set));
  const codes = new Set(items.map((item) => normalCode(item.label)));
  const pending = mine.filter((row) => isOwnSet(row.key)).flatMap((row) => rowsOf(row.set)).filter((item) => !codes.has(item.label));
  return [...new Map([...items, ...pending].map((item) => [item.name, item])).values()];
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
 * Typed twice it is the same item; a code that the register has gives the register's item.
 */
export async function addMemberCode(uid: string, typed: string, newId: string): Promise<Item> {
  const code = normalCode(typed);
  const known = (await openRegisters(uid)).items("members").find((item) => normalCode(item.label) === code);
  if (known) return known;
  const db = await accountDb(uid);
  const { unit } = await needMeta(db, "me");
  const name = `new:${newId}:${code}`;
  await write(db, ["sets"], "strict", async (tx) => {
    const old = await tx.objectStore("sets").get(NEW_CODES);
    const set = old?.set ?? { register: "members", unit, columns: ["name", "label", "unit", "from", "to", "pending"], rows: [] };
    await tx.objectStore("sets").put({ key: NEW_CODES, sha256: "", set: { ...set, rows: [...set.rows, [name, code, unit, "", "", "yes"]] } });
  });
  return { name, label: code, unit, from: "", to: "", pending: "yes" };
}

/** Whether a stored set came from the server, or was made here. */
export const isOwnSet = (key: string): boolean => key === NEW_CODES;
