// The page that is a number: the total, the parts of it as tiles, and keys large enough for one thumb.
// The tile that is chosen takes the keys; the large figure then shows its value.

import { useState } from "preact/hooks";
import { t, words } from "../../i18n/index.ts";
import { Icon } from "../../ui/icon.tsx";
import { useFilling } from "./filling.ts";
import { Stepper } from "./number.tsx";
import { faultOf, type Asked } from "./asked.tsx";
import { digitsOf, shortLabel, stepped } from "./typed.ts";
import { idOf } from "./walk.ts";

/** Above this the app asks once, kindly, whether a zero is too many. */
const ASK_ABOVE = 500;
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export function NumberPad({ main, parts }: { main: Asked; parts: Asked[] }) {
  const filling = useFilling();
  const [chosen, choose] = useState(main.path);
  const now = parts.find((part) => part.path === chosen) ?? main;
  const value = filling.get(now.path);
  const put = (next: string) => filling.set(now.path, digitsOf(next));
  const fault = faultOf(filling, now);
  const id = idOf(main.path);
  return (
    <div id={id} class="number-page" data-question={main.question.path} tabIndex={-1} role="group" aria-label={filling.engine.label(main.path)}>
      <p class="q-label">{filling.engine.label(now.path)}</p>
      <Stepper key={now.path} asked={now} large quiet label={filling.engine.label(now.path)} />
      {fault ? <p class="q-fault" role="status"><Icon name="alert" /><span>{fault}</span></p> : Number(value) > ASK_ABOVE && <p class="q-hint" role="status">{t("num.sure", { n: Number(value) })}</p>}
      {parts.length > 0 && (
        <div class="tiles" role="group" aria-label={t("num.within")}>
          {parts.map((part) => <Tile asked={part} on={part.path === now.path} onClick={() => choose(part.path === chosen ? main.path : part.path)} />)}
        </div>
      )}
      <div class="pad" role="group" aria-label={t("num.pad")}>
        {KEYS.map((key) => <button type="button" onClick={() => put(value + key)}>{key}</button>)}
        <button class="pad-plain" type="button" onClick={() => put(stepped(value, 10))}>+10</button>
        <button type="button" onClick={() => put(`${value}0`)}>0</button>
        <button class="pad-plain" type="button" aria-label={t("num.erase")} onClick={() => put(value.slice(0, -1))}><Icon name="erase" /></button>
      </div>
    </div>
  );
}

function Tile({ asked, on, onClick }: { asked: Asked; on: boolean; onClick: () => void }) {
  const filling = useFilling();
  const { question, path } = asked;
  return (
    <button id={idOf(path)} class="tile" type="button" aria-pressed={on} data-question={question.path} onClick={onClick}>
      <b>{filling.get(path) || "–"}</b><span>{shortLabel(filling.engine.label(path) || words(question.label))}</span>
    </button>
  );
}
