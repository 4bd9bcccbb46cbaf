// What the server has to tell: who I am, outcomes of reviews, figures, and which files (forms, register sets) to hold.
// Files are fetched by hash and believed by hash.
import { MODEL_FORMAT } from "./api.ts";
import { stop, stopFor, type Round, type Stop } from "./exchange.ts";
import { stamp } from "./clock.ts";
import { needMeta, meta, write, type Contact, type Db, type Identity, type WriteTx } from "./db.ts";
import { dropFilesBut, holdFiles } from "./form_files.ts";
import { sha256, utf8 } from "./keys.ts";
import { holdParts, LONG_REGISTERS, partsOf } from "./parts.ts";
import { dropBig, isBig, keepBig } from "./big_sets.ts";
import { attachedKey, isOwnSet, setKey } from "./set_keys.ts";
import type { Changes, FileRef, FormModel, FormRef, RegisterSet, ReviewNews, SetRef } from "./shapes.ts";

export const formKey = (form_id: string, version: string): string => `${form_id}@${version}`;

export async function fetchNews(round: Round): Promise<Stop | null> {
  const [contact, asking] = [await meta(round.db, "contact"), await needMeta(round.db, "identity")];
  const reply = await round.api.changes(contact?.cursor ?? 0);
  if (reply.kind !== "ok") return stopFor(reply) ?? stop("busy", null, reply.kind === "problem" ? reply.problem : undefined);
  if (reply.value.server_id !== asking.server_id) return stop("unsigned");
  // The officer may have enrolled anew while this was on its way: then it was said to a device of the past.
  if ((await needMeta(round.db, "identity")).device_id !== asking.device_id) return null;
  await applyChanges(round.db, reply.value, round.clock.now());
  return fetchFiles(round);
}

/** One transaction: the cursor moves only together with what it stands for. */
export async function applyChanges(db: Db, changes: Changes, now: Date): Promise<void> {
  await write(db, ["meta", "records"], "strict", async (tx) => {
    const store = tx.objectStore("meta");
    const [identity, contact] = [await store.get("identity") as Identity, await store.get("contact") as Contact | undefined];
    const sameEpoch = changes.epoch === identity.epoch;
    const token = changes.device.next_token ?? identity.token;
    await store.put({ ...identity, token, state: changes.device.state } satisfies Identity, "identity");
    await store.put(changes.me, "me");
    await store.put(changes.figures, "figures");
    await store.put(changes.forms, "form_refs");
    await store.put(changes.sets, "set_refs");
    await store.put((changes.newer_format ?? 0) > MODEL_FORMAT, "app_too_old");
    const cursor = sameEpoch ? changes.cursor : 0;
    await store.put({ backup_seq: 0, clock_offset_ms: Date.parse(changes.at) - now.getTime(), ...contact, at: stamp(now), cursor, demo: changes.demo }, "contact");
    for (const review of changes.reviews) await applyReview(tx, review);
  });
}

/** The latest word on a record; one that this phone never had (another phone's) is left alone. */
async function applyReview(tx: WriteTx<["meta", "records"]>, review: ReviewNews): Promise<void> {
  const record = await tx.objectStore("records").get(review.record_id);
  if (!record || (record.review && record.review.seq > review.seq)) return;
  await tx.objectStore("records").put({ ...record, review });
}

/** Everything named and lacking; a file that fails doesn't keep the others away. */
export async function fetchFiles(round: Round): Promise<Stop | null> {
  const needed = await formsInUse(round.db);
  const forms = (await meta(round.db, "form_refs") ?? []).filter((ref) => ref.current || ref.trial || needed.has(formKey(ref.form_id, ref.version)));
  const sets = await meta(round.db, "set_refs") ?? [];
  // All at once: on a slow mast the round trips cost more than the bytes.
  const ends = await Promise.all([...forms.map((ref) => fetchWhole(round, ref)), ...sets.map((ref) => fetchSet(round, ref))]);
  const why = ends.find((end) => end !== null) ?? null;
  if (await round.db.count("big")) await holdParts(LONG_REGISTERS, round.appVersion).catch(() => undefined);
  if (!why) await dropUnused(round.db, needed);
  return why;
}

/** Files that came together with the news that names them; another's bytes are left out, and fetched later. */
export async function keepFiles(db: Db, { forms, sets }: Changes, files: Record<string, string>): Promise<void> {
  const whole = new Map(await Promise.all(Object.entries(files).map(async ([hash, text]) => [hash, await sha256(utf8(text)) === hash ? text : null] as const)));
  await write(db, ["forms", "sets"], "strict", async (tx) => {
    for (const { form_id, version, sha256: hash, files: beside } of forms) {
      const text = whole.get(hash);
      const model = text ? JSON.parse(text) as FormModel : undefined;
      // One that needs rare parts or has files of its own is fetched together with them.
      if (model && !beside && partsOf(model).length === 0) await tx.objectStore("forms").put({ key: formKey(form_id, version), sha256: hash, model });
    }
    for (const { register, unit, sha256: hash } of sets) {
      const text = whole.get(hash);
      const set = text ? JSON.parse(text) as RegisterSet : undefined;
      if (set && !isBig(set)) await tx.objectStore("sets").put({ key: setKey(register, unit), sha256: hash, set });
    }
  });
  for (const { register, unit, sha256: hash } of sets) {
    const text = whole.get(hash);
    const set = text ? JSON.parse(text) as RegisterSet : undefined;
    if (set && isBig(set)) await keepBig(db, setKey(register, unit), hash, set);
  }
}

/** A form comes after the choices that it reads from files of its own. */
async function fetchWhole(round: Round, ref: FormRef): Promise<Stop | null> {
  const ends = await Promise.all((ref.files ?? []).filter(({ kind }) => kind === "csv").map((file) => keepSet(round, attachedKey(file.sha256), file)));
  return ends.find((end) => end !== null) ?? fetchForm(round, ref);
}

/** A form is kept only together with the rare parts of the program and the pictures that it needs: what is offered opens without a network. */
async function fetchForm(round: Round, ref: FormRef): Promise<Stop | null> {
  const key = formKey(ref.form_id, ref.version);
  const row = await round.db.get("forms", key);
  const opens = (model: FormModel): Promise<boolean> => holdParts(partsOf(model), round.appVersion).then(() => holdFiles(ref.files, round.api), () => false);
  if (row?.sha256 === ref.sha256) return opens(row.model).then(() => null);
  return fetchFile<FormModel>(round, ref, async (model) => {
    if (model.model_format <= MODEL_FORMAT && await opens(model)) await write(round.db, ["forms"], "strict", async (tx) => { await tx.store.put({ key, sha256: ref.sha256, model }); });
  });
}

const fetchSet = (round: Round, ref: SetRef): Promise<Stop | null> => keepSet(round, setKey(ref.register, ref.unit), ref);

/** Whole where it is short; in blocks that can be searched where it is long. */
async function keepSet(round: Round, key: string, ref: FileRef): Promise<Stop | null> {
  const { db } = round;
  const [held, big] = [await db.get("sets", key), await db.get("big", key)];
  if (big?.sha256 === ref.sha256) return null;
  if (held?.sha256 !== ref.sha256) return fetchFile<RegisterSet>(round, ref, (set) => (isBig(set) ? keepBig(db, key, ref.sha256, set) : keepShort(db, key, ref.sha256, set)));
  if (isBig(held.set)) await keepBig(db, key, ref.sha256, held.set); // from before long sets lay in blocks
  return null;
}

async function keepShort(db: Db, key: string, sha256: string, set: RegisterSet): Promise<void> {
  await write(db, ["sets"], "strict", async (tx) => { await tx.store.put({ key, sha256, set }); });
  if (await db.getKey("big", key)) await dropBig(db, key);
}

async function fetchFile<T>({ api }: Round, ref: FileRef, keep: (content: T) => Promise<void>): Promise<Stop | null> {
  const reply = await api.file(ref.sha256);
  if (reply.kind !== "ok") return stopFor(reply);
  if (await sha256(reply.value) !== ref.sha256) return stop("portal");
  await keep(JSON.parse(new TextDecoder().decode(reply.value)) as T);
  return null;
}

/** Form versions that a draft or a record of this phone still needs (V3). */
async function formsInUse(db: Db): Promise<Set<string>> {
  const rows = [...await db.getAll("drafts"), ...await db.getAll("records")];
  return new Set(rows.map((row) => formKey(row.form_id, row.form_version)));
}

async function dropUnused(db: Db, needed: Set<string>): Promise<void> {
  const files = (await meta(db, "form_refs") ?? []).flatMap((ref) => ref.files ?? []);
  await dropFilesBut(files);
  const named = new Set((await meta(db, "form_refs") ?? []).map((ref) => formKey(ref.form_id, ref.version)));
  const attached = files.map((file) => attachedKey(file.sha256));
  const sets = new Set([...attached, ...(await meta(db, "set_refs") ?? []).map((ref) => setKey(ref.register, ref.unit))]);
  await write(db, ["forms", "sets"], "relaxed", async (tx) => {
    const [forms, held] = [await tx.objectStore("forms").getAllKeys(), await tx.objectStore("sets").getAllKeys()];
    for (const key of forms) if (!named.has(key) && !needed.has(key)) await tx.objectStore("forms").delete(key);
    for (const key of held) if (!sets.has(key) && !isOwnSet(key)) await tx.objectStore("sets").delete(key);
  });
  for (const key of await db.getAllKeys("big")) if (!sets.has(key)) await dropBig(db, key);
}
