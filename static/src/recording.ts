// What a person does with a record: begin, go on, correct, finish, take back; its photos. The part of the session that needs the
// form engine, so it comes with the filling screens; who is signed in and what the lists show is session.ts's.
import { Api } from "./api.ts";
import { accountDb, meta, needMeta } from "./db.ts";
import * as drafts from "./drafts.ts";
import { formFile } from "./form_files.ts";
import { newId } from "./keys.ts";
import { openForm, outlineNow, lastNow, type Opened } from "./opening.ts";
import * as outbox from "./outbox.ts";
import { addMemberCode } from "./registers.ts";
import { forms, trials, onScreen, refresh, sendFinished, who } from "./session.ts";
import { settings } from "./settings.ts";
import { APP_VERSION } from "./surroundings.ts";
import type { FormModel, Item } from "./shapes.ts";

export type { Opened } from "./opening.ts";

/** A new draft of the current version of a form, or of the one that is tried; kept with its first answer. */
export async function startDraft(formId: string, version?: string): Promise<Opened> {
  const form = [...forms.value, ...trials.value].find((ref) => ref.form_id === formId && ref.version === (version ?? ref.version));
  if (!form) throw new Error(`no form ${formId} on this phone`);
  const opened = await openForm(who(), form, (model) => drafts.newDraft(newId(), model, new Date().toISOString()), false);
  onScreen(opened.draft.record_id);
  return opened;
}

export async function openDraft(recordId: string): Promise<Opened> {
  const draft = await drafts.loadDraft(who(), recordId);
  if (!draft) throw new Error(`no draft ${recordId}`);
  const opened = await openForm(who(), { form_id: draft.form_id, version: draft.form_version }, () => draft, true);
  onScreen(recordId);
  return opened;
}

/** Own record, returned or not: a draft with its answers and photos that replaces it. NoLongerHere when its bytes were purged. */
export async function correct(recordId: string, reason: string | null = null): Promise<Opened> {
  const begun = await drafts.draftReplacing(who(), recordId);
  if (begun) return openDraft(begun.record_id);
  const old = await outbox.needRecord(await accountDb(who()), recordId);
  const draft = drafts.correctionOf(old, await outbox.answersOf(who(), recordId), newId(), new Date().toISOString(), reason);
  await drafts.saveDraft(who(), draft);
  return openDraft(draft.record_id);
}

/** Keep the draft as the engine has it now; call after every answer. Throws StorageFull. */
export async function saveDraft(opened: Opened): Promise<void> {
  opened.draft.answers = opened.engine.answers();
  opened.draft.outline = outlineNow(opened);
  opened.draft.saved_at = new Date().toISOString();
  await drafts.saveDraft(who(), opened.draft);
  opened.stored = true;
}

/** Only where the person is in it: its answers as they were kept last. */
export const markDraft = (draft: drafts.DraftRow): Promise<void> => drafts.saveDraft(who(), draft);

/** A draft that is still in memory is on the screen again. */
export const keepOpen = (recordId: string): void => onScreen(recordId);

/** The screen of a draft was left. */
export function closeDraft(): void {
  onScreen(null);
  void refresh();
}

export async function discardDraft(recordId: string): Promise<void> {
  await drafts.deleteDraft(who(), recordId);
  closeDraft();
}

/**
 * Seals and keeps; resolves when it is saved. The record then sends itself. Throws StorageFull, and nothing changed.
 * What the draft held is in the same transaction as its end, so it is not written once more before.
 */
export async function finish(opened: Opened): Promise<outbox.RecordRow> {
  const { answers, calculated } = opened.engine.finished();
  const record = await outbox.finish(who(), opened.draft, { answers, calculated }, outlineNow(opened), opened.trial ? null : lastNow(opened, answers), sealing(opened.language.value));
  afterSealing();
  return record;
}

export async function withdraw(recordId: string, reason: string): Promise<void> {
  await outbox.withdraw(who(), recordId, reason, newId(), sealing());
  afterSealing();
}

const sealing = (language: string = settings.value.language): outbox.Sealing => ({ now: new Date(), language, appVersion: APP_VERSION });

function afterSealing(): void {
  closeDraft();
  sendFinished();
}

export const lastSession = (formId: string): Promise<drafts.LastSession | undefined> => drafts.lastSession(who(), formId);
export const addCode = (code: string, trial: boolean): Promise<Item> => addMemberCode(who(), code, newId(), trial);

// ── Photos ────────────────────────────────────────────────────────────────────

export const addMedia = (draft: drafts.DraftRow, question: string, media: drafts.Media): Promise<drafts.MediaRow> =>
  drafts.addMedia(who(), draft, question, media, newId());
export const removeMedia = (mediaId: string): Promise<void> => drafts.removeMedia(who(), mediaId);

/** From this phone, else the server's copy (a returned record's); null when neither has it. Revoke the address after use. */
export async function photoUrl(mediaId: string): Promise<string | null> {
  const row = await drafts.mediaRow(who(), mediaId);
  const bytes = (row ? await drafts.mediaBytes(await accountDb(who()), row) : null) ?? await servedPhoto(mediaId);
  return bytes && URL.createObjectURL(new Blob([bytes], { type: row?.kind ?? "image/jpeg" }));
}

async function servedPhoto(mediaId: string): Promise<ArrayBuffer | null> {
  const reply = await (await api()).photo(mediaId);
  return reply.kind === "ok" ? reply.value : null;
}

async function api(): Promise<Api> {
  const { token } = await needMeta(await accountDb(who()), "identity");
  return new Api((input, init) => fetch(input, init), token);
}

/** A picture or a sound beside a form, by its name there; null when it is not to be had. Revoke the address after use. */
export async function formFileUrl({ form_id, version }: FormModel, name: string): Promise<string | null> {
  const refs = await meta(await accountDb(who()), "form_refs") ?? [];
  const file = refs.find((ref) => ref.form_id === form_id && ref.version === version)?.files?.find((one) => one.name === name);
  const blob = file ? await formFile(file, await api()) : null;
  return blob && URL.createObjectURL(blob);
}
