// Opening a form to be filled: model, registers, draft and engine brought together; and what they say of the record so far.
import { systemClock, dayIn } from "./clock.ts";
import { accountDb, meta, needMeta, type DraftRow, type LastSession, type Outline } from "./db.ts";
import { Engine } from "./form/engine.ts";
import { formKey } from "./news.ts";
import { lastOf, outlineOf, questionsOf, type Reading } from "./outline.ts";
import { openRegisters, type Registers } from "./registers.ts";
import { settings } from "./settings.ts";
import type { FormModel, Me, Question } from "./shapes.ts";

/** `stored`: the draft is on the phone already. Pass the whole thing back to session.saveDraft and session.finish. */
export interface Opened { draft: DraftRow; model: FormModel; engine: Engine; registers: Registers; me: Me; stored: boolean }

export async function openForm(
  uid: string, form: { form_id: string; version: string }, draftFor: (model: FormModel) => DraftRow, stored: boolean,
): Promise<Opened> {
  const db = await accountDb(uid);
  const row = await db.get("forms", formKey(form.form_id, form.version));
  if (!row) throw new Error(`form ${formKey(form.form_id, form.version)} is not on this phone`);
  const [registers, me, draft] = [await openRegisters(uid), await needMeta(db, "me"), draftFor(row.model)];
  const context = {
    now: () => systemClock.now(), zone: me.zone, register: registers.items,
    get language() { return settings.value.language; },
  };
  const engine = stored ? new Engine(row.model, context, draft.answers) : new Engine(row.model, context);
  const title = (await meta(db, "form_refs"))?.find((ref) => ref.form_id === form.form_id)?.title ?? row.model.title;
  return { draft, model: { ...row.model, title }, engine, registers, me, stored };
}

export const outlineNow = (opened: Opened): Outline =>
  outlineOf(opened.model, readingOf(opened), opened.me.unit, dayIn(opened.me.zone, systemClock.now()));

export const lastNow = (opened: Opened): LastSession => lastOf(opened.model, readingOf(opened), outlineNow(opened));

/** Labels in the person's language: registers know theirs, choice lists are in the form. */
function readingOf({ model, engine, registers }: Opened): Reading {
  const byPath = new Map(questionsOf(model.children).map((question) => [question.path, question]));
  return { get: (path) => engine.get(path), labels: (path) => labelsOf(byPath.get(path), engine.get(path), model, registers) };
}

function labelsOf(question: Question | undefined, value: string, model: FormModel, registers: Registers): string[] {
  if (!question?.type.startsWith("select_")) return [value];
  const { register, choices } = question.options ?? {};
  const names = value.split(" ").filter(Boolean);
  if (register) return names.map((name) => registers.label(register, name));
  const list = model.choices[choices ?? ""] ?? [];
  return names.map((name) => {
    const label = list.find((choice) => choice.name === name)?.label;
    return label?.[settings.value.language] ?? label?.vi ?? name;
  });
}
