// How figures, days and hours are written: 1.234,5 · 7/6/2024 · 09:12 (English: 1,234.5 · 7 Jun 2024).
// Days are the form's own text (YYYY-MM-DD) and never go through UTC (D11); hours are those of the plan's zone.

import { signal } from "@preact/signals";
import { dayIn, wallIn } from "../clock.ts";
import { t, type Key } from "./index.ts";
import { language } from "./language.ts";
import { number } from "./number.ts";

export { number };

/** The plan's zone; set when the account is opened. */
export const zone = signal("Asia/Ho_Chi_Minh");

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const english = () => language.value === "en";

/** "2024-06-07" → "7/6/2024"; anything else is given back as it is. */
export function day(iso: string): string {
  const [y, m, d] = pieces(iso);
  if (!y) return iso;
  return english() ? `${d} ${MONTHS[m! - 1]} ${y}` : `${d}/${m}/${y}`;
}

/** The same without the year, where the year is clear. */
export function dayShort(iso: string): string {
  const [y, m, d] = pieces(iso);
  if (!y) return iso;
  return english() ? `${d} ${MONTHS[m! - 1]}` : `${d}/${m}`;
}

export function weekday(iso: string): string {
  const [y, m, d] = pieces(iso);
  if (!y) return "";
  return t(`day.${new Date(Date.UTC(y, m! - 1, d)).getUTCDay()}` as Key);
}

/** The calendar day of an instant in the plan's zone, as YYYY-MM-DD. */
export function dayOf(instant: Date): string {
  return dayIn(zone.value, instant);
}

export function addDays(iso: string, days: number): string {
  const [y, m, d] = pieces(iso);
  return y ? new Date(Date.UTC(y, m! - 1, d! + days)).toISOString().slice(0, 10) : iso;
}

/** "09:12" in the plan's zone. */
export function clock(instant: Date): string {
  return wallIn(zone.value, instant).slice(11);
}

/** The hour when it was today, else day and hour: "09:12", "6/6 16:20". */
export function moment(instant: Date, now: Date): string {
  const on = dayOf(instant);
  if (on === dayOf(now)) return clock(instant);
  return `${on.slice(0, 4) === dayOf(now).slice(0, 4) ? dayShort(on) : day(on)} ${clock(instant)}`;
}

/** "Hôm nay", "Hôm qua" or the day. */
export function nearDay(iso: string, now: Date): string {
  const today = dayOf(now);
  if (iso === today) return t("date.today");
  if (iso === addDays(today, -1)) return t("date.yesterday");
  return iso.slice(0, 4) === today.slice(0, 4) ? dayShort(iso) : day(iso);
}

export function bytes(size: number): string {
  if (size < 1_000_000) return `${number(Math.max(1, Math.round(size / 1000)))} kB`;
  if (size < 1_000_000_000) return `${number(size / 1_000_000)} MB`;
  return `${number(size / 1_000_000_000)} GB`;
}

function pieces(iso: string): [number?, number?, number?] {
  const found = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : [];
}
