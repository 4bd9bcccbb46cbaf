// Words and decimals: a field. One that may grow when the form says so.

import { useFilling } from "./filling.ts";
import { faultOf, Frame, type Asked } from "./asked.tsx";
import { has, idOf } from "./walk.ts";

/** The phone's keyboard by appearance. */
const KEYS = { numbers: "numeric", url: "url", email: "email" } as const;

export function TextField(asked: Asked) {
  const filling = useFilling();
  const { question, path } = asked;
  const id = idOf(path);
  const fault = faultOf(filling, asked);
  const look = (Object.keys(KEYS) as (keyof typeof KEYS)[]).find((name) => has(question, name));
  const keys = question.type === "decimal" ? "decimal" : look && KEYS[look];
  const shared = {
    value: filling.get(path), autocomplete: "off", "aria-labelledby": `${id}-l`, "aria-describedby": fault ? `${id}-f` : undefined,
    "aria-invalid": fault ? true as const : undefined, onBlur: () => filling.leave([path]),
    onInput: (event: { currentTarget: { value: string } }) => filling.set(path, written(question.type, event.currentTarget.value)),
  };
  return (
    <Frame asked={asked}>
      <span class={`field${fault ? " is-fault" : ""}`}>
        {has(question, "multiline") ? <textarea rows={3} {...shared} /> : <input type="text" inputmode={keys} {...shared} />}
      </span>
    </Frame>
  );
}

/** Vietnamese writes 1,5; the form's lexical form is 1.5. */
const written = (type: string, value: string): string => (type === "decimal" ? value.replace(",", ".") : value);
