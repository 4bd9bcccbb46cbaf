// Functions that few forms call: fetched before such a form opens (functionsFor in functions.ts), hashes and places apart.
// Twin of forms/xpath/*_functions.py.
import { dayFractionOf } from "./dates.ts";
import { acos, asin, atan, atan2, cos, exp, log, log10, power, sin, tan, tidy } from "./elementary.ts";
import { dateTime, EAGER, num, numbers, rounded, type Eager } from "./functions.ts";
import type { XNode } from "./nodes.ts";
import { string, type Value } from "./values.ts";

const HASHES = ["digest", "base64-decode", "randomize"];
const PLACES = ["area", "enclosed-area", "distance", "geofence"];

// ── Text ──
function substring(text: string, from: number, length?: number): string {
  const first = rounded(from);
  const last = length === undefined ? Infinity : first + rounded(length);
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
const checklist: Eager = (s, least, most, ...answers) =>
  isBetween(numbers(s, answers).filter((given) => given > 0).length, num(s, least!), num(s, most!));

/** Answers and weights in turn; two node-sets are paired node by node, the longer one's rest is left out. */
const weighted: Eager = (s, least, most, ...pairs) => {
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
const indexedRepeat: Eager = (s, nodes, ...places) => {
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
const ofOne = (run: (value: number) => number): Eager => (s, value) => tidy(run(num(s, value!)));

const RARE: Record<string, Eager> = {
  substring: (s, a, from, length) => substring(string(a!), num(s, from!), length === undefined ? length : num(s, length)),
  translate: (_, a, b, c) => translate(string(a!), string(b!), string(c!)),
  "ends-with": (_, a, b) => string(a!).endsWith(string(b!)),
  uuid: (s, a) => (a === undefined ? crypto.randomUUID() : uuid(num(s, a))),
  "boolean-from-string": (_, a) => ["true", "1"].includes(string(a!)),
  checklist,
  "weighted-checklist": weighted,
  "indexed-repeat": indexedRepeat,
  "date-time": (s, a) => dateTime(s, a!),
  "decimal-time": (s, a) => dayFractionOf(string(a!), s.world.zone),
  version: (s) => s.world.model.version,
  pow: (s, a, b) => power(num(s, a!), num(s, b!)),
  exp10: (s, a) => power(10, num(s, a!)),
  atan2: (s, y, x) => tidy(atan2(num(s, y!), num(s, x!))),
  pi: () => Math.PI,
  ...Object.fromEntries(Object.entries({ exp, log, log10, sin, cos, tan, asin, acos, atan }).map(([name, run]) => [name, ofOne(run)])),
};

/** Puts what these forms may call into the table; no names: all there is. */
export async function register(names?: string[]): Promise<void> {
  const wanted = (some: string[]): boolean => !names || some.some((name) => names.includes(name));
  const [hashes, places] = await Promise.all([
    wanted(HASHES) ? import("./functions_hashes.ts") : undefined, wanted(PLACES) ? import("./functions_places.ts") : undefined,
  ]);
  Object.assign(EAGER, RARE, hashes?.HASH_FUNCTIONS, places?.PLACE_FUNCTIONS);
}
