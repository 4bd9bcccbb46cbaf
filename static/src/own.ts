// Own records that another phone of the officer made (U27): a line each for the lists, and the bytes of those that were returned, so
// that they open as drafts without a network. The others' bytes are fetched when somebody asks for them.
import { stopFor, type Round, type Stop } from "./exchange.ts";
import type { Api } from "./api.ts";
import { accountDb, meta, needMeta, write, type Db, type Identity, type RecordRow } from "./db.ts";
import { sha256, utf8 } from "./keys.ts";
import { answersOf, NoLongerHere } from "./outbox.ts";
import { binds } from "./send.ts";
import { formKey } from "./set_keys.ts";
import type { Answers, Envelope, FormModel, Node, OwnRecord, Question, SealedRecord } from "./shapes.ts";

/** `told`: how many there are by the server's word; asked for only when that is another number than the last time. */
export async function fetchOwn(round: Round, told: number): Promise<Stop | null> {
  if (told === (await meta(round.db, "own") ?? 0)) return null;
  const reply = await round.api.own();
  if (reply.kind !== "ok") return stopFor(reply);
  await keepOwn(round.db, reply.value.records, told);
  for (const { record_id, review } of reply.value.records) if (review?.outcome === "returned") await bringBytes(round.db, round.api, record_id);
  return null;
}

/** What this phone made itself stays as it is. */
async function keepOwn(db: Db, records: OwnRecord[], told: number): Promise<void> {
  const identity = await needMeta(db, "identity");
  const rows = await Promise.all(records.map((record) => rowOf(record, identity)));
  await write(db, ["meta", "records"], "strict", async (tx) => {
    for (const row of rows) {
      const here = await tx.objectStore("records").get(row.record_id);
      if (!here || here.elsewhere) await tx.objectStore("records").put(row);
      else if (row.review && (here.review?.seq ?? -1) < row.review.seq) await tx.objectStore("records").put({ ...here, review: row.review });
    }
    await tx.objectStore("meta").put(told, "own");
  });
}

/** A receipt that does not verify is none. */
async function rowOf({ unit, held_on, device_id: _, content_sha256, summary, receipt, trial, ...said }: OwnRecord, identity: Identity): Promise<RecordRow> {
  const { place = "", method = "", heads = "", name } = summary;
  const outline = { held_on, unit, place, method, heads: String(heads), ...(name && { name }), ...(trial && { trial }) };
  const holds = await binds(receipt, { record_id: said.record_id, content_sha256 }, identity);
  return { ...said, outline, receipt: holds ? receipt : null, elsewhere: true };
}

/** The server tells a method by its name in the form; the lists show its words, once the form is here. */
export async function sayMethods(db: Db): Promise<void> {
  const rows = (await db.getAll("records")).filter((row) => row.elsewhere);
  const forms = new Map((await db.getAll("forms")).map(({ key, model }) => [key, model]));
  const said = rows.map((row) => ({ ...row, outline: { ...row.outline, method: methodIn(forms.get(formKey(row.form_id, row.form_version)), row.outline.method) } }));
  const changed = said.filter((row, n) => row.outline.method !== rows[n]!.outline.method);
  if (changed.length > 0) await write(db, ["records"], "relaxed", async (tx) => { for (const row of changed) await tx.store.put(row); });
}

function methodIn(model: FormModel | undefined, name: string): string {
  const find = (nodes: Node[]): Question | undefined => nodes.map((node) => (node.kind !== "question" ? find(node.children) : node.name === "method" ? node : undefined)).find(Boolean);
  const choices = model?.choices[find(model.children)?.options?.choices ?? ""] ?? [];
  return choices.find((choice) => choice.name === name)?.label.vi ?? name;
}

/** The answers of an own record: out of the bytes that lie here, else out of the server's. NoLongerHere when neither gives them just now. */
export async function answersHereOrThere(uid: string, recordId: string, api: Api): Promise<Answers> {
  const gone = await answersOf(uid, recordId).catch((fault: unknown) => fault);
  if (!(gone instanceof Error)) return gone as Answers;
  if (!(gone instanceof NoLongerHere) || !await bringBytes(await accountDb(uid), api, recordId)) throw gone;
  return answersOf(uid, recordId);
}

/** Believed by the hash that the record's receipt names. True when the bytes are on this phone. */
async function bringBytes(db: Db, api: Api, recordId: string): Promise<boolean> {
  const record = await db.get("records", recordId);
  if (!record || await db.getKey("outbox", recordId)) return record !== undefined;
  const reply = await api.sealed(recordId);
  const content_sha256 = reply.kind === "ok" ? await hashOf(reply.value) : null;
  if (reply.kind !== "ok" || !content_sha256 || content_sha256 !== (record.receipt?.content_sha256 ?? content_sha256)) return false;
  const { envelope, signature, payload_type, payload } = reply.value;
  const row = { record_id: recordId, device_seq: record.device_seq, content_sha256, sealed: { envelope, signature, payload_type, payload }, failures: 0, problem: null };
  await write(db, ["outbox"], "strict", async (tx) => { await tx.store.put(row); });
  return true;
}

/** Null: these are no bytes of a record. */
async function hashOf({ envelope, payload }: SealedRecord): Promise<string | null> {
  if (typeof payload !== "string" || typeof envelope !== "string") return null;
  const found = await sha256(utf8(payload));
  return (JSON.parse(envelope) as Envelope).content_sha256 === found ? found : null;
}
