// Whether an answer has the shape that its question's type asks for (T-… in SUPPORTED.md). Twin of forms/answer_kinds.py.
import type { Question } from "../shapes.ts";
import { dateOfDays, dateTimeOfDays, isDate, isDateTime, isTime } from "./dates.ts";
import { tokens } from "./functions.ts";
import { string, type Value } from "./values.ts";

type Fits = (text: string, question: Question) => boolean;

const NEARLY = 1e-6; // of a step: 0.1 + 0.2 is on the step 0.3
const isDecimal = (text: string): boolean => /^-?(\d+(\.\d*)?|\.\d+)$/.test(text);
const isMedia = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);
/** Names parted by spaces, each once. */
const isSet = (text: string): boolean => new Set(tokens(text)).size === tokens(text).length;

/** Latitude, longitude, and if known altitude and accuracy in metres, parted by spaces. */
function isGeopoint(text: string): boolean {
  const parts = text.split(" ");
  if (parts.length < 2 || parts.length > 4 || !parts.every(isDecimal)) return false;
  const [latitude = 0, longitude = 0, , accuracy = 0] = parts.map(Number);
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && accuracy >= 0;
}

function isWithin(text: string, { parameters }: Question): boolean {
  const [start = 0, end = 0, step = 1] = ["start", "end", "step"].map((name) => Number(parameters?.[name]));
  const value = Number(text);
  if (!isDecimal(text) || value < Math.min(start, end) || value > Math.max(start, end)) return false;
  const steps = Math.abs(value - start) / Math.abs(step);
  return Math.abs(steps - Math.floor(steps + 0.5)) < NEARLY;
}

const TYPES: Partial<Record<Question["type"], Fits>> = {
  integer: (text) => /^-?\d{1,15}$/.test(text),
  decimal: isDecimal, date: isDate, time: isTime, dateTime: isDateTime, select_multiple: isSet, rank: isSet, geopoint: isGeopoint,
  image: isMedia, audio: isMedia, file: isMedia, range: isWithin,
};

export const fits = (question: Question, text: string): boolean => TYPES[question.type]?.(text, question) ?? true;

/** A value as an answer: NaN is no answer; a number in a date question is a count of days. */
export function lexical(value: Value, { type }: Question, zone: string): string {
  if (typeof value !== "number") return string(value);
  if (Number.isNaN(value)) return "";
  if (type === "date") return dateOfDays(value);
  return type === "dateTime" ? dateTimeOfDays(value, zone) : string(value);
}
