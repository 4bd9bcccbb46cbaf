// Functions that few forms call: a part of the program of its own, on the phones whose forms name them (parts.ts).
// It is built apart and imports nothing of the app but types; what it needs comes as `tools`. Twin of forms/xpath/*_functions.py.
import type { Eager, Tools } from "./functions.ts";
import type { XNode } from "./nodes.ts";
import { acos, asin, atan, atan2, cos, exp, log, log10, power, sin, tan, tidy } from "./rare/elementary.ts";
import { placeFunctions } from "./rare/places.ts";
import type { Value } from "./values.ts";

// ── Text ──
function substring(text: string, from: number, length?: number): string {
  const first = Math.round(from);
  const last = length === undefined ? Infinity : first + Math.round(length);
  return [...text].filter((_, at) => at + 1 >= first && at + 1 < last).join("");
}

function translate(text: string, letters: string, others: string): string {
  const [from, into] = [[...letters], [...others]];
  return [...text].map((letter) => (from.includes(letter) ? into[from.indexOf(letter)] ?? "" : letter)).join("");
}

function uuid(length: number): string {
  const letters = crypto.getRandomValues(new Uint8Array(length));
  return [...letters].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[letter % 36]).join("");
}

// ── What is true, counted ──
const isBetween = (found: number, least: number, most: number): boolean => (least === -1 || found >= least) && (most === -1 || found <= most);

/** Whether as many answers are true: numbers above 0, as the ODK specification says; -1 stands for no limit. */
const checklist = ({ num, numbers }: Tools): Eager => (s, least, most, ...answers) =>
  isBetween(numbers(s, answers).filter((given) => given > 0).length, num(s, least!), num(s, most!));

/** Answers and weights in turn; two node-sets are paired node by node, the longer one's rest is left out. */
const weighted = ({ num, numbers }: Tools): Eager => (s, least, most, ...pairs) => {
  let total = 0;
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const [answers, weights] = [pairs[at]!, pairs[at + 1]!];
    const read = Array.isArray(answers) && Array.isArray(weights) ? (value: Value) => numbers(s, [value]) : (value: Value) => [num(s, value)];
    const heavy = read(weights);
    read(answers).slice(0, heavy.length).forEach((one, place) => { total += one > 0 ? heavy[place]! : 0; });
  }
  return isBetween(total, num(s, least!), num(s, most!));
};

// ── Repeats ──
/** //repeat[position() = index]/…/node, for each pair of a repeat and an index; XPath counts from 1. */
const indexedRepeat = ({ num }: Tools): Eager => (s, nodes, ...places) => {
  let found = Array.isArray(nodes) ? nodes : [];
  for (let at = 0; at + 1 < places.length; at += 2) {
    const chosen = rowsAt(places[at]!, num(s, places[at + 1]!));
    found = found.filter((node) => above(node).some((one) => chosen.has(one)));
  }
  return found;
};

const rowsAt = (rows: Value, at: number): Set<XNode> =>
  new Set((Array.isArray(rows) ? rows : []).filter((row) => (row.parent?.child(row.name).indexOf(row) ?? -1) + 1 === at && at > 0));
const above = (node: XNode): XNode[] => (node.parent ? [node.parent, ...above(node.parent)] : []);

// ── Numbers ──
const ofOne = ({ num }: Tools, run: (value: number) => number): Eager => (s, value) => tidy(run(num(s, value!)));

const mathFunctions = (tools: Tools): Record<string, Eager> => ({
  pow: (s, a, b) => power(tools.num(s, a!), tools.num(s, b!)),
  exp10: (s, a) => power(10, tools.num(s, a!)),
  atan2: (s, y, x) => tidy(atan2(tools.num(s, y!), tools.num(s, x!))),
  pi: () => Math.PI,
  ...Object.fromEntries(Object.entries({ exp, log, log10, sin, cos, tan, asin, acos, atan }).map(([name, run]) => [name, ofOne(tools, run)])),
});

const textFunctions = ({ num, string }: Tools): Record<string, Eager> => ({
  substring: (s, a, from, length) => substring(string(a!), num(s, from!), length === undefined ? length : num(s, length)),
  translate: (_, a, b, c) => translate(string(a!), string(b!), string(c!)),
  "ends-with": (_, a, b) => string(a!).endsWith(string(b!)),
  uuid: (s, a) => (a === undefined ? crypto.randomUUID() : uuid(num(s, a))),
  "boolean-from-string": (_, a) => ["true", "1"].includes(string(a!)),
});

export const functions = (tools: Tools): Record<string, Eager> => ({
  ...textFunctions(tools), ...mathFunctions(tools), ...placeFunctions(tools),
  checklist: checklist(tools),
  "weighted-checklist": weighted(tools),
  "indexed-repeat": indexedRepeat(tools),
  "date-time": (s, a) => tools.dateTime(s, a!),
  "decimal-time": (s, a) => tools.dayFractionOf(tools.string(a!), s.world.zone),
  version: (s) => s.world.model.version,
});
