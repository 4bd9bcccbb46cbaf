// What the list of own records and the screen of one share: its title, and what to do when it needs help.

import { signal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { t, words } from "../i18n/index.ts";
import { desk, syncNow, type RecordView } from "../session.ts";
import { Button } from "../ui/parts.tsx";
import { copy } from "./faults.tsx";

/** A trial says so wherever it is named. */
export const titleOf = (view: { outline: RecordView["outline"]; form_id: string }): string =>
  (view.outline.trial ? `${t("trial")}: ` : "") + ownTitle(view);

const ownTitle = (view: { outline: RecordView["outline"]; form_id: string }): string =>
  view.outline.name || [view.outline.method || formTitle(view.form_id), view.outline.place].filter(Boolean).join(", ");

const formTitle = (formId: string): string => words(desk.value?.forms.find((form) => form.form_id === formId)?.title) || t("record.title");

type Part = typeof import("./help.tsx");
const part = signal<Part | null>(null);

/** The part that explains; null until it has come, which may be never without a network. */
export function useHelp(wanted = true): ReadonlySignal<Part | null> {
  useEffect(() => { if (wanted && !part.value) import("./help.tsx").then((it) => { part.value = it; }, () => undefined); }, [wanted]);
  return part;
}

/** What can be said without the part. */
function shortly({ problem, receipt, photos }: RecordView): string {
  if (problem?.type === "record-missing-on-phone") return t("record.lost");
  return receipt ? t("record.photos", { n: photos.sent, of: photos.total }) : t("records.help.none");
}

export function Help({ view }: { view: RecordView }) {
  const help = useHelp().value;
  const [said, make] = useState(JSON.stringify({ record: view.record_id, failures: view.failures, problem: view.problem }));
  useEffect(() => { void help?.reportFor(view.record_id).then(make); }, [help, view]);
  return (
    <div class="help-box">
      <p>{help ? help.wordsFor(view) : shortly(view)}</p>
      <div class="row">
        <Button kind="secondary" small grow icon="refresh" onClick={() => void syncNow()}>{t("go.retry")}</Button>
        <Button kind="secondary" small grow icon="copy" onClick={() => void copy(said, t("boot.copied"))}>{t("records.copy")}</Button>
      </div>
    </div>
  );
}
