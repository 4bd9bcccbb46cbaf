// A form's text as elements and as words only: the same as at the desk (server/pages/marked.py).
import { readFileSync } from "node:fs";
import type { ComponentChildren, VNode } from "preact";
import { expect, test } from "vitest";
import { Marked, plain } from "./marked.tsx";

const { cases } = JSON.parse(readFileSync("tests/vectors/marked.json", "utf8")) as { cases: [text: string, elements: string, words: string][] };

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

/** The elements as they would be written. */
function written(one: ComponentChildren): string {
  if (Array.isArray(one)) return one.map(written).join("");
  if (typeof one !== "object" || one === null) return escaped(String(one ?? ""));
  const { type, props } = one as VNode<Record<string, unknown>>;
  const attributes = Object.entries(props).filter(([name]) => name !== "children").map(([name, value]) => ` ${name}="${escaped(String(value))}"`);
  return `<${String(type)}${attributes.join("")}>${written(props["children"] as ComponentChildren)}</${String(type)}>`;
}

test.each(cases)("%j is %j", (text, elements, words) => {
  const whole = Marked({ text }) as VNode<{ children: ComponentChildren; dir: string }>;
  expect(written(whole.props.children)).toBe(elements);
  expect(whole.props.dir).toBe("auto");
  expect(plain(text)).toBe(words);
});
