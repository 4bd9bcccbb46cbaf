// The look that the person chose, on the page: before the first paint, and whenever the choice or the system changes.

import { effect } from "@preact/signals";
import { language } from "../i18n/language.ts";
import { settings } from "../settings.ts";

const night = matchMedia("(prefers-color-scheme: dark)");

export function startLook(): void {
  night.addEventListener("change", apply);
  effect(apply);
}

/** Bright sun wins over dark: black ink on white is what it is for. */
function apply(): void {
  const { theme, contrast } = settings.value;
  const root = document.documentElement;
  const sun = contrast === "more";
  const dark = !sun && (theme === "dark" || (theme === "system" && night.matches));
  root.dataset["theme"] = dark ? "dark" : "light";
  if (sun) root.dataset["contrast"] = "more";
  else delete root.dataset["contrast"];
  root.lang = language.value;
}

/** The phone's own bar takes the colour of the page, or of the water when a record was saved. */
export function paintBar(onWater: boolean): void {
  const { theme, contrast } = document.documentElement.dataset;
  const now = `${theme} ${contrast} ${onWater}`;
  if (now === painted) return; // asking for the colour makes the browser work out the style of a page that is still changing
  painted = now;
  const colour = getComputedStyle(document.documentElement).getPropertyValue(onWater ? "--water" : "--bg").trim();
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", colour);
}
let painted = "";
