// An answer as a person reads it: the label of a choice, a day as 7/6/2024, a number with its points.

import { day, number } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { codeIn, type Registers } from "../../registers.ts";
import type { Question } from "../../shapes.ts";
import type { Engine } from "../engine.ts";

/** Labels of the chosen items; a value the list no longer has is shown as it is. */
export function labelsOf(question: Question, path: string, engine: Engine, registers: Registers): string[] {
  const chosen = engine.get(path).split(" ").filter(Boolean);
  if (chosen.length === 0) return [];
  const { register } = question.options ?? {};
  if (register) return chosen.map((name) => registers.label(register, name));
  return chosen.map((name) => engine.offeredLabel(path, name) ?? codeIn(name) ?? name);
}

/** Empty when there is no answer. */
export function answerText(question: Question, path: string, engine: Engine, registers: Registers): string {
  const value = engine.get(path);
  if (value === "") return "";
  switch (question.type) {
    case "select_one":
    case "select_multiple": return labelsOf(question, path, engine, registers).join(", ");
    case "date": return day(value);
    case "integer":
    case "decimal": return Number.isFinite(Number(value)) ? number(Number(value), 6) : value;
    case "range": return number(Number(value), 6);
    case "rank": return labelsOf(question, path, engine, registers).join(" › ");
    case "time": return value.slice(0, 5);
    case "dateTime": return `${value.slice(11, 16)} ${day(value)}`;
    case "acknowledge":
    case "audio":
    case "file": return "✓";
    case "geopoint": return value.split(" ", 2).map((degrees) => number(Number(degrees), 5)).join("; ");
    case "image": return t("photo.count", { n: 1 });
    default: return value;
  }
}
