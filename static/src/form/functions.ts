// The functions that expressions may call; rare ones are fetched before a form that names them opens (functionsFor).
// Twin of forms/xpath/functions.py; forms/SUPPORTED.md lists both.
import { dateOf, dateOfDays, dateTimeOfDays, dateTimeText, dayFractionOf, formatted, utcDaysOf } from "./dates.ts";
import { functionPartsOf, PartMissing, type FunctionPart } from "../parts.ts";
import type { FormModel } from "../shapes.ts";
import type { XNode } from "./nodes.ts";
import { boolean, number, string, textOf, type Value } from "./values.ts";
import type { Run, Scope } from "./xpath.ts";

export type Eager = (scope: Scope, ...values: Value[]) => Value;
type Lazy = (scope: Scope, ...values: Run[]) => Value;

const num = (scope: Scope, value: Value): number => number(value, scope.world.zone);
const some = (value: Value | undefined, scope: Scope): Value => value ?? [scope.node];
const isText = (value: Value): value is string | XNode[] => typeof value === "string" || Array.isArray(value);

/** A space-separated list, as answers to select_multiple are. */
export const tokens = (text: string): string[] => text.match(/[^\t-\r\x1c-\x20]+/g) ?? [];
const bare = (text: string): string => text.replace(/^[\t-\r\x1c-\x20]+|[\t-\r\x1c-\x20]+$/g, "");

/** Node-sets open up into the texts of all their nodes. */
const strings = (values: Value[]): string[] => values.flatMap((value) => (Array.isArray(value) ? value.map(textOf) : [string(value)]));
const numbers = (scope: Scope, values: Value[]): number[] =>
  values.flatMap((value) => (Array.isArray(value) ? value.map((node) => num(scope, textOf(node))) : [num(scope, value)]));

function round(value: number, places: number): number {
  if (!Number.isFinite(value) || Number.isNaN(places) || Math.abs(places) > 20) return value;
  const scale = Number(`1e${Math.abs(Math.trunc(places))}`);
  return places >= 0 ? Math.round(value * scale) / scale : Math.round(value / scale) * scale;
}

function place(at: number, size: number): number {
  return Math.min(Math.max(Math.trunc(at) + (at < 0 ? size : 0), 0), size);
}

function substr(text: string, from: number, to: number): string {
  const letters = [...text];
  return Number.isNaN(from) || Number.isNaN(to) ? "" : letters.slice(place(from, letters.length), place(to, letters.length)).join("");
}

const patterns = new Map<string, RegExp | null>();

/** "." stands for a line break too: a guard must not be passed by pressing Enter. Blanks are ASCII, as digits and letters are. */
function patternOf(given: string): RegExp | null {
  let inside = false;
  const text = given.replace(/\\.|[[\]]/gs, (mark) => {
    if (mark.length < 2) inside = mark === "[";
    return mark === "\\s" ? (inside ? " \\t-\\r" : "[ \\t-\\r]") : mark === "\\S" && !inside ? "[^ \\t-\\r]" : mark;
  });
  for (const flags of ["us", "s"]) {
    try { return new RegExp(`^(?:${text})$`, flags); } catch { /* not a pattern with these flags */ }
  }
  return null;
}

/** The whole value must match, as in ODK Collect. */
function regex(text: string, expression: string): boolean {
  if (!patterns.has(expression)) patterns.set(expression, patternOf(expression));
  return patterns.get(expression)?.test(text) ?? false;
}

const extreme = (pick: (...amounts: number[]) => number): Eager => (scope, ...values) => {
  const amounts = numbers(scope, values);
  return amounts.length ? pick(...amounts) : NaN;
};

function position(scope: Scope, nodes?: Value): number {
  if (nodes === undefined) return scope.position;
  const node = Array.isArray(nodes) ? nodes[0] : undefined;
  if (!node) return NaN;
  return (node.parent?.children?.get(node.name) ?? [node]).indexOf(node) + 1;
}

function dateTime(scope: Scope, value: Value): string {
  if (isText(value)) return dateOf(string(value), scope.world.zone) && string(value);
  return dateTimeOfDays(num(scope, value), scope.world.zone);
}

function formatDate(scope: Scope, value: Value, pattern: Value): string {
  return formatted(isText(value) ? string(value) : dateTime(scope, value), string(pattern), scope.world.zone, scope.world.language);
}

/** A path in a text, absolute: pyxform writes ${name} as ../name in a repeat, inside quotes too. */
function placeOf(from: XNode, path: string): string {
  const names = path[0] === "/" ? [] : [path];
  for (let node = from; names.length && node.parent; node = node.parent) {
    if (names[0]!.startsWith("../")) names[0] = names[0]!.slice(3);
    else names.splice(0, 1, node.name, names[0]!);
  }
  return names.length ? `/${names.join("/")}` : path;
}

export const EAGER: Record<string, Eager> = {
  string: (s, a) => string(some(a, s)),
  concat: (_, ...all) => strings(all).join(""),
  join: (_, separator, ...all) => strings(all).join(string(separator!)),
  substr: (s, a, from, to) => substr(string(a!), num(s, from!), to === undefined ? Infinity : num(s, to)),
  "substring-before": (_, a, b) => string(a!).slice(0, Math.max(string(a!).indexOf(string(b!)), 0)),
  "substring-after": (_, a, b) => (string(a!).includes(string(b!)) ? string(a!).slice(string(a!).indexOf(string(b!)) + string(b!).length) : ""),
  "string-length": (s, a) => [...string(some(a, s))].length,
  "normalize-space": (s, a) => string(some(a, s)).replace(/[ \t\r\n]+/g, " ").replace(/^ | $/g, ""),
  contains: (_, a, b) => string(a!).includes(string(b!)),
  "starts-with": (_, a, b) => string(a!).startsWith(string(b!)),
  regex: (_, a, b) => regex(string(a!), string(b!)),
  number: (s, a) => num(s, some(a, s)),
  int: (s, a) => Math.trunc(num(s, a!)),
  floor: (s, a) => Math.floor(num(s, a!)),
  ceiling: (s, a) => Math.ceil(num(s, a!)),
  round: (s, a, places) => round(num(s, a!), places === undefined ? 0 : num(s, places)),
  abs: (s, a) => Math.abs(num(s, a!)),
  sqrt: (s, a) => Math.sqrt(num(s, a!)),
  sum: (s, a) => numbers(s, [a!]).reduce((total, amount) => total + amount, 0),
  min: extreme(Math.min),
  max: extreme(Math.max),
  random: () => Math.random(),
  true: () => true,
  false: () => false,
  boolean: (_, a) => boolean(a!),
  not: (_, a) => !boolean(a!),
  count: (_, a) => (Array.isArray(a) ? a.length : NaN),
  "count-non-empty": (_, a) => (Array.isArray(a) ? a.filter(textOf).length : NaN),
  position,
  last: (s) => s.size,
  name: (s, a) => { const nodes = some(a, s); return (Array.isArray(nodes) && nodes[0]?.name) || ""; },
  current: (s) => [s.current],
  instance: (s, a) => [s.world.rows(string(a!)).root],
  selected: (_, a, b) => tokens(string(a!)).includes(bare(string(b!))),
  "selected-at": (s, a, at) => (num(s, at!) >= 0 && tokens(string(a!))[Math.trunc(num(s, at!))]) || "",
  "count-selected": (_, a) => tokens(string(a!)).length,
  "jr:choice-name": (s, a, path) => s.world.choiceLabel(placeOf(s.current, bare(string(path!))), string(a!)),
  pulldata: (s, instance, column, key, value) => {
    return s.world.rows(string(instance!)).first(string(key!), string(value!))?.[string(column!)] ?? "";
  },
  today: (s) => dateTimeText(s.world.now(), s.world.zone).slice(0, 10),
  now: (s) => dateTimeText(s.world.now(), s.world.zone),
  date: (s, a) => (isText(a!) ? dateOf(string(a), s.world.zone) : dateOfDays(Math.trunc(num(s, a!)))),
  "decimal-date-time": (s, a) => (isText(a!) ? utcDaysOf(string(a), s.world.zone) : num(s, a!)),
  "format-date": (s, a, pattern) => formatDate(s, a!, pattern!),
  "format-date-time": (s, a, pattern) => formatDate(s, a!, pattern!),
};

export const LAZY: Record<string, Lazy> = {
  if: (s, condition, then, otherwise) => (boolean(condition!(s)) ? then!(s) : otherwise!(s)),
  coalesce: (s, ...options) => options.reduce((text, option) => text || string(option(s)), ""),
  // The answer that is there stays; only an empty one is made.
  once: (s, expression) => s.current.text || expression!(s),
};

export function call(name: string, parts: Run[]): Run {
  const lazy = LAZY[name];
  if (lazy) return (s) => lazy(s, ...parts);
  const eager = EAGER[name];
  if (!eager) throw new Error(`unknown function ${name}`);
  const [first, second] = parts;
  if (parts.length === 1) return (s) => eager(s, first!(s));
  if (parts.length === 2) return (s) => eager(s, first!(s), second!(s));
  return (s) => eager(s, ...parts.map((part) => part(s)));
}

/** What rare functions use of these. */
const TOOLS = { num, numbers, strings, string, tokens, dateTime, dayFractionOf };
export type Tools = typeof TOOLS;

const LOAD: Record<FunctionPart, () => Promise<{ functions(tools: Tools): Record<string, Eager> }>> = {
  rare_functions: () => import("./rare_functions.ts"), rare_hashes: () => import("./rare_hashes.ts"),
};

/** Before a form opens: the rare functions that it calls are there; PartMissing when they are neither on the phone nor to be had. */
export async function functionsFor(model: FormModel): Promise<void> {
  await Promise.all(functionPartsOf(model).map(async (part) => {
    const loaded = await LOAD[part]().catch((cause: unknown) => { throw new PartMissing(part, { cause }); });
    Object.assign(EAGER, loaded.functions(TOOLS));
  }));
}
