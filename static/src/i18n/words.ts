// Words that came with the data: forms, registers, plan.

import type { Words } from "../shapes.ts";
import { language } from "./language.ts";

/** In the person's language or else in Vietnamese (D24). */
export const words = (of: Words | undefined): string => wordsIn(of, language.value);

/** In a language that a form has, and the app perhaps not. */
export function wordsIn(of: Words | undefined, wanted: string): string {
  if (!of) return "";
  return of[wanted] || of[language.value] || of.vi || of.en || Object.values(of).find(Boolean) || "";
}
