// A number: one less, one more, or typed. `NumberValue` is the large one of the page that is a number (pad.tsx).

import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { Icon } from "../../ui/icon.tsx";
import { useFilling } from "./filling.ts";
import { faultOf, Frame, type Asked } from "./asked.tsx";
import { digitsOf, stepped, wholeOf } from "./typed.ts";
import { has, idOf } from "./walk.ts";

export function NumberField(asked: Asked) {
  const large = has(asked.question, "number-pad");
  return <Frame asked={asked} role="group"><Stepper asked={asked} large={large} /></Frame>;
}

/** `quiet` = the page has its own pad, the phone's keyboard stays away; a real keyboard still types. */
export function Stepper({ asked, large, quiet, label }: { asked: Asked; large?: boolean; quiet?: boolean; label?: string }) {
  const filling = useFilling();
  const { path } = asked;
  const value = filling.get(path);
  const id = idOf(path);
  const least = isBelowZero(asked) ? -Infinity : 0;
  const step = (by: number) => filling.set(path, stepped(filling.engine.get(path), by, least));
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(by);
  };
  return (
    <div class={`stepper${large ? "" : " stepper-s"}`}>
      <StepKey icon="minus" label={t("num.less")} step={() => step(-1)} />
      <input class="stepper-value" id={`${id}-n`} type="text" role="spinbutton" inputmode={quiet ? "none" : "numeric"} autocomplete="off" placeholder="–" value={value}
        aria-valuenow={/\d/.test(value) ? Number(value) : undefined} aria-labelledby={label ? undefined : `${id}-l`} aria-label={label}
        aria-valuemin={least ? undefined : 0} aria-invalid={faultOf(filling, asked) ? true : undefined} onKeyDown={onKeyDown} onBlur={() => value && filling.leave([path])}
        onInput={(event) => { event.currentTarget.value = (large ? digitsOf : wholeOf)(event.currentTarget.value); filling.set(path, event.currentTarget.value); }} />
      <StepKey icon="plus" label={t("num.plus")} step={() => step(1)} />
    </div>
  );
}

/** The form says what may be answered, and speaks of numbers below zero: only then the steps lead there. */
const isBelowZero = ({ question }: Asked): boolean => JSON.stringify(question.constraint ?? "").includes('["neg"');

const HOLD_MS = 400, REPEAT_MS = 200;

/** Held down it goes on, five a second. */
function StepKey({ icon, label, step }: { icon: "minus" | "plus"; label: string; step: () => void }) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const held = useRef(false);
  const stop = () => clearTimeout(timer.current);
  const again = () => { held.current = true; step(); timer.current = setTimeout(again, REPEAT_MS); };
  const press = () => { held.current = false; timer.current = setTimeout(again, HOLD_MS); };
  useEffect(() => stop, []);
  return (
    <button class="stepper-key" type="button" aria-label={label} onClick={() => { if (!held.current) step(); held.current = false; }}
      onContextMenu={(event) => event.preventDefault()} onPointerDown={press} onPointerUp={stop} onPointerLeave={stop} onPointerCancel={stop}>
      <Icon name={icon} />
    </button>
  );
}
