// A box to tick: "this was done". With the Khmer words under it where the form has them, for those who listen.

import { words } from "../../i18n/index.ts";
import { Icon } from "../../ui/icon.tsx";
import { faultOf, type Asked } from "./question.tsx";
import { useFilling } from "./filling.ts";
import { idOf } from "./walk.ts";

const TICKED = "OK";

export function Acknowledge(asked: Asked) {
  const filling = useFilling();
  const { question, path } = asked;
  const id = idOf(path);
  const fault = faultOf(filling, asked);
  const khmer = question.label?.km;
  return (
    <div id={id} class={`q${asked.missing ? " is-missing" : ""}`} data-question={question.path} tabIndex={-1}>
      <label class="notice-check">
        <input class="tick" type="checkbox" checked={filling.get(path) !== ""} aria-describedby={fault ? `${id}-f` : undefined}
          onChange={(event) => filling.set(path, event.currentTarget.checked ? TICKED : "")} />
        <span class="box" aria-hidden="true"><Icon name="check" /></span>
        <span class="grow"><b>{filling.engine.label(path) || words(question.label)}</b>{khmer && <span class="sub" lang="km">{khmer}</span>}</span>
      </label>
      {fault && <p class="q-fault" id={`${id}-f`}><Icon name="alert" /><span>{fault}</span></p>}
    </div>
  );
}
