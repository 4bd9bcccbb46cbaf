// Opening a form to be filled: model, registers, draft and engine brought together; and what they say of the record so far.
import { signal, type Signal } from "@preact/signals";
import { systemClock, dayIn } from "./clock.ts";
import { accountDb, meta, needMeta, type DraftRow, type LastSession, type Outline } from "./db.ts";
import { Engine } from "./form/engine.ts";
import { functionsFor } from "./form/functions.ts";
import { formKey } from "./news.ts";
import { leavesOf } from "./outbox.ts";
import { lastOf, outlineOf, type Reading } from "./outline.ts";
import { openRegisters, registersHeld, type Registers } from "./registers.ts";
import { wordsIn } from "./i18n/words.ts";
import { settings } from "./settings.ts";
import type { Answers, FormModel, Me, Question } from "./shapes.ts";

/** `stored`: the draft is on the phone already. `language`: the form's, which may be one that the app has not. Pass the whole thing back to session.saveDraft and session.finish. */
export interface Opened { draft: DraftRow; model: FormModel; engine: Engine; registers: Registers; me: Me; stored: boolean; trial: boolean; language: Signal<string> }

export async function openForm(
  uid: string, form: { form_id: string; version: string }, draftFor: (model: FormModel) => DraftRow, stored: boolean, seen = false,
): Promise<Opened> {
  const db = await accountDb(uid);
  const key = formKey(form.form_id, form.version);
  const [row, refs, me, identity, last, held] = await Promise.all([
    db.get("forms", key), meta(db, "form_refs"), needMeta(db, "me"), needMeta(db, "identity"), db.get("last", form.form_id), registersHeld(db),
  ]);
  if (!row) throw new Error(`form ${key} is not on this phone`);
  await functionsFor(row.model);
  const ref = refs?.find(({ form_id, version }) => form_id === form.form_id && version === form.version);
  const draft = draftFor(row.model);
  const values = [draft.answers, last?.answers ?? {}, last?.record ?? {}].flatMap(leavesOf);
  const registers = await openRegisters(uid, { files: ref?.files, registers: row.model.registers, values }, held);
  const language = signal(draft.language ?? languageFor(row.model));
  const context = {
    now: () => systemClock.now(), zone: me.zone, register: registers.items,
    preloads: { deviceid: identity.device_id, username: identity.account }, ...(last?.record ? { lastSaved: last.record } : {}),
    get language() { return language.value; },
  };
  const engine = stored ? new Engine(row.model, context, draft.answers, seen) : new Engine(row.model, context);
  // P-49: begun as a trial, it stays one, published or not; so does what replaces it.
  const trial = (ref?.trial || draft.outline.trial) === true;
  const title = ref?.title ?? row.model.title;
  return { draft, model: { ...row.model, title }, engine, registers, me, stored, language, trial };
}

/** The person's language where the form has it, else the form's first. */
function languageFor({ languages }: FormModel): string {
  const own = settings.value.language;
  return languages.includes(own) ? own : languages[0] ?? own;
}

export function outlineNow(opened: Opened): Outline {
  const outline = outlineOf(opened.model, readingOf(opened), opened.me.unit, dayIn(opened.me.zone, systemClock.now()));
  const name = opened.engine.instanceName();
  return { ...outline, ...(name && { name }), ...(opened.trial && { trial: true }) };
}

export function lastNow(opened: Opened, record: Answers): LastSession {
  const last = lastOf(opened.model, readingOf(opened), outlineNow(opened));
  return readsLast(opened.model) ? { ...last, record } : last;
}

const readsLast = (model: FormModel): boolean => JSON.stringify(model.children).includes('"__last-saved"');

/** Labels in the person's language: registers know theirs, choice lists are in the form. */
function readingOf({ model, engine, registers }: Opened): Reading {
  return { get: (path) => engine.get(path), labels: (question) => labelsOf(question, engine.get(question.path), model, registers) };
}

function labelsOf(question: Question, value: string, model: FormModel, registers: Registers): string[] {
  if (!question.type.startsWith("select_")) return [value];
  const { register, choices } = question.options ?? {};
  const names = value.split(" ").filter(Boolean);
  if (register) return names.map((name) => registers.label(register, name));
  const list = model.choices[choices ?? ""] ?? [];
  return names.map((name) => wordsIn(list.find((choice) => choice.name === name)?.label, settings.value.language) || name);
}
