// What a person set for this phone's screen: language, theme, contrast; and the code of a form to try, until it is used. Kept outside the database: read before the first paint.
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Language } from "./shapes.ts";

export type Theme = "system" | "light" | "dark";
export type Contrast = "system" | "more";
export interface Settings { language: Language; theme: Theme; contrast: Contrast; trial?: string }

const KEY = "lantoa-look";
const PRESET: Settings = { language: "vi", theme: "system", contrast: "system" };

const inner = signal<Settings>({ ...PRESET, ...stored() });
export const settings: ReadonlySignal<Settings> = inner;

export function change(part: Partial<Settings>): void {
  inner.value = { ...inner.value, ...part };
  try {
    localStorage.setItem(KEY, JSON.stringify(inner.value));
  } catch { /* without storage the setting lasts until the app closes */ }
}

function stored(): Partial<Settings> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Settings>;
  } catch {
    return {};
  }
}
