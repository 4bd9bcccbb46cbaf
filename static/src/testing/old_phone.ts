// What a phone holds, taken out and put back: an old release's store as it was found (released/), and a copy of today's.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

interface StoreDump { keyPath: string | string[] | null; indexes: { name: string; keyPath: string | string[]; unique: boolean; multiEntry: boolean }[]; rows: [IDBValidKey, unknown][] }
export interface DatabaseDump { name: string; version: number; stores: Record<string, StoreDump> }
export interface Released { tag: string; server: { uid: string; device_key: JsonWebKey; records: [string, never][]; uploads: [string, never][] }; databases: DatabaseDump[] }

/** The fixture that released.mjs made with the functions of that release. */
export async function released(tag: string): Promise<Released> {
  const text = gunzipSync(readFileSync(new URL(`released/${tag}.json.gz`, import.meta.url))).toString();
  return await revived(JSON.parse(text)) as Released;
}

const ask = <T>(request: IDBRequest<T>): Promise<T> => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

/** The databases as they lay there, in the version and with the stores that they had. */
export async function putBack(databases: DatabaseDump[]): Promise<void> {
  for (const { name, version, stores } of databases) {
    const opening = indexedDB.open(name, version);
    opening.onupgradeneeded = () => {
      for (const [store, { keyPath, indexes }] of Object.entries(stores)) {
        const object = opening.result.createObjectStore(store, keyPath === null ? {} : { keyPath });
        for (const { name: index, keyPath: path, unique, multiEntry } of indexes) object.createIndex(index, path, { unique, multiEntry });
      }
    };
    const db = await ask(opening);
    const tx = db.transaction(Object.keys(stores), "readwrite");
    for (const [store, { keyPath, rows }] of Object.entries(stores)) for (const [key, value] of rows) tx.objectStore(store).put(value, keyPath === null ? key : undefined);
    await new Promise<void>((done, fail) => { tx.oncomplete = () => done(); tx.onabort = () => fail(tx.error); });
    db.close();
  }
}

/** Every database of this phone, as a copy of the whole device would take it. Close the app's own connections first. */
export async function copied(): Promise<DatabaseDump[]> {
  const found: DatabaseDump[] = [];
  for (const { name = "", version = 1 } of await indexedDB.databases()) {
    const db = await ask(indexedDB.open(name, version));
    const stores: DatabaseDump["stores"] = {};
    for (const store of db.objectStoreNames) {
      const object = db.transaction(store).objectStore(store);
      const indexes = [...object.indexNames].map((index) => object.index(index)).map(({ name: index, keyPath, unique, multiEntry }) => ({ name: index, keyPath, unique, multiEntry }));
      const [keys, values] = [await ask(object.getAllKeys()), await ask(object.getAll())];
      stores[store] = { keyPath: object.keyPath, indexes, rows: keys.map((key, n) => [key, values[n]]) };
    }
    db.close();
    found.push({ name, version, stores });
  }
  return found;
}

type Plain = { $buffer?: string; $bytes?: string; $key?: JsonWebKey; usages?: KeyUsage[] } & Record<string, unknown>;

async function revived(value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map(revived));
  if (!value || typeof value !== "object") return value;
  const plain = value as Plain;
  const bytes = plain.$buffer ?? plain.$bytes;
  if (bytes !== undefined) {
    const whole = Uint8Array.from(Buffer.from(bytes, "base64"));
    return plain.$buffer === undefined ? whole : whole.buffer;
  }
  if (plain.$key) return crypto.subtle.importKey("jwk", plain.$key, { name: "ECDSA", namedCurve: "P-256" }, plain.usages?.includes("verify") ?? false, plain.usages ?? []);
  return Object.fromEntries(await Promise.all(Object.entries(plain).map(async ([name, one]) => [name, await revived(one)])));
}
