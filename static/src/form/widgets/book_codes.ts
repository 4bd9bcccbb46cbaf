// Codes as a book writes them: what they begin with, and which number comes next.

import type { Item } from "../../shapes.ts";

/** What all codes of the book begin with, up to its dash; "" when the books differ. */
export function prefixOf(items: Item[]): string {
  const first = items[0]?.label ?? "";
  const prefix = first.slice(0, first.lastIndexOf("-") + 1);
  return prefix && items.every((item) => item.label.startsWith(prefix)) ? prefix : "";
}

/** The number after the highest one of the book, as long as the others are written. */
export function nextNumber(items: Item[], prefix: string): string {
  const numbers = items.map((item) => item.label.slice(prefix.length)).filter((text) => /^\d+$/.test(text));
  if (numbers.length === 0) return "";
  const width = Math.max(...numbers.map((text) => text.length));
  return String(Math.max(...numbers.map(Number)) + 1).padStart(width, "0");
}
