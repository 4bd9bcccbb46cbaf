// A scale of opinions: points on one line with their words below; long words or many points go from top to bottom.

import { faultOf, Frame } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { idOf } from "../walk.ts";
import type { Chosen } from "./columns.tsx";

const LONGEST_WORD = 9, ABREAST = 5;

export function Likert({ asked, items }: Chosen) {
  const filling = useFilling();
  const { path } = asked;
  const value = filling.get(path);
  const narrow = items.length <= ABREAST && items.every(({ label }) => label.split(/\s+/).every((word) => word.length <= LONGEST_WORD));
  const letGo = (name: string) => { if (value === name && !filling.engine.required(path)) filling.set(path, ""); };
  return (
    <Frame asked={asked} role="radiogroup">
      <div class={narrow ? "likert" : "likert likert-long"}>
        {items.map((item) => (
          <label key={item.name} class="point">
            <input class="tick" type="radio" name={idOf(path)} value={item.name} checked={value === item.name} aria-describedby={faultOf(filling, asked) ? `${idOf(path)}-f` : undefined}
              onClick={() => letGo(item.name)} onChange={() => filling.set(path, item.name)} />
            <span class="dot" aria-hidden="true" /><span class="point-word">{item.label}</span>
          </label>
        ))}
      </div>
    </Frame>
  );
}
