// "Giống buổi trước": what the last record of this form had where the form marks it as often the same, in one tap.

import { useEffect, useState } from "preact/hooks";
import type { LastSession } from "../../drafts.ts";
import { useFilling } from "../../form/widgets/filling.ts";
import { dayShort } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { lastSession } from "../../recording.ts";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/sheet.tsx";

export function SameAsLast() {
  const filling = useFilling();
  const [last, found] = useState<LastSession | null>(null);
  const { draft } = filling;
  useEffect(() => {
    if (draft.intent === "new") void lastSession(draft.form_id).then((row) => found(row ?? null));
  }, [draft.record_id]);
  if (!last || Object.keys(last.answers).length === 0 || alreadyLike(last)) return null;
  const copy = () => {
    // Twice: an answer that another one filters (hamlet by commune) holds only once that other one stands.
    for (const path of [...Object.keys(last.answers), ...Object.keys(last.answers)]) filling.set(path, last.answers[path]!);
    toast(t("fill.same.done"));
  };
  return (
    <button class="banner banner-center same" type="button" onClick={copy}>
      <Icon name="copy" />
      <span class="grow">{t("fill.same")} <b>{[dayShort(last.held_on), ...(last.name ? [last.name] : [last.method, last.place])].filter(Boolean).join(", ")}</b></span>
      <Icon name="next" small />
    </button>
  );

  function alreadyLike({ answers }: LastSession): boolean {
    return Object.entries(answers).every(([path, value]) => filling.engine.get(path) === value);
  }
}
