// What the list of own records and the screen of one share: its title, and what to do when it needs help.

import { t, words } from "../i18n/index.ts";
import { desk, syncNow, type RecordView } from "../session.ts";
import { Button } from "../ui/parts.tsx";
import { copy } from "./faults.tsx";

/** A trial says so wherever it is named. */
export const titleOf = (view: { outline: RecordView["outline"]; form_id: string }): string =>
  (view.outline.trial ? `${t("trial")}: ` : "") + ownTitle(view);

const ownTitle = (view: { outline: RecordView["outline"]; form_id: string }): string =>
  view.outline.name || [view.outline.method, view.outline.place].filter(Boolean).join(", ") || formTitle(view.form_id);

const formTitle = (formId: string): string => words(desk.value?.forms.find((form) => form.form_id === formId)?.title) || t("record.title");

export function Help({ view }: { view: RecordView }) {
  const why = view.problem?.detail ?? view.problem?.title ?? "";
  const said = JSON.stringify({ record: view.record_id, failures: view.failures, problem: view.problem });
  return (
    <div class="help-box">
      <p>{why ? t("records.help", { why }) : t("records.help.none")}</p>
      <div class="row">
        <Button kind="secondary" small grow icon="refresh" onClick={() => void syncNow()}>{t("go.retry")}</Button>
        <Button kind="secondary" small grow icon="copy" onClick={() => void copy(said, t("boot.copied"))}>{t("records.copy")}</Button>
      </div>
    </div>
  );
}
