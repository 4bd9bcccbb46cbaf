// Questions that share their choices, as a table: one row of words (appearance label), below it rows of marks only (list-nolabel).
// A mark says its word to a screen reader; the words stay in sight while the rows scroll.

import { words } from "../../../i18n/index.ts";
import { Icon } from "../../../ui/icon.tsx";
import { faultOf, Frame } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { chosenOf, toggled } from "../typed.ts";
import { idOf } from "../walk.ts";
import type { Chosen } from "./columns.tsx";

const MOST = 6;
const colsOf = (n: number): string => `table-cols table-${Math.min(Math.max(n, 2), MOST)}`;

export function TableHead({ asked, items }: Chosen) {
  const filling = useFilling();
  const { path, question } = asked;
  const label = filling.engine.label(path) || words(question.label);
  return (
    <div id={idOf(path)} class="table-head" data-question={question.path} tabIndex={-1}>
      {label && <p class="q-label">{label}</p>}
      <div class={colsOf(items.length)} aria-hidden="true">{items.map((item) => <span key={item.name}>{item.label}</span>)}</div>
    </div>
  );
}

export function TableRow({ asked, items }: Chosen) {
  const filling = useFilling();
  const { path, question } = asked;
  const [value, many] = [filling.get(path), question.type === "select_multiple"];
  const letGo = (name: string) => { if (!many && value === name && !filling.engine.required(path)) filling.set(path, ""); };
  return (
    <div class="table-row">
      <Frame asked={asked} role={many ? "group" : "radiogroup"}>
        <div class={colsOf(items.length)}>
          {items.map((item) => (
            <label key={item.name} class="cell">
              <input class="tick" type={many ? "checkbox" : "radio"} name={idOf(path)} value={item.name} checked={chosenOf(value).includes(item.name)} aria-label={item.label}
                aria-describedby={faultOf(filling, asked) ? `${idOf(path)}-f` : undefined} onClick={() => letGo(item.name)} onChange={() => filling.set(path, many ? toggled(value, item.name) : item.name)} />
              <span class={many ? "box" : "box box-round"} aria-hidden="true"><Icon name="check" /></span>
            </label>
          ))}
        </div>
      </Frame>
    </div>
  );
}
