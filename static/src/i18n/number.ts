// How a figure is written: 1.234,5 (English: 1,234.5).

import { language } from "./language.ts";

export function number(value: number, digits = 1): string {
  const english = language.value === "en";
  const rounded = Number(value.toFixed(digits));
  const [whole, part] = Math.abs(rounded).toString().split(".");
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, english ? "," : ".");
  return (rounded < 0 ? "−" : "") + grouped + (part ? (english ? "." : ",") + part : "");
}
