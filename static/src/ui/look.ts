// How the screen looks for this person: theme, sun, language. No personal data, so localStorage is enough,
// and it can be read before the first paint.

import { signal } from "@preact/signals";
import { language } from "../i18n/index.ts";
import type { Language } from "../shapes.ts";

export type Theme = "system" | "light" | "dark";

export const theme = signal<Theme>("system");
export const sun = signal(false);

const KEY = "lantoa-look";
const night = matchMedia("(prefers-color-scheme: dark)");

export function startLook(): void {
  const kept = stored();
  theme.value = kept.theme ?? "system";
  sun.value = kept.sun ?? false;
  language.value = kept.language ?? "vi";
  night.addEventListener("change", apply);
  apply();
}

export function setLook(change: { theme?: Theme; sun?: boolean; language?: Language }): void {
  if (change.theme) theme.value = change.theme;
  if (change.sun !== undefined) sun.value = change.sun;
  if (change.language) language.value = change.language;
  keep();
  apply();
}

/** Bright sun wins over dark: black ink on white is what it is for. */
function apply(): void {
  const root = document.documentElement;
  const dark = !sun.value && (theme.value === "dark" || (theme.value === "system" && night.matches));
  root.dataset["theme"] = dark ? "dark" : "light";
  if (sun.value) root.dataset["contrast"] = "more";
  else delete root.dataset["contrast"];
  root.lang = language.value;
}

/** The phone's own bar takes the colour of the page, or of the water when a record was saved. */
export function paintBar(onWater: boolean): void {
  const colour = getComputedStyle(document.documentElement).getPropertyValue(onWater ? "--water" : "--bg").trim();
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", colour);
}

function stored(): { theme?: Theme; sun?: boolean; language?: Language } {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

function keep(): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ theme: theme.value, sun: sun.value, language: language.value }));
  } catch {
    /* storage refused: the choice lasts until the app is closed */
  }
}
