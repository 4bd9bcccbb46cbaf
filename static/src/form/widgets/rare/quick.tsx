// One tap answers and goes on: to the next question of the page, or to the next page. Keys of a keyboard only choose.

import { useRef } from "preact/hooks";
import { Frame } from "../asked.tsx";
import { useFilling } from "../filling.ts";
import { idOf } from "../walk.ts";
import { Grid, type Chosen } from "./columns.tsx";

const SEEN_MS = 250; // the choice is seen before the page moves

export function Quick({ asked, items }: Chosen) {
  const filling = useFilling();
  const tapped = useRef(false);
  const onChange = () => {
    if (!tapped.current || asked.missing) return;
    setTimeout(() => goOn(idOf(asked.path), () => filling.onward?.()), SEEN_MS);
  };
  return (
    <Frame asked={asked} role="radiogroup">
      <div onPointerUp={() => { tapped.current = true; }} onKeyDown={() => { tapped.current = false; }} onChange={onChange}><Grid asked={asked} items={items} /></div>
    </Frame>
  );
}

function goOn(id: string, onward: () => void): void {
  const all = [...document.querySelectorAll<HTMLElement>("main [data-question]")];
  const at = all.findIndex((element) => element.id === id);
  const next = all[at + 1];
  if (at < 0) return;
  if (!next) return onward();
  next.scrollIntoView({ block: "start" });
  next.focus({ preventScroll: true });
}
