// A box to tick: "this was done". Under it what to say to the listeners, in Khmer too where the form has it.

import { words } from "../../i18n/index.ts";
import { Icon } from "../../ui/icon.tsx";
import { faultOf, type Asked } from "./asked.tsx";
import { useFilling } from "./filling.ts";
import { idOf } from "./walk.ts";

const TICKED = "OK";

export function Acknowledge(asked: Asked) {
  const filling = useFilling();
  const { question, path } = asked;
  const id = idOf(path);
  const fault = faultOf(filling, asked);
  const khmer = question.hint?.km ?? question.label?.km;
  const hint = words(question.hint);
  return (
    <div id={id} class={`q${asked.missing ? " is-missing" : ""}`} data-question={question.path} tabIndex={-1}>
      <label class="notice-check">
        <input class="tick" type="checkbox" checked={filling.get(path) !== ""} aria-describedby={fault ? `${id}-f` : undefined}
          onChange={(event) => filling.set(path, event.currentTarget.checked ? TICKED : "")} />
        <span class="box" aria-hidden="true"><Icon name="check" /></span>
        <span class="grow"><b>{filling.engine.label(path) || words(question.label)}</b></span>
      </label>
      {(hint || khmer) && <blockquote class="say">{hint && <p>{hint}</p>}{khmer && <p lang="km">{khmer}</p>}</blockquote>}
      {fault && <p class="q-fault" id={`${id}-f`}><Icon name="alert" /><span>{fault}</span></p>}
    </div>
  );
}
