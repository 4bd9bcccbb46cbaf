// What time it is, and how times are written. Everything that needs a time is given a Clock.

export interface Clock { now(): Date }

export const systemClock: Clock = { now: () => new Date() };

/** RFC 3339, UTC, milliseconds: the wire's form of a moment. */
export const stamp = (moment: Date): string => moment.toISOString();

/** The calendar day of a moment in a zone, as YYYY-MM-DD (D11: a day is never taken from UTC). */
export const dayIn = (zone: string, moment: Date): string => wallIn(zone, moment).slice(0, 10);

/** What calendar and clock on a wall there show: YYYY-MM-DDTHH:MM. */
export function wallIn(zone: string, moment: Date): string {
  const ahead = steady(zone, moment);
  return ahead === null ? asked(zone, moment) : new Date(moment.getTime() + ahead * MINUTE_MS).toISOString().slice(0, 16);
}

const MINUTE_MS = 60_000, HALF_MONTH_MS = 15 * 86_400_000;
const KEY = "lantoa-zone";
interface Steady { zone: string; ahead: number | null; from: number; to: number }
let known: Steady | null = null;

/** Asking the browser for a zone's rules costs a slow phone 70 ms before home stands; of a zone that never changes they are kept. */
function steady(zone: string, moment: Date): number | null {
  known ??= kept();
  const at = moment.getTime();
  return known?.zone === zone && known.from <= at && at <= known.to ? known.ahead : null;
}

function kept(): Steady | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null") as Steady | null;
  } catch {
    return null;
  }
}

/** Looks whether a zone stays as far ahead of UTC for a year before and after `now`, and keeps the answer. When there is time for it. */
export function learnZone(zone: string, now: Date): void {
  if (known?.zone === zone && known.to > now.getTime() + 22 * HALF_MONTH_MS) return;
  known = { zone, ahead: aheadOf(zone, now), from: now.getTime() - 24 * HALF_MONTH_MS, to: now.getTime() + 24 * HALF_MONTH_MS };
  try {
    localStorage.setItem(KEY, JSON.stringify(known));
  } catch { /* it is asked again the next time */ }
}

/** Null: it changes in that time. */
export function aheadOf(zone: string, now: Date): number | null {
  const all = Array.from({ length: 49 }, (_, n) => {
    const at = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS + (n - 24) * HALF_MONTH_MS;
    return (Date.parse(`${asked(zone, new Date(at))}Z`) - at) / MINUTE_MS;
  });
  return all.every((one) => one === all[0]) ? all[0]! : null;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function asked(zone: string, moment: Date): string {
  let format = formats.get(zone);
  if (!format) {
    const [numeric, two] = ["numeric", "2-digit"] as const;
    formats.set(zone, (format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, hourCycle: "h23", year: numeric, month: two, day: two, hour: two, minute: two })));
  }
  return format.format(moment).replace(" ", "T"); // Swedish writes 2024-06-07 09:12
}
