// A number as it is written for a reader (1.234.567,5) and as the form keeps it (1234567.5), also while it is being typed.

import type { Language } from "../../../shapes.ts";

interface Marks { group: string; part: string }
const MARKS: Record<Language, Marks> = { vi: { group: ".", part: "," }, en: { group: ",", part: "." } };

/** "-1234567.50" → "-1.234.567,50"; digits that stand after the mark stay as they were typed. */
export function grouped(lexical: string, language: Language): string {
  const { group, part } = MARKS[language];
  const [, sign = "", whole = "", rest] = /^(-?)(\d*)(?:\.(\d*))?$/.exec(lexical) ?? [undefined, "", lexical];
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, group) + (rest === undefined ? "" : part + rest);
}

/** What was typed or pasted → the form's own way; `parts`: whether digits after a mark are wanted. Whole numbers have at most 15 digits. */
export function lexicalOf(typed: string, language: Language, parts: boolean): string {
  const { group, part } = MARKS[language];
  const sign = /^\s*[-−]/.test(typed) ? "-" : "";
  const bare = typed.split(group).join("").replace(part, "#").replace(/[^\d#]/g, "");
  const [whole = "", ...rest] = bare.split("#");
  const kept = whole.slice(0, 15).replace(/^0+(?=\d)/, "");
  return sign + kept + (parts && rest.length > 0 ? `.${rest.join("")}` : "");
}

/** The mark that a phone's number keys have may be the other language's: a "." typed at the end means the part. */
export function withOwnMark(typed: string, key: string | null, language: Language): string {
  const { group, part } = MARKS[language];
  return key === group && typed.endsWith(group) && !typed.includes(part) ? typed.slice(0, -1) + part : typed;
}

/** Where the caret goes after regrouping: behind as many digits as before. */
export function caretIn(text: string, marksBefore: number): number {
  let seen = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (seen === marksBefore) return at;
    if (/[\d-]/.test(text[at]!)) seen += 1;
  }
  return text.length;
}
