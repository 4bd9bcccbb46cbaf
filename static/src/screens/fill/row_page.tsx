// One row of a repeat on a page of its own: its questions, the rows beside it, and the way back to the page it belongs to.

import { t } from "../../i18n/index.ts";
import { useForm, type Filling } from "../../form/widgets/filling.ts";
import { Nodes } from "../../form/widgets/nodes.tsx";
import { nodeAt, questionsIn, type Base } from "../../form/widgets/walk.ts";
import type { Repeat } from "../../shapes.ts";
import { Button } from "../../ui/parts.tsx";
import { replaceHere } from "../../ui/router.ts";
import { FormScreen, type Step } from "./form_page.tsx";

export interface Row { repeat: Repeat; path: string; list: string; n: number; of: number }

/** The row of this path, if it is there now. */
export function rowAt(filling: Filling, path: string): Row | null {
  const found = /^(.*)\[(\d+)\]$/.exec(path);
  const repeat = nodeAt(filling.model.children, path);
  if (!found || repeat?.kind !== "repeat" || !filling.engine.relevant(path)) return null;
  const [list, n] = [found[1]!, Number(found[2])];
  const of = filling.engine.instances(list);
  return n >= 1 && n <= of ? { repeat, path, list, n, of } : null;
}

/** The rows that this one lies in, outermost first, itself last. */
export const rowsAround = (path: string): string[] => [...path.matchAll(/\]/g)].map(({ index }) => path.slice(0, index + 1));

interface RowPageProps { row: Row; steps: Step[]; now: Step; onGo: (key: string) => void; onBack: () => void; onClose: () => void }

export function RowPage({ row: { repeat, path, list, n, of }, steps, now, onGo, onBack, onClose }: RowPageProps) {
  const filling = useForm();
  const base: Base = { from: repeat.path, to: path };
  const leave = (then: () => void) => () => {
    filling.leave(questionsIn(repeat.children, filling.engine, base).map((found) => found.path));
    then();
  };
  const beside = (other: number) => leave(() => replaceHere({ row: `${list}[${other}]` }));
  const back = leave(() => { filling.returnTo = path; onBack(); });
  const [previous, next] = [n > 1 ? beside(n - 1) : back, n < of ? beside(n + 1) : back];
  const title = `${filling.engine.label(list) || t("repeat.row.one")} ${n}/${of}`;
  return (
    <FormScreen steps={steps} now={now} title={title} lang={filling.lang} row={path} onGo={(key) => leave(() => onGo(key))()} onClose={onClose}
      onSwipe={{ previous: n > 1 ? previous : undefined, next: n < of ? next : undefined }} actions={(
      <div class="actions">
        <Button kind="secondary" square icon="back" label={n > 1 ? t("repeat.previous") : t("go.back")} onClick={previous} />
        {n < of && <Button kind="secondary" onClick={back}>{t("repeat.list")}</Button>}
        <Button kind="primary" {...(n < of ? { end: "arrow" } : { icon: "check" })} onClick={next}>{n < of ? t("repeat.next") : t("go.done")}</Button>
      </div>
    )}>
      <Nodes nodes={repeat.children} base={base} />
    </FormScreen>
  );
}
