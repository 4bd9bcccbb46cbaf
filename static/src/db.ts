// The phone's databases: `lantoa` names the accounts, `lantoa-<account>` holds what one account recorded (D5).
// The only file that says indexedDB. What the rows mean is said by the modules that write them.
import { deleteDB, openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from "idb";
import type {
  Answers, Envelope, FigureNews, FormModel, FormRef, Me, MediaPromise, Problem, Receipt, RegisterSet, ReviewNews, SealedRecord, SetRef,
} from "./shapes.ts";
import type { PinnedKey } from "./keys.ts";

/** Who this phone is for one account; written at enrolment, kept until the phone is emptied. */
export interface Identity {
  account: string; device_id: string; token: string; server_id: string; epoch: number; zone: string;
  receipt_keys: PinnedKey[]; seal_keys: PinnedKey[]; enrolled_at: string; state: "active" | "revoked" | "unknown";
}
/** What the last signed answers said. `clock_offset_ms` = server's clock minus this phone's. */
export interface Contact { at: string | null; clock_offset_ms: number | null; backup_seq: number; cursor: number; demo: boolean }
/** What a list shows of a record: no codes, no names. `name`: what the form itself calls it (instance_name). `trial`: of a draft of its form, counted nowhere. */
export interface Outline { held_on: string; unit: string; place: string; method: string; heads: string; name?: string; trial?: boolean }
/** The last finished record of a form: what the next one may copy; all of it only where the form itself reads it. */
export interface LastSession extends Outline { form_id: string; answers: Record<string, string>; record?: Answers }

export interface Meta {
  sentinel: { account: string; made_at: string };
  identity: Identity; keys: CryptoKeyPair; me: Me; contact: Contact; figures: FigureNews[];
  form_refs: FormRef[]; set_refs: SetRef[]; app_too_old: boolean; device_seq: number;
}
export interface FormRow { key: string; sha256: string; model: FormModel }
export interface SetRow { key: string; sha256: string; set: RegisterSet }
/** A set that is too long to be read as a whole: its rows lie in `blocks`, under its key and hash (big_sets.ts). `indexed`: columns that have one. */
export interface BigRow { key: string; sha256: string; register: string; unit: string | null; columns: string[]; count: number; indexed: string[] }
/** The keys of a block's rows, folded, a line each, and where each line begins; names in the same way; a page of rows as JSON; rows by a value. */
export type Block = { text: string; starts: Uint32Array } | string | Uint32Array;

export interface DraftRow {
  record_id: string; form_id: string; form_version: string; intent: "new" | "correct";
  replaces: string | null; root_id: string; reason: string | null;
  opened_at: string; saved_at: string; answers: Answers; outline: Outline; review: ReviewNews | null;
  language?: string; place?: Place;
}
/** Where in its form a draft was left: page, row opened on it, id of the question in focus. `open`: it was on the screen. */
export interface Place { page: string; row?: string; question?: string; scroll?: number; open: boolean }
/** One own record, from finish on: what lists show. Its answers are in its bytes (OutboxRow), nowhere twice. */
export interface RecordRow {
  record_id: string; root_id: string; replaces: string | null; intent: Envelope["intent"]; reason: string | null;
  form_id: string; form_version: string; finished_at: string; outline: Outline; media: MediaPromise[];
  device_seq: number; receipt: Receipt | null; review: ReviewNews | null;
}
/** The bytes to send. `due_at` is there only while they are still to be sent: it is the index of the queue. */
export interface OutboxRow {
  record_id: string; device_seq: number; content_sha256: string; sealed: SealedRecord;
  due_at?: number; failures: number; problem: Problem | null;
}
export interface MediaRow {
  id: string; record_id: string; question: string; sha256: string; size: number; kind: string; taken_at: string;
  source: "camera" | "file"; chunks: number; state: "draft" | "waiting" | "uploaded" | "there";
  created: boolean; offset: number; due_at?: number; failures: number; problem: Problem | null;
}

export interface AccountSchema extends DBSchema {
  meta: { key: string; value: unknown };
  forms: { key: string; value: FormRow };
  sets: { key: string; value: SetRow };
  big: { key: string; value: BigRow };
  blocks: { key: [set: string, sha256: string, kind: string, at: number | string]; value: Block };
  drafts: { key: string; value: DraftRow };
  records: { key: string; value: RecordRow; indexes: { root: string } };
  outbox: { key: string; value: OutboxRow; indexes: { due: number } };
  media: { key: string; value: MediaRow; indexes: { due: number; record: string } };
  chunks: { key: [string, number]; value: ArrayBuffer };
  last: { key: string; value: LastSession };
}
export type Db = IDBPDatabase<AccountSchema>;
export type StoreName = StoreNames<AccountSchema>;
export type WriteTx<S extends StoreName[]> = IDBPTransaction<AccountSchema, S, "readwrite">;

interface DirectorySchema extends DBSchema {
  accounts: { key: string; value: { uid: string; enrolled_at: string } };
  settings: { key: string; value: string };
}

/** The phone has no room: nothing was saved, what was there before is still there. */
export class StorageFull extends Error { override name = "StorageFull" }
/** The store of a known account is empty or gone: told, never silently made anew. */
export class StoreLost extends Error { override name = "StoreLost" }
/** The browser can't open or keep the store just now. */
export class StorageBroken extends Error { override name = "StorageBroken" }

export const DIRECTORY = "lantoa";
const VERSION = 2;
const nameOf = (uid: string): string => `lantoa-${uid}`;
const open = new Map<string, Promise<Db>>();

let directoryNow: Promise<IDBPDatabase<DirectorySchema>> | null = null;

/** Opened once: home waits for what it says. */
function directory(): Promise<IDBPDatabase<DirectorySchema>> {
  const forget = (): void => { directoryNow = null; };
  return directoryNow ??= openDB<DirectorySchema>(DIRECTORY, 1, {
    upgrade(db) {
      db.createObjectStore("accounts", { keyPath: "uid" });
      db.createObjectStore("settings");
    },
    blocking: (_now, _wanted, event) => { forget(); (event.target as IDBDatabase).close(); },
    terminated: forget,
  });
}

async function inDirectory<T>(work: (db: IDBPDatabase<DirectorySchema>) => Promise<T>): Promise<T> {
  try {
    return await work(await directory());
  } catch (fault) {
    directoryNow = null; // whoever asks next gets a new connection
    throw asStorageFault(fault);
  }
}

/** Accounts that the directory names: what the first picture of home needs. */
export const listedAccounts = (): Promise<string[]> => inDirectory((db) => db.getAllKeys("accounts"));

/** Accounts of this phone; a store whose line in the directory was lost is found by its name. */
export async function accounts(): Promise<string[]> {
  const listed = await listedAccounts();
  const found = await indexedDB.databases?.().catch(() => []) ?? [];
  const named = found.flatMap(({ name }) => (name?.startsWith("lantoa-") ? [name.slice("lantoa-".length)] : []));
  const unlisted = named.filter((uid) => !listed.includes(uid));
  // One without a sentinel never finished enrolling: it holds nothing.
  const whole = await Promise.all(unlisted.map((uid) => accountDb(uid).then(() => true, () => false)));
  return [...listed, ...unlisted.filter((_, n) => whole[n])].sort();
}

export const currentAccount = (): Promise<string | undefined> => inDirectory((db) => db.get("settings", "current"));

export async function chooseAccount(uid: string): Promise<void> {
  await inDirectory((db) => db.put("settings", uid, "current"));
}

/** Open the store of an account that was made before. StoreLost if it is empty. */
export function accountDb(uid: string): Promise<Db> {
  const known = open.get(uid);
  if (known) return known;
  const opening = openKnown(uid);
  open.set(uid, opening);
  opening.catch(() => open.delete(uid));
  return opening;
}

async function openKnown(uid: string): Promise<Db> {
  const db = await openStores(uid);
  if (await db.get("meta", "sentinel")) return db;
  db.close();
  throw new StoreLost(uid);
}

/** Make (or find) the store of an account that enrols now, and name it in the directory. */
export async function makeAccount(uid: string, first: Partial<Meta> & Pick<Meta, "identity" | "keys">): Promise<Db> {
  const db = await openStores(uid);
  const made_at = first.identity.enrolled_at;
  await write(db, ["meta"], "strict", async (tx) => {
    const meta = tx.objectStore("meta");
    for (const [key, value] of Object.entries(first)) await meta.put(value, key);
    await meta.put({ account: uid, made_at }, "sentinel");
  });
  await inDirectory((list) => list.put("accounts", { uid, enrolled_at: made_at }));
  open.set(uid, Promise.resolve(db));
  return db;
}

function openStores(uid: string): Promise<Db> {
  const forget = (): void => { open.delete(uid); };
  return openDB<AccountSchema>(nameOf(uid), VERSION, {
    upgrade: (db, from) => { if (from < 1) makeStores(db); if (from < 2) makeBigStores(db); },
    // Another tab wants a newer version: every answer is already in its own transaction, so let go at once.
    blocking: (_now, _wanted, event) => { forget(); (event.target as IDBDatabase).close(); },
    terminated: forget,
  }).catch((fault: unknown) => { throw asStorageFault(fault); });
}

function makeStores(db: Db): void {
  db.createObjectStore("meta");
  db.createObjectStore("forms", { keyPath: "key" });
  db.createObjectStore("sets", { keyPath: "key" });
  db.createObjectStore("drafts", { keyPath: "record_id" });
  db.createObjectStore("records", { keyPath: "record_id" }).createIndex("root", "root_id");
  db.createObjectStore("outbox", { keyPath: "record_id" }).createIndex("due", "due_at");
  const media = db.createObjectStore("media", { keyPath: "id" });
  media.createIndex("due", "due_at");
  media.createIndex("record", "record_id");
  db.createObjectStore("chunks");
  db.createObjectStore("last", { keyPath: "form_id" });
}

/** Long sets that lie in `sets` still move over with the next news (news.ts): folding them here would hold up the opening. */
function makeBigStores(db: Db): void {
  db.createObjectStore("big", { keyPath: "key" });
  db.createObjectStore("blocks");
}

export async function meta<K extends keyof Meta>(db: Db, key: K): Promise<Meta[K] | undefined> {
  return await db.get("meta", key) as Meta[K] | undefined;
}

/** The server's clock, as far as its last answer lets us tell: a phone's own may be ten years off. */
export const serverTime = (contact: Contact | undefined, now: Date): number => now.getTime() + (contact?.clock_offset_ms ?? 0);

/** As `meta`, for what enrolment always wrote. */
export async function needMeta<K extends keyof Meta>(db: Db, key: K): Promise<Meta[K]> {
  const value = await meta(db, key);
  if (value === undefined) throw new StoreLost(`${db.name}: no ${key}`);
  return value;
}

/**
 * One writing transaction; resolves after `complete`, so that what follows may say "saved".
 * A put that succeeded may still be undone by a full disk when the transaction ends: that comes out as StorageFull.
 * `work` awaits nothing but this transaction.
 */
export async function write<S extends StoreName[], T>(
  db: Db, stores: [...S], durability: "strict" | "relaxed", work: (tx: WriteTx<S>) => Promise<T> | T,
): Promise<T> {
  let tx: WriteTx<S> | undefined;
  try {
    tx = db.transaction(stores as S, "readwrite", { durability }) as WriteTx<S>;
    const value = await work(tx);
    await tx.done;
    return value;
  } catch (fault) {
    if (!tx) open.delete(db.name.slice("lantoa-".length)); // the connection is gone: the next one who asks gets a new one
    throw asStorageFault(tx ? await undo(tx, fault) : fault);
  }
}

async function undo(tx: { abort(): void; done: Promise<void>; error: DOMException | null }, fault: unknown): Promise<unknown> {
  try { tx.abort(); } catch { /* it ended already */ }
  await tx.done.catch(() => undefined);
  return tx.error?.name === "QuotaExceededError" ? tx.error : fault;
}

function asStorageFault(fault: unknown): unknown {
  if (!(fault instanceof Error || fault instanceof DOMException)) return fault;
  if (fault.name === "QuotaExceededError") return new StorageFull(fault.message, { cause: fault });
  if (["UnknownError", "InvalidStateError", "VersionError", "AbortError"].includes(fault.name)) {
    return new StorageBroken(`${fault.name}: ${fault.message}`, { cause: fault });
  }
  return fault;
}

/** Close what is open (before the app is replaced, and between tests). */
export async function closeAll(): Promise<void> {
  const all: Promise<{ close(): void }>[] = [...open.values(), ...directoryNow ? [directoryNow] : []];
  open.clear();
  directoryNow = null;
  for (const opening of all) await opening.then((db) => db.close(), () => undefined);
}

/** Only for an account that never finished enrolling. */
export async function dropAccount(uid: string): Promise<void> {
  open.delete(uid);
  await deleteDB(nameOf(uid));
  await inDirectory((list) => list.delete("accounts", uid));
}
