// Which words stand on the screen: one key, one sentence, in the language of the person.
// Figures and dates are written by format.ts; words of forms and registers come with the data.

import { english, language } from "./language.ts";
import { number } from "./number.ts";
import { vi } from "./vi.ts";

export { language };
export { words, wordsIn } from "./words.ts";

export type Key = keyof typeof vi;
export type Params = Record<string, string | number>;

/** The sentence of `key`; "{name}" takes the parameter, "one|many" is decided by `n` in English. */
export function t(key: Key, params: Params = {}): string {
  const other = language.value === "en" ? english.value : null;
  const [one, many] = other ? other[key].split("|") : [vi[key]];
  const chosen = many !== undefined && params["n"] !== 1 ? many : one!;
  return chosen.replace(/\{(\w+)\}/g, (_, name: string) => shown(params[name]));
}

function shown(value: string | number | undefined): string {
  return typeof value === "number" ? number(value) : value ?? "";
}
