// Choosing from a list: chips when it is short, rows when the words are long, a page with search when the list is long.

import { t } from "../../i18n/index.ts";
import type { Item, Question } from "../../shapes.ts";
import { Icon } from "../../ui/icon.tsx";
import { open } from "../../ui/router.ts";
import { labelsOf } from "./answer_text.ts";
import { useFilling, type Filling } from "./filling.ts";
import { Frame, type Asked } from "./asked.tsx";
import { chosenOf, toggled } from "./typed.ts";
import { has, idOf } from "./walk.ts";

const FEW = 8;
const LONG_WORDS = 26;

export function Choose(asked: Asked) {
  const filling = useFilling();
  const { question, path } = asked;
  const many = question.type === "select_multiple";
  if (isByPicker(filling, asked)) return <ByPicker asked={asked} />;
  const items = filling.engine.choices(path);
  return (
    <Frame asked={asked} role={many ? "group" : "radiogroup"}>
      {items.length === 0 && <p class="muted">{t("pick.empty")}</p>}
      <div class={looksOf(items, question)}>
        {items.map((item) => <Pick asked={asked} item={item} many={many} />)}
      </div>
    </Frame>
  );
}

/** Rows when the words are long, side by side when they are few and short, else chips. */
export function looksOf(items: Item[], question: Question): "picks-long" | "segments" | "chips" {
  if (items.some((item) => item.label.length > LONG_WORDS) && !has(question, "chips")) return "picks-long";
  return shortWords(items) ? "segments" : "chips";
}

/** Two or three short words stand side by side. */
const shortWords = (items: Item[]): boolean => items.length > 1 && items.length <= 3 && items.every((item) => item.label.length <= 10);

/** A page of its own: for long lists, and for choosing several from a register. */
export function isByPicker(filling: Filling, { question, path }: Asked): boolean {
  if (filling.registers.big(question.options?.register ?? "")) return true;
  const n = filling.engine.offered(path);
  const wanted = has(question, "picker") || has(question, "minimal");
  return n > 2 * FEW || has(question, "autocomplete") || (wanted && (question.type === "select_multiple" || n > FEW));
}

export function Pick({ asked: { path }, item, many }: { asked: Asked; item: Item; many: boolean }) {
  const filling = useFilling();
  const value = filling.get(path);
  const on = many ? chosenOf(value).includes(item.name) : value === item.name;
  // A chosen radio tapped again is let go, where no answer is needed: the browser itself never unchecks one.
  const onClick = () => { if (!many && on && !filling.engine.required(path)) filling.set(path, ""); };
  return (
    <label class="pick">
      <input type={many ? "checkbox" : "radio"} name={idOf(path)} value={item.name} checked={on} onClick={onClick}
        onChange={() => filling.set(path, many ? toggled(value, item.name) : item.name)} />
      <span class="chip"><Icon name="check" small class="when-on" />{item.label}</span>
    </label>
  );
}

/** The chosen ones stand here; the list has its own page. */
export function ByPicker({ asked }: { asked: Asked }) {
  const filling = useFilling();
  const { question, path } = asked;
  const labels = labelsOf(question, path, filling.engine, filling.registers);
  const id = idOf(path);
  const size = filling.registers.big(question.options?.register ?? "")?.size ?? filling.engine.offered(path);
  const show = () => { filling.returnTo = path; open({ pick: path }); };
  return (
    <Frame asked={asked}>
      <button class="field field-button" type="button" aria-labelledby={`${id}-l ${id}-v`} onClick={show}>
        {labels.length === 0 && <Icon name="search" />}
        <span class="grow" id={`${id}-v`}>{labels.length === 0 ? <span class="muted">{t("q.choose")}{size > 0 && <>, {t("pick.all", { n: size })}</>}</span> : <Chosen labels={labels} />}</span>
        <Icon name="next" />
      </button>
    </Frame>
  );
}

function Chosen({ labels }: { labels: string[] }) {
  if (labels.length === 1) return <>{labels[0]}</>;
  return <span class="chosen-lines">{labels.map((label) => <span>{label}</span>)}</span>;
}
