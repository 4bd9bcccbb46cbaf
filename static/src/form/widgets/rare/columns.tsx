// Choices side by side: as many columns as the form asks for, as many as fit, or packed like words in a line.

import type { VNode } from "preact";
import type { Item } from "../../../shapes.ts";
import { Frame, type Asked } from "../asked.tsx";
import { looksOf, Pick } from "../choose.tsx";
import { has } from "../walk.ts";

export interface Chosen { asked: Asked; items: Item[] }

const WIDEST = 4; // more columns than this are no targets on a phone

export function Columns(chosen: Chosen): VNode {
  const { question } = chosen.asked;
  return <Frame asked={chosen.asked} role={question.type === "select_multiple" ? "group" : "radiogroup"}><Grid {...chosen} /></Frame>;
}

export function Grid({ asked, items }: Chosen): VNode {
  const bare = has(asked.question, "no-buttons") ? " is-bare" : "";
  return (
    <div class={(lookOf(asked.question.appearance ?? "") ?? looksOf(items, asked.question)) + bare}>
      {items.map((item) => <Pick key={item.name} asked={asked} item={item} many={asked.question.type === "select_multiple"} />)}
    </div>
  );
}

/** `columns-3`, `w2 compact-3` → three; `columns-pack` and `compact` → packed; undefined: as any other list. */
export function lookOf(appearance: string): string | undefined {
  const [, n] = /\b(?:columns|compact|quickcompact)-(\d+)/.exec(appearance) ?? [];
  if (n) return `cols cols-${Math.min(Math.max(Number(n), 1), WIDEST)}`;
  if (/\bcolumns(?!-pack)\b/.test(appearance)) return "cols cols-fit";
  return /columns-pack|compact/.test(appearance) ? "chips" : undefined;
}
