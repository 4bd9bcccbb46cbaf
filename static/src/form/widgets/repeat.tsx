// The rows of a repeat: answered in place where a row is a question or two, else as cards that open on a page of their own.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Node, Repeat } from "../../shapes.ts";
import { Icon } from "../../ui/icon.tsx";
import { IconButton } from "../../ui/frame.tsx";
import { Button } from "../../ui/parts.tsx";
import { open } from "../../ui/router.ts";
import { Sheet, toast } from "../../ui/sheet.tsx";
import { useForm } from "./filling.ts";
import { NearList } from "./near.tsx";
import { summaryOf } from "./said.ts";
import { answeredIn, at, countOf, idOf, positions, rowOf, type Base } from "./walk.ts";

/** So many plain questions of a row are answered in place. */
const IN_PLACE = 2;
const inPlace = (repeat: Repeat): boolean => countOf(repeat.children) <= IN_PLACE && repeat.children.every((node) => node.kind === "question");

/** `draw`: what a row in place consists of. `alone`: it is the page, which says its name already. */
interface RepeatProps { repeat: Repeat; base: Base; alone?: boolean; draw: (nodes: Node[], base: Base) => ComponentChildren }

export function RepeatView({ repeat, base, alone, draw }: RepeatProps) {
  const filling = useForm();
  const path = at(repeat, base);
  const [going, ask] = useState(0);
  const added = useFocusOnAdded(path);
  void filling.at(path).value;
  if (!filling.engine.relevant(path)) return null;
  const rows = positions(repeat, path, filling.engine);
  const label = filling.engine.label(path);
  const free = repeat.count === undefined;
  const small = inPlace(repeat);
  const add = () => {
    filling.engine.addRepeat(path);
    if (small) added.current = rows.length + 1;
    else { filling.returnTo = null; open({ row: `${path}[${rows.length + 1}]` }); }
  };
  const remove = (n: number) => {
    ask(0);
    filling.removeRow(path, n);
    document.getElementById(idOf(path))?.focus();
    toast(t("repeat.removed", { n }));
  };
  const wanted = (n: number) => (answeredIn(repeat, filling.engine, base, undefined, n) ? ask(n) : remove(n));
  return (
    <section class="q rows-of" id={idOf(path)} aria-label={label} data-question={repeat.path} data-rows={rows.length} tabIndex={-1}>
      {label && !alone && <h3 class="q-label" lang={filling.lang}>{label}{!small && rows.length > 0 && <small> {rows.length}</small>}</h3>}
      <NearList items={rows} keyOf={(n) => `${path}[${n}]`} wordsOf={(n) => t("repeat.row", { n })} holds={(n, wantedPath) => wantedPath.startsWith(`${path}[${n}]`)}
        draw={(n) => (small ? <InPlace key={n} repeat={repeat} base={base} n={n} onRemove={free ? wanted : undefined}>{draw(repeat.children, rowOf(repeat, base, n))}</InPlace> : <Card key={n} repeat={repeat} base={base} n={n} onRemove={free ? wanted : undefined} />)} />
      {free && <Button kind={small ? "quiet" : "secondary"} small={small} icon="plus" onClick={add}>{t("repeat.add")}</Button>}
      {going > 0 && (
        <Sheet title={t("repeat.remove", { n: going })} onClose={() => ask(0)}>
          <p class="sheet-body">{t("repeat.remove.sub")}</p>
          <div class="row wrap"><Button kind="error" small onClick={() => remove(going)}>{t("repeat.remove", { n: going })}</Button><Button kind="quiet" small onClick={() => ask(0)}>{t("go.cancel")}</Button></div>
        </Sheet>
      )}
    </section>
  );
}

/** A row added in place takes the focus: what it asks is heard, nothing else. */
function useFocusOnAdded(path: string): { current: number } {
  const added = useRef(0);
  useLayoutEffect(() => {
    if (!added.current) return;
    document.getElementById(idOf(`${path}[${added.current}]`))?.querySelector<HTMLElement>("input, textarea, button")?.focus();
    added.current = 0;
  });
  return added;
}

interface RowProps { repeat: Repeat; base: Base; n: number; onRemove: ((n: number) => void) | undefined }

function InPlace({ repeat, base, n, onRemove, children }: RowProps & { children: ComponentChildren }) {
  return (
    <div class="card repeat-row" role="group" id={idOf(`${at(repeat, base)}[${n}]`)} aria-label={t("repeat.row", { n })}>
      <div class="grow repeat-in">{children}</div>
      {onRemove && <IconButton icon="trash" label={t("repeat.remove", { n })} onClick={() => onRemove(n)} />}
    </div>
  );
}

/** Its place, its first answers, and what it still lacks. */
function Card({ repeat, base, n, onRemove }: RowProps) {
  const filling = useForm();
  const row = `${at(repeat, base)}[${n}]`;
  void filling.under(row).value;
  const text = summaryOf(filling, repeat.children, rowOf(repeat, base, n));
  const gaps = filling.engine.findings(row).length;
  const show = () => { filling.returnTo = row; open({ row }); };
  return (
    <div class="card card-flush row-card">
      <button class="item" type="button" id={idOf(row)} onClick={show}>
        <b class="row-no">{n}</b>
        <span class="grow"><b class={text ? "" : "calm"} lang={text ? filling.lang : undefined}>{text || t("check.none")}</b>{gaps > 0 && <span class="sub row-gaps"><Icon name="alert" small />{t("fill.state.missing", { n: gaps })}</span>}</span>
        <Icon name="next" small class="muted" />
      </button>
      {onRemove && <IconButton icon="trash" label={t("repeat.remove", { n })} onClick={() => onRemove(n)} />}
    </div>
  );
}
