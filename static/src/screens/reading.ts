// A finished own record, opened to be read: its answers out of the bytes that were sealed, its form in the version it was filled in.

import { newDraft, type DraftRow } from "../drafts.ts";
import { openForm, type Opened } from "../opening.ts";
import { answersOf } from "../outbox.ts";
import { desk } from "../session.ts";

/** NoLongerHere when the phone has purged its bytes. */
export async function readRecord(recordId: string, form: { form_id: string; form_version: string }): Promise<Opened> {
  const account = desk.value?.account;
  if (!account) throw new Error("nobody is enrolled");
  const answers = await answersOf(account, recordId);
  const asDraft = (model: Opened["model"]): DraftRow => ({ ...newDraft(recordId, model, ""), answers });
  return openForm(account, { form_id: form.form_id, version: form.form_version }, asDraft, true, true);
}
