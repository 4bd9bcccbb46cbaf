// Codes as a book writes them: what they begin with, and which number comes next.

import { normalCode } from "../../registers.ts";
import type { Item } from "../../shapes.ts";

/** What all codes of the book begin with, up to its dash; "" when the books differ. */
export function prefixOf(items: Item[]): string {
  const first = items[0]?.label ?? "";
  const prefix = first.slice(0, first.lastIndexOf("-") + 1);
  return prefix && items.every((item) => item.label.startsWith(prefix)) ? prefix : "";
}

const LIKE_AN_ID_NUMBER = /\d{9,}/; // 9 or 12 digits in one go; a dash parts a book from its number
const MOST_DIGITS = 12;

/** Whether this looks like the number of an identity card, which has no place here. */
export function isLikeIdNumber(typed: string): boolean {
  return LIKE_AN_ID_NUMBER.test(typed.replace(/[\s.]/g, "")) || typed.replace(/\D/g, "").length >= MOST_DIGITS;
}

/** The whole code, whether the book's own part was typed (or pasted) with it or not. */
export function wholeCode(prefix: string, typed: string): string {
  const code = normalCode(typed);
  const bare = (text: string): string => text.replace(/-/g, "");
  if (!prefix || code.startsWith(prefix)) return code;
  return prefix + (code.length > bare(prefix).length && bare(code).startsWith(bare(prefix)) ? bare(code).slice(bare(prefix).length) : code);
}

/** Codes whose number holds what was typed or pasted, with or without the book's own part. */
export function codesLike(items: Item[], prefix: string, typed: string): Item[] {
  const wanted = wholeCode(prefix, typed).slice(prefix.length);
  return wanted === "" ? items : items.filter((item) => normalCode(item.label).slice(prefix.length).includes(wanted));
}

/** The number after the highest one of the book, as long as the others are written. */
export function nextNumber(items: Item[], prefix: string): string {
  const numbers = items.map((item) => item.label.slice(prefix.length)).filter((text) => /^\d+$/.test(text));
  if (numbers.length === 0) return "";
  const width = Math.max(...numbers.map((text) => text.length));
  return String(Math.max(...numbers.map(Number)) + 1).padStart(width, "0");
}
