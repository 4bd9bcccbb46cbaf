// A phone's store: IndexedDB in memory, with what real ones do. A killed app loses what was not committed; a cut of the
// power also what was committed relaxed; a full disk lets every put succeed and then aborts the transaction (faults.md, fact 6).
import "./machine.ts";
import "fake-indexeddb/auto";
import { IDBDatabase as Connection, IDBFactory } from "fake-indexeddb";

interface Row { key: unknown; value: unknown }
interface RawRows { getAllRecords?: unknown; values(): Iterable<Row>; clear(): unknown; put(row: Row): unknown }
interface RawStore { records: RawRows; rawIndexes: Map<string, { records: RawRows }> }
interface RawDatabase { rawObjectStores: Map<string, RawStore>; transactions: RawTx[]; connections: unknown[]; sure?: Snapshot | undefined }
interface RawTx { db: unknown; mode: string; _state: string; error: unknown; _abort(name: string | null): void; _markFinished(): void; addEventListener(type: string, heard: () => void): void }
interface RawConnection { _rawDatabase: RawDatabase; _closePending: boolean; _process?: Owner }
type Snapshot = Map<string, { rows: Row[]; indexes: Map<string, Row[]> }>;

/** The running app that holds a connection. */
export interface Owner { dead: boolean; step(what: string): void; phone: { disk: Disk } }

export class Disk {
  factory = new IDBFactory();
  /** So many writing transactions from now the disk is full; 0: it has room. */
  fullAfter = 0;

  /** `indexedDB` of one run of the app. */
  facade(owner: Owner): unknown {
    const mine = <Request extends IDBRequest>(request: Request): Request => {
      const own = (): void => { (request.result as unknown as RawConnection)._process = owner; };
      request.addEventListener("upgradeneeded", own);
      request.addEventListener("success", own);
      return request;
    };
    const living = (): void => { if (owner.dead) throw new DOMException("the app is gone", "InvalidStateError"); };
    return {
      open: (name: string, version?: number) => { living(); return mine(this.factory.open(name, version)); },
      deleteDatabase: (name: string) => { living(); return this.factory.deleteDatabase(name); },
      databases: () => this.factory.databases(),
    };
  }

  private databases(): RawDatabase[] {
    return [...(this.factory as unknown as { _databases: Map<string, RawDatabase> })._databases.values()];
  }

  /** What was not committed is undone; what only lay in the system's memory too, when the power went. */
  crash(owner: Owner, power: boolean): void {
    for (const database of this.databases()) {
      for (const tx of database.transactions) if ((tx.db as RawConnection)._process === owner && tx._state !== "finished") tx._abort("AbortError");
      database.connections = database.connections.filter((connection) => {
        const raw = connection as RawConnection;
        if (raw._process !== owner) return true;
        raw._closePending = true;
        return false;
      });
      if (power && database.sure) restore(database, database.sure);
      delete database.sure;
    }
  }

  /** Another disk with the same content, as when a phone is copied. Nothing may be going on. */
  copy(): Disk {
    const made = new Disk();
    const into = (made.factory as unknown as { _databases: Map<string, RawDatabase> })._databases;
    for (const [name, database] of (this.factory as unknown as { _databases: Map<string, RawDatabase> })._databases) into.set(name, copyOf(database));
    return made;
  }
}

/** Like it in everything, but for who is connected. */
function copyOf(database: RawDatabase): RawDatabase {
  const made = Object.create(Object.getPrototypeOf(database)) as RawDatabase & { processTransactions: () => void };
  Object.assign(made, database, { transactions: [], connections: [], rawObjectStores: new Map(), sure: undefined });
  made.processTransactions = (Object.getPrototypeOf(database) as { processTransactions: () => void }).processTransactions.bind(made);
  for (const [name, store] of database.rawObjectStores) {
    const twin = Object.assign(Object.create(Object.getPrototypeOf(store)), store, { rawDatabase: made, rawIndexes: new Map() }) as RawStore;
    twin.records = rowsCopied(store.records);
    for (const [label, index] of store.rawIndexes) {
      twin.rawIndexes.set(label, Object.assign(Object.create(Object.getPrototypeOf(index)), index, { rawObjectStore: twin, records: rowsCopied(index.records) }) as { records: RawRows });
    }
    made.rawObjectStores.set(name, twin);
  }
  return made;
}

function rowsCopied(rows: RawRows): RawRows {
  const Rows = rows.constructor as new (unique: unknown) => RawRows;
  const made = new Rows((rows as unknown as { keysAreUnique: boolean }).keysAreUnique);
  for (const row of [...rows.values()]) made.put(row);
  return made;
}

function snapshot(database: RawDatabase): Snapshot {
  return new Map([...database.rawObjectStores].map(([name, store]) => [name, {
    rows: [...store.records.values()], indexes: new Map([...store.rawIndexes].map(([label, index]) => [label, [...index.records.values()]])),
  }]));
}

function restore(database: RawDatabase, sure: Snapshot): void {
  for (const [name, store] of database.rawObjectStores) {
    const kept = sure.get(name);
    fill(store.records, kept?.rows ?? []);
    for (const [label, index] of store.rawIndexes) fill(index.records, kept?.indexes.get(label) ?? []);
  }
}

function fill(rows: RawRows, wanted: Row[]): void {
  rows.clear();
  for (const row of wanted) rows.put(row);
}

const plain = Connection.prototype.transaction;
Connection.prototype.transaction = function (this: RawConnection & IDBDatabase, stores: string | Iterable<string>, mode?: IDBTransactionMode, options?: IDBTransactionOptions) {
  const owner = this._process;
  if (owner?.dead) throw new DOMException("the app is gone", "InvalidStateError");
  const strict = options?.durability === "strict";
  if (mode === "readwrite" && !strict) this._rawDatabase.sure ??= snapshot(this._rawDatabase);
  const tx = plain.call(this, stores as string[], mode, options);
  if (mode === "readwrite" && owner) watch(tx as unknown as RawTx, owner, this._rawDatabase, strict);
  return tx;
} as typeof plain;

function watch(tx: RawTx, owner: Owner, database: RawDatabase, strict: boolean): void {
  const { disk } = owner.phone;
  if (disk.fullAfter > 0 && --disk.fullAfter === 0) endFull(tx);
  tx.addEventListener("complete", () => {
    if (strict) delete database.sure;
    owner.step("stored");
  });
  owner.step("storing");
}

/** Every put succeeded; the end does not. */
function endFull(tx: RawTx): void {
  const finish = tx._markFinished.bind(tx);
  let ending = false;
  tx._markFinished = () => {
    if (ending || tx.error) return finish();
    ending = true;
    tx._abort("QuotaExceededError");
  };
}
