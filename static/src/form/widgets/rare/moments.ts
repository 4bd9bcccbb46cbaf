// Days and hours between the fields of the screen and XForms lexical form; hours carry the zone's offset, as ODK writes them.

/** "+07:00" in that zone at that moment. */
export function offsetOf(zone: string, at: Date): string {
  const name = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? "";
  return name.replace("GMT", "") || "+00:00";
}

/** "2024-06-07T09:12" on the wall of that zone, for a moment. */
export function wallOf(zone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
  return parts.format(at).replace(" ", "T");
}

/** What an `<input type=time>` gives → the answer. */
export const timeAnswer = (typed: string, zone: string, now: Date): string => (typed ? `${typed.slice(0, 5)}:00.000${offsetOf(zone, now)}` : "");

/** What an `<input type=datetime-local>` gives → the answer. */
export const dateTimeAnswer = (typed: string, zone: string): string =>
  (typed ? `${typed.slice(0, 16)}:00.000${offsetOf(zone, new Date(`${typed.slice(0, 16)}:00Z`))}` : "");

/** An answer → what the field shows; one with another offset is shown as the clock of this zone stood. */
export function dateTimeTyped(answer: string, zone: string): string {
  const at = /(Z|[+-]\d\d:\d\d)$/.test(answer) ? new Date(answer) : undefined;
  return at && !Number.isNaN(at.getTime()) ? wallOf(zone, at) : answer.slice(0, 16);
}

/** Year, month and day of an answer or of what was half chosen; missing ones are "". */
export const piecesOf = (answer: string): [string, string, string] => { const [y = "", m = "", d = ""] = answer.split("-"); return [y, m, d]; };

export const daysIn = (year: string, month: string): number => (year && month ? new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate() : 31);

/** A whole day out of pieces; what a coarse question does not ask is the first. "" while something is missing. */
export function dayOfPieces([year, month, day]: [string, string, string], coarse: "year" | "month" | "day"): string {
  if (!/^\d{4}$/.test(year) || Number(year) < 1 || (coarse !== "year" && !month) || (coarse === "day" && !day)) return "";
  const wanted = coarse === "year" ? ["01", "01"] : coarse === "month" ? [month, "01"] : [month, String(Math.min(Number(day), daysIn(year, month))).padStart(2, "0")];
  return [year, ...wanted].join("-");
}
