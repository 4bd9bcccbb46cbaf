// Writes the fixture of a released version: what a phone of that release holds, made by that release's own functions.
//   node static/src/testing/released.mjs v0.1
// Run once for each tag, before or after the next version of the databases is written; the file it makes is never changed again.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "../../..");
const [tag] = process.argv.slice(2);

const ACTS = `
import { accountDb, closeAll } from "./src/db.ts";
import * as drafts from "./src/drafts.ts";
import * as outbox from "./src/outbox.ts";
import { newId } from "./src/keys.ts";
import { addMemberCode } from "./src/registers.ts";
import { draft, OUTLINE, phone, photo, record, sealing } from "./src/testing/make.ts";
import { problem } from "./src/testing/server.ts";

export { closeAll };

/** Accepted, sent, with its photo half up, waiting with a photo, corrected, withdrawn, returned with a draft of its correction, a draft with a photo, a new code. */
export async function act() {
  const one = await phone();
  const accepted = await record(one, { text: "đã duyệt" });
  const returned = await record(one, { text: "bị trả lại" });
  await one.syncer.nudge("button");
  const review = (seq, row, outcome) => ({ seq, record_id: row.record_id, root_id: row.root_id, outcome, reason: outcome === "returned" ? "thiếu mã" : null, fields: [], by: "Trần Minh Khánh", at: "2026-11-22T03:00:00.000Z" });
  one.server.reviews = [review(50, accepted, "accepted"), review(51, returned, "returned")];
  one.server.cursor = 51;
  await one.syncer.nudge("button");
  const old = (await outbox.listRecords(one.uid)).find((row) => row.record_id === returned.record_id);
  await drafts.saveDraft(one.uid, drafts.correctionOf(old, await outbox.answersOf(one.uid, old.record_id), newId(), "2026-11-22T03:10:00.000Z", null));
  const taken = await photo(400_000);
  await record(one, { text: "ảnh lên nửa chừng", photos: [taken] });
  let pieces = 0;
  one.server.weather = ({ method }) => (method === "PATCH" && ++pieces === 2 ? problem("server-busy", 503) : null);
  await one.syncer.nudge("button");
  one.server.weather = () => problem("server-busy", 503);
  const waits = await record(one, { text: "chờ gửi", photos: [await photo(300_000, 11)] });
  await outbox.withdraw(one.uid, accepted.record_id, "ghi nhầm", newId(), sealing(one.clock));
  const again = drafts.correctionOf(waits, await outbox.answersOf(one.uid, waits.record_id), newId(), "2026-11-22T03:20:00.000Z", "sai số người");
  await drafts.saveDraft(one.uid, again);
  const last = { ...OUTLINE, form_id: "outreach_session", answers: { "/outreach_session/place/hamlet": "h1" } };
  await outbox.finish(one.uid, again, { answers: again.answers, calculated: {} }, OUTLINE, last, sealing(one.clock));
  await draft(one, { answers: { place: { hamlet: "h1" }, more: { note: "bản nháp" } }, photos: [await photo(1000, 3)] });
  await addMemberCode(one.uid, "31522-0113", newId());
  const { records, uploads, devices } = one.server;
  const [{ key }] = [...devices.values()];
  await accountDb(one.uid);
  return { uid: one.uid, device_key: await crypto.subtle.exportKey("jwk", key), records: [...records], uploads: [...uploads] };
}
`;

/** Everything in every database, with how its stores are made. */
const DUMP = `
const ask = (request) => new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = () => fail(request.error); });
export async function dump() {
  const found = [];
  for (const { name, version } of await indexedDB.databases()) {
    const db = await ask(indexedDB.open(name, version));
    const stores = {};
    for (const store of [...db.objectStoreNames]) {
      const object = db.transaction(store).objectStore(store);
      const indexes = [...object.indexNames].map((index) => { const { keyPath, unique, multiEntry } = object.index(index); return { name: index, keyPath, unique, multiEntry }; });
      const [keys, values] = [await ask(object.getAllKeys()), await ask(object.getAll())];
      stores[store] = { keyPath: object.keyPath, indexes, rows: await Promise.all(keys.map(async (key, n) => [key, await plain(values[n])])) };
    }
    db.close();
    found.push({ name, version, stores });
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

/** JSON has no bytes and no keys. The keys are this fixture's alone: made extractable, so that a test can sign with them. */
export async function plain(value) {
  if (value instanceof ArrayBuffer) return { $buffer: Buffer.from(value).toString("base64") };
  if (ArrayBuffer.isView(value)) return { $bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
  if (value?.constructor?.name === "CryptoKey") return { $key: await crypto.subtle.exportKey("jwk", value), usages: value.usages };
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  if (value && typeof value === "object") return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([name, one]) => [name, await plain(one)])));
  return value;
}
`;

async function main() {
  const folder = mkdtempSync(join(ROOT, ".released-"));
  try {
    const tar = execFileSync("git", ["archive", tag, "static/src"], { cwd: ROOT, maxBuffer: 1 << 28 });
    execFileSync("tar", ["-x", "--strip-components=1", "-C", folder], { input: tar });
    writeFileSync(join(folder, "acts.ts"), ACTS + DUMP);
    const vitest = join(folder, "no_vitest.ts");
    writeFileSync(vitest, "export const afterEach = () => undefined;");
    await build({ entryPoints: [join(folder, "acts.ts")], bundle: true, platform: "node", format: "esm", outfile: join(folder, "acts.mjs"), external: ["fake-indexeddb*"], alias: { vitest }, logLevel: "error" });
    const make = crypto.subtle.generateKey.bind(crypto.subtle);
    crypto.subtle.generateKey = (algorithm, _, usages) => make(algorithm, true, usages);
    const { act, closeAll, dump, plain } = await import(pathToFileURL(join(folder, "acts.mjs")).href);
    const server = await plain(await act());
    await closeAll();
    mkdirSync(join(HERE, "released"), { recursive: true });
    writeFileSync(join(HERE, "released", `${tag}.json.gz`), gzipSync(JSON.stringify({ tag, server, databases: await dump() }), { level: 9 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
