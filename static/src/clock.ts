// What time it is, and how times are written. Everything that needs a time is given a Clock.

export interface Clock { now(): Date }

export const systemClock: Clock = { now: () => new Date() };

/** RFC 3339, UTC, milliseconds: the wire's form of a moment. */
export const stamp = (moment: Date): string => moment.toISOString();

/** The calendar day of a moment in a zone, as YYYY-MM-DD (D11: a day is never taken from UTC). */
export function dayIn(zone: string, moment: Date): string {
  let format = formats.get(zone);
  if (!format) formats.set(zone, (format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" })));
  return format.format(moment);
}

/** Making one takes a slow phone milliseconds; every kept answer asks. */
const formats = new Map<string, Intl.DateTimeFormat>();
