// What time it is, and how times are written. Everything that needs a time is given a Clock.

export interface Clock { now(): Date }

export const systemClock: Clock = { now: () => new Date() };

/** RFC 3339, UTC, milliseconds: the wire's form of a moment. */
export const stamp = (moment: Date): string => moment.toISOString();

/** The calendar day of a moment in a zone, as YYYY-MM-DD (D11: a day is never taken from UTC). */
export function dayIn(zone: string, moment: Date): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(moment);
}
