// A large number with its groups of three while it is typed: 1.234.567 (English 1,234,567). Kept as plain digits.

import { useLayoutEffect, useRef } from "preact/hooks";
import { language } from "../../../i18n/language.ts";
import { faultOf, Frame, type Asked } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { idOf } from "../walk.ts";
import { caretIn, grouped, lexicalOf, withOwnMark } from "./typed_number.ts";

export function GroupedNumber(asked: Asked) {
  const filling = useFilling();
  const { question, path } = asked;
  const field = useRef<HTMLInputElement>(null);
  const caret = useRef<number | null>(null);
  const [id, fault, parts] = [idOf(path), faultOf(filling, asked), question.type === "decimal"];
  const text = grouped(filling.get(path), language.value);
  useLayoutEffect(() => {
    if (caret.current !== null) field.current?.setSelectionRange(caretIn(text, caret.current), caretIn(text, caret.current));
    caret.current = null;
  });
  const onInput = ({ currentTarget: input, data }: InputEvent & { currentTarget: HTMLInputElement }) => {
    const typed = withOwnMark(input.value, parts ? data : null, language.value);
    caret.current = input.value.slice(0, input.selectionStart ?? 0).replace(/[^\d-]/g, "").length;
    if (typed.length === input.selectionStart) caret.current = Infinity;
    const lexical = lexicalOf(typed, language.value, parts);
    filling.set(path, lexical);
    input.value = grouped(lexical, language.value);
  };
  return (
    <Frame asked={asked}>
      <span class={`field field-number${fault ? " is-fault" : ""}`}>
        <input ref={field} id={`${id}-n`} type="text" inputmode={parts ? "decimal" : "numeric"} autocomplete="off" value={text} aria-labelledby={`${id}-l`}
          aria-describedby={fault ? `${id}-f` : undefined} aria-invalid={fault ? true : undefined} onInput={onInput} onBlur={() => filling.leave([path])} />
      </span>
    </Frame>
  );
}
