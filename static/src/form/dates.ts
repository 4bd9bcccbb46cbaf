// Dates, times and date-times in XForms lexical form; a zone is always given, the clock is never asked.
// Twin of forms/xpath/dates.py.
import type { Language } from "../shapes.ts";

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?$/;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const MONTHS: Record<Language, string[]> = {
  en: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
  vi: Array.from({ length: 12 }, (_, at) => `Thg ${at + 1}`),
};
const DAYS: Record<Language, string[]> = {
  en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
  vi: ["CN", "Th 2", "Th 3", "Th 4", "Th 5", "Th 6", "Th 7"],
};

/** The calendar goes from year 1 to year 9999. */
const inCalendar = (ms: number): boolean => ms >= -62_135_596_800_000 && ms < 253_402_300_800_000;

const pad = (value: number, width = 2): string => String(value).padStart(width, "0");

/** Milliseconds that a wall clock has gone since 1970-01-01T00:00 on the same wall; NaN for no such date. */
function wallOfDate(match: RegExpMatchArray): number {
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : NaN;
}

function msOfTime(match: RegExpMatchArray): number {
  const [hour, minute, second] = [match[1], match[2], match[3] ?? 0].map(Number) as [number, number, number];
  if (hour > 23 || minute > 59 || second > 59) return NaN;
  return ((hour * 60 + minute) * 60 + second) * 1000 + Number((match[4] ?? "0").padEnd(3, "0").slice(0, 3));
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of `zone` are ahead of UTC at that moment. */
function offsetMs(zone: string, utcMs: number): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23",
      year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(utcMs).map((part) => [part.type, Number(part.value)]));
  const wall = new Date(0);
  wall.setUTCFullYear(parts["year"] ?? 0, (parts["month"] ?? 1) - 1, parts["day"]);
  wall.setUTCHours(parts["hour"] ?? 0, parts["minute"], parts["second"]);
  return wall.getTime() - Math.floor(utcMs / 1000) * 1000;
}

const toWall = (zone: string, utcMs: number): number => utcMs + offsetMs(zone, utcMs);
const toUtc = (zone: string, wallMs: number): number => wallMs - offsetMs(zone, wallMs - offsetMs(zone, wallMs));

/** What a wall clock of `zone` shows at `text`, as milliseconds since 1970-01-01T00:00 on that wall; NaN for other text. */
function wallOf(text: string, zone: string): number {
  const at = text.indexOf("T");
  const day = DATE.exec(at < 0 ? text : text.slice(0, at));
  const date = day ? wallOfDate(day) : NaN;
  if (at < 0 || Number.isNaN(date)) return date;
  const time = TIME.exec(text.slice(at + 1));
  if (!time) return NaN;
  const wall = date + msOfTime(time);
  const offset = time[5];
  if (!offset || Number.isNaN(wall)) return wall;
  const utc = wall - minutesOf(offset) * MINUTE_MS;
  const local = inCalendar(utc) ? toWall(zone, utc) : NaN;
  return inCalendar(local) ? local : NaN;
}

function minutesOf(offset: string): number {
  if (offset === "Z") return 0;
  return (offset[0] === "-" ? -1 : 1) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4)));
}

export const isDate = (text: string): boolean => DATE.test(text) && !Number.isNaN(wallOf(text, "UTC"));
export const isDateTime = (text: string): boolean => text.includes("T") && !Number.isNaN(wallOf(text, "UTC"));
export function isTime(text: string): boolean {
  const match = TIME.exec(text);
  return match !== null && !Number.isNaN(msOfTime(match));
}

/** Days since 1970-01-01 on the local calendar: a date is whole; NaN for other text. */
export const daysOf = (text: string, zone: string): number => wallOf(text, zone) / DAY_MS;

/** Days since 1970-01-01T00:00Z; a date means its local midnight. */
export function utcDaysOf(text: string, zone: string): number {
  const wall = wallOf(text, zone);
  return Number.isNaN(wall) ? NaN : toUtc(zone, wall) / DAY_MS;
}

/** 06:00 is 0.25; a date-time counts by its local clock; NaN for other text. */
export function dayFractionOf(text: string, zone: string): number {
  const match = TIME.exec(text);
  const ms = match ? msOfTime(match) : NaN;
  const wall = Number.isNaN(ms) ? wallOf(text, zone) : ms;
  return (((wall % DAY_MS) + DAY_MS) % DAY_MS) / DAY_MS;
}

/** The date that many whole days after 1970-01-01; "" if the calendar has none. */
export function dateOfDays(days: number): string {
  const date = new Date(Math.floor(days) * DAY_MS);
  return inCalendar(date.getTime()) ? dateText(date) : "";
}

/** The local date of a date or date-time; "" for other text. */
export function dateOf(text: string, zone: string): string {
  const wall = wallOf(text, zone);
  return Number.isNaN(wall) ? "" : dateText(new Date(wall));
}

/** Local date-time of a count of days since 1970-01-01T00:00Z; "" if the calendar has none. */
export function dateTimeOfDays(days: number, zone: string): string {
  const utc = new Date(Math.round(days * DAY_MS));
  return inCalendar(utc.getTime()) ? dateTimeText(utc, zone) : "";
}

const dateText = (wall: Date): string => `${pad(wall.getUTCFullYear(), 4)}-${pad(wall.getUTCMonth() + 1)}-${pad(wall.getUTCDate())}`;

/** 2024-11-22T16:12:05.123+07:00 */
export function dateTimeText(at: Date, zone: string): string {
  const offset = Math.round(offsetMs(zone, at.getTime()) / MINUTE_MS);
  const wall = new Date(toWall(zone, at.getTime())).toISOString().slice(10, 23);
  const ahead = Math.abs(offset);
  return dateText(new Date(toWall(zone, at.getTime()))) + wall + (offset < 0 ? "-" : "+") + `${pad(Math.floor(ahead / 60))}:${pad(ahead % 60)}`;
}

/** format-date and format-date-time; an unknown mark stays as it stands, no date gives "". */
export function formatted(text: string, pattern: string, zone: string, language: string): string {
  const wall = wallOf(text, zone);
  if (Number.isNaN(wall)) return "";
  const date = new Date(wall);
  const fields: Record<string, string | undefined> = {
    Y: pad(date.getUTCFullYear(), 4), y: pad(date.getUTCFullYear() % 100), m: pad(date.getUTCMonth() + 1), n: String(date.getUTCMonth() + 1),
    b: (MONTHS[language as Language] ?? MONTHS.vi)[date.getUTCMonth()], a: (DAYS[language as Language] ?? DAYS.vi)[date.getUTCDay()],
    d: pad(date.getUTCDate()), e: String(date.getUTCDate()), H: pad(date.getUTCHours()), h: String(date.getUTCHours()),
    "%": "%", M: pad(date.getUTCMinutes()), S: pad(date.getUTCSeconds()), 3: pad(date.getUTCMilliseconds(), 3),
  };
  return pattern.replace(/%([%\w])/g, (whole: string, mark: string) => fields[mark] ?? whole);
}
