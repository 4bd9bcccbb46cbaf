// The phone's databases: `lantoa` names the accounts, `lantoa-<account>` holds what one account recorded (D5).
// The only file that says indexedDB. What the rows mean is said by the modules that write them.
import { deleteDB, openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from "idb";
import type {
  Answers, Envelope, FigureNews, FormModel, FormRef, Loss, Me, MediaPromise, Problem, Receipt, RegisterSet, ReviewNews, SealedRecord, SetRef,
} from "./shapes.ts";
import type { PinnedKey } from "./keys.ts";

/** Who this phone is for one account; written at enrolment, kept until the phone is emptied. */
export interface Identity {
  account: string; device_id: string; token: string; server_id: string; epoch: number; zone: string;
  receipt_keys: PinnedKey[]; seal_keys: PinnedKey[]; enrolled_at: string; state: "active" | "revoked" | "unknown";
  /** Offered, and not yet answered (P-04). `wiped`: the server's order to forget was obeyed (P-18). */
  next_token?: string; wiped?: { at: string; records: number };
}
/** What the last signed answers said. `clock_offset_ms` = server's clock minus this phone's. `all_told_at`: when all was offered, by the server's clock. `told_at`: the moment of the last signed answer, by the server's clock. */
export interface Contact {
  at: string | null; clock_offset_ms: number | null; backup_seq: number; cursor: number; demo: boolean; all_told_at?: string; told_at?: string; restored_at?: string | null;
}
/** What a list shows of a record: no codes, no names. `name`: what the form itself calls it (instance_name). `trial`: of a draft of its form, counted nowhere. */
export interface Outline { held_on: string; unit: string; place: string; method: string; heads: string; name?: string; trial?: boolean }
/** The last finished record of a form: what the next one may copy; all of it only where the form itself reads it. */
export interface LastSession extends Outline { form_id: string; answers: Record<string, string>; record?: Answers }

export interface Meta {
  /** `seq`: how far the device had counted then; losses up to there were told. */
  sentinel: { account: string; made_at: string; seq?: number };
  identity: Identity; keys: CryptoKeyPair; me: Me; contact: Contact; figures: FigureNews[];
  form_refs: FormRef[]; set_refs: SetRef[]; app_too_old: boolean; device_seq: number;
  /** How many records of other phones the server told of, when they were fetched last; and what an emptied phone of this officer had not sent. */
  own: number; loss: Loss;
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
  /** Made on another phone of this officer: its bytes are here only when they were asked for (own.ts). */
  elsewhere?: true;
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

/** A code that was sent and not answered yet, with the key it was sent with: sent again it is the same device (P-51). */
export interface Pending { code: string; keys: CryptoKeyPair; asked_at: string }

interface DirectorySchema extends DBSchema {
  accounts: { key: string; value: { uid: string; enrolled_at: string } };
  settings: { key: string; value: string | Pending };
}

/** The phone has no room: nothing was saved, what was there before is still there. */
export class StorageFull extends Error { override name = "StorageFull" }
/** The store of a known account is empty or gone: told, never silently made anew. `message` is the account, `left` how many records lie there still. */
export class StoreLost extends Error {
  override name = "StoreLost";
  constructor(account: string, readonly left = 0) { super(account); }
}
/** The browser can't open or keep the store just now. */
export class StorageBroken extends Error { override name = "StorageBroken" }

export const DIRECTORY = "lantoa";
const VERSION = 2;
/** Another window that has the store open in an older version lets go at once; one that hangs doesn't. */
const BLOCKED_MS = 5_000;
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

/** Accounts of this phone; a store whose line in the directory was lost is found by its name, and gets its line back. */
export async function accounts(): Promise<string[]> {
  const listed = await listedAccounts();
  const found = await indexedDB.databases?.().catch(() => []) ?? [];
  const named = found.flatMap(({ name }) => (name?.startsWith("lantoa-") ? [name.slice("lantoa-".length)] : []));
  const unlisted = named.filter((uid) => !listed.includes(uid));
  // One without a sentinel never finished enrolling: it holds nothing.
  const whole = await Promise.all(unlisted.map((uid) => accountDb(uid).then(() => true, () => false)));
  const back = unlisted.filter((_, n) => whole[n]);
  for (const uid of back) await list(uid, (await needMeta(await accountDb(uid), "sentinel")).made_at);
  return [...listed, ...back].sort();
}

/** Strict: a phone that forgot its accounts would look like a new one. */
const inDirectoryStrictly = (stores: ("accounts" | "settings")[], work: (tx: DirectoryTx) => unknown): Promise<void> => inDirectory(async (db) => {
  const tx = db.transaction(stores, "readwrite", { durability: "strict" });
  const done = work(tx);
  await Promise.all([done, tx.done]);
});
type DirectoryTx = IDBPTransaction<DirectorySchema, ("accounts" | "settings")[], "readwrite">;

const list = (uid: string, enrolled_at: string): Promise<void> => inDirectoryStrictly(["accounts"], (tx) => tx.objectStore("accounts").put({ uid, enrolled_at }));

export const currentAccount = (): Promise<string | undefined> => inDirectory((db) => db.get("settings", "current") as Promise<string | undefined>);

export const chooseAccount = (uid: string): Promise<void> => inDirectoryStrictly(["settings"], (tx) => tx.objectStore("settings").put(uid, "current"));

/** The person knows that this store is lost and goes on without it; one that opens again is found by its name. */
export const giveUpAccount = (uid: string): Promise<void> => inDirectoryStrictly(["accounts", "settings"], async (tx) => {
  const current = tx.objectStore("settings").get("current");
  await tx.objectStore("accounts").delete(uid);
  if (await current === uid) await tx.objectStore("settings").delete("current");
});

export const pendingEnrolment = (): Promise<Pending | undefined> => inDirectory((db) => db.get("settings", "pending") as Promise<Pending | undefined>);
export const keepPending = (pending: Pending): Promise<void> => inDirectoryStrictly(["settings"], (tx) => tx.objectStore("settings").put(pending, "pending"));
export const dropPending = (): Promise<void> => inDirectoryStrictly(["settings"], (tx) => tx.objectStore("settings").delete("pending"));

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
  const left = await leftIfLost(db).catch((fault: unknown) => { db.close(); throw asStorageFault(fault); });
  if (left === null) return db;
  db.close();
  throw new StoreLost(uid, left);
}

/** Null: nothing was taken from this store. Records are never deleted: a device that has counted some and has none was emptied. */
async function leftIfLost(db: Db): Promise<number | null> {
  const tx = db.transaction(["meta", "records", "outbox"]);
  const [sentinel, seq, records] = await Promise.all([
    tx.objectStore("meta").get("sentinel") as Promise<Meta["sentinel"] | undefined>, tx.objectStore("meta").get("device_seq") as Promise<number | undefined>,
    tx.objectStore("records").getAllKeys(null, 1),
  ]);
  const emptied = records.length === 0 && (seq ?? 0) > (sentinel?.seq ?? 0);
  return sentinel && !emptied ? null : tx.objectStore("outbox").count();
}

/** Make (or find) the store of an account that enrols now, and name it in the directory. */
export async function makeAccount(uid: string, first: Partial<Meta> & Pick<Meta, "identity" | "keys">): Promise<Db> {
  const db = await openStores(uid);
  const made_at = first.identity.enrolled_at;
  await write(db, ["meta", "records"], "strict", async (tx) => {
    const meta = tx.objectStore("meta");
    const counted = (await tx.objectStore("records").getAll()).map((row) => (row.elsewhere ? 0 : row.device_seq));
    const seq = counted.reduce((most, one) => Math.max(most, one), await meta.get("device_seq") as number | undefined ?? 0);
    for (const [key, value] of Object.entries(first)) await meta.put(value, key);
    await meta.put(seq, "device_seq"); // records that outlived the rest of an emptied store keep their numbers
    await meta.put({ account: uid, made_at, seq: counted.length > 0 ? 0 : seq } satisfies Meta["sentinel"], "sentinel");
  });
  await list(uid, made_at);
  open.set(uid, Promise.resolve(db));
  return db;
}

function openStores(uid: string): Promise<Db> {
  const forget = (): void => { open.delete(uid); };
  return unlessBlocked((blocked) => openDB<AccountSchema>(nameOf(uid), VERSION, {
    upgrade: (db, from) => { if (from < 1) makeStores(db); if (from < 2) makeBigStores(db); },
    blocked,
    // Another tab wants a newer version: every answer is already in its own transaction, so let go at once.
    blocking: (_now, _wanted, event) => { forget(); (event.target as IDBDatabase).close(); },
    terminated: forget,
  })).catch((fault: unknown) => { throw asStorageFault(fault); });
}

/** Opening that another window holds up ends as StorageBroken instead of never; should it open after all, the next one who asks gets it. */
function unlessBlocked<T>(opening: (blocked: () => void) => Promise<T>): Promise<T> {
  return new Promise((done, fail) => {
    const blocked = (): void => { setTimeout(() => fail(new StorageBroken("blocked by another window")), BLOCKED_MS); };
    opening(blocked).then(done, fail);
  });
}

/** A fault of the connection itself: whoever asks next opens the store anew. */
export function reopenAfter(fault: unknown, uid: string): void {
  if (asStorageFault(fault) instanceof StorageBroken) open.delete(uid);
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
