// Finds rows by index where a predicate demands it: `unit = E` or `selected(E, name)`, alone or joined by `and`.
// What it finds may be too much, never too little: the whole predicate still runs on them. Twin of forms/xpath/rows_where.py.
import type { Tree } from "../shapes.ts";
import { tokens } from "./functions.ts";
import type { Rows } from "./nodes.ts";
import { string, type Value } from "./values.ts";
import type { Run, Scope } from "./xpath.ts";

type Finder = (scope: Scope, rows: Rows) => readonly number[] | undefined;

const TRUTHS = ["or", "and", "=", "!=", "<", "<=", ">", ">="];
const TRUTH_CALLS = ["selected", "not", "contains", "starts-with", "ends-with", "regex", "boolean", "true"];

const isCall = (tree: unknown, ...names: string[]): tree is Tree => Array.isArray(tree) && tree[0] === "f" && names.includes(tree[1] as string);
const hasPlace = (tree: unknown): boolean => Array.isArray(tree) && (isCall(tree, "position", "last") || tree.some(hasPlace));

/** The answer for a row does not depend on the rows around it: a truth value without position() or last(). */
export const isItemByItem = (predicate: Tree): boolean => (TRUTHS.includes(predicate[0]) || isCall(predicate, ...TRUTH_CALLS)) && !hasPlace(predicate);

export function finder(predicate: Tree, compiled: (tree: Tree) => Run): Finder | undefined {
  if (!isItemByItem(predicate)) return undefined;
  const demands = joined(predicate).map((part) => demand(part, compiled)).filter((found) => found !== undefined);
  if (!demands.length) return undefined;
  return (s, rows) => {
    const found = demands.map((one) => one(s, rows)).filter((places) => places !== undefined);
    return found.sort((a, b) => a.length - b.length)[0];
  };
}

/** The places of all rows that a filter keeps, told from their columns alone; undefined where the predicate itself must be asked. */
export function sifter(predicate: Tree, compiled: (tree: Tree) => Run): Finder | undefined {
  const tests = joined(predicate).map((part) => test(part, compiled)).filter((one) => one !== undefined);
  if (tests.length < joined(predicate).length) return undefined;
  const find = finder(predicate, compiled);
  return (s, rows) => {
    const wanted = tests.map(({ value, ...one }) => ({ ...one, text: textIn(value(s)) }));
    if (wanted.some(({ text }) => text === undefined)) return undefined;
    const few = find?.(s, rows);
    return wanted.reduce<readonly number[]>((places, { name, fits, text }) => {
      const texts = few ? null : rows.column(name); // a walk over all of them will come again
      return places.filter((at) => fits((texts ? texts[at] : rows.look(at, name)) ?? "", text!));
    }, few ?? rows.places);
  };
}

type Fits = (column: string, wanted: string) => boolean;
const FITS: Record<string, Fits> = { contains: (column, wanted) => column.includes(wanted), "starts-with": (column, wanted) => column.startsWith(wanted) };

function test(tree: Tree, compiled: (tree: Tree) => Run): { name: string; value: Run; fits: Fits } | undefined {
  const fits = isCall(tree, "contains", "starts-with") ? FITS[tree[1] as string] : undefined;
  if (fits) return tested(tree[2] as Tree, tree[3] as Tree, fits, compiled);
  const [, a, b] = tree as [string, Tree, Tree];
  const same: Fits = (left, right) => left === right;
  return tree[0] === "=" ? tested(a, b, same, compiled) ?? tested(b, a, same, compiled) : undefined;
}

function tested(of: Tree, value: Tree, fits: Fits, compiled: (tree: Tree) => Run): { name: string; value: Run; fits: Fits } | undefined {
  const name = column(of);
  return name && isSteady(value) ? { name, value: compiled(value), fits } : undefined;
}

/** Numbers, truths and several nodes compare otherwise than texts do. */
const textIn = (value: Value): string | undefined => (typeof value === "string" ? value : Array.isArray(value) && value.length < 2 ? string(value) : undefined);

/** The equalities that a filter demands: a column, and what gives the value; `whole`: it demands nothing else. */
export function equalities(filter: Tree): { equal: [column: string, value: Tree][]; whole: boolean } {
  const parts = joined(filter);
  const equal = parts.flatMap((part): [string, Tree][] => {
    const [, a, b] = part as [string, Tree, Tree];
    if (part[0] !== "=") return [];
    const [left, right] = [column(a), column(b)];
    if (left && isSteady(b)) return [[left, b]];
    return right && isSteady(a) ? [[right, a]] : [];
  });
  return { equal, whole: equal.length === parts.length };
}

function joined(tree: Tree): Tree[] {
  return tree[0] === "and" ? [...joined(tree[1] as Tree), ...joined(tree[2] as Tree)] : [tree];
}

function demand(tree: Tree, compiled: (tree: Tree) => Run): Finder | undefined {
  const [, a, b, c] = tree as [string, Tree, Tree, Tree];
  if (tree[0] === "=") {
    const [left, right] = [column(a), column(b)];
    if (left && isSteady(b)) return equals(left, compiled(b));
    if (right && isSteady(a)) return equals(right, compiled(a));
  }
  const among = isCall(tree, "selected") && isSteady(b) ? column(c) : undefined;
  return among ? selectedAmong(among, compiled(b)) : undefined;
}

/** `unit` → "unit": a child of the candidate, without predicates. */
function column(tree: Tree): string | undefined {
  const [kind, from, ...steps] = tree as [string, string, ...string[][]];
  const [name, ...more] = steps[0] ?? [];
  const plain = kind === "p" && from === "." && steps.length === 1 && !more.length;
  return plain && ![".", "..", "*", "//"].includes(name!) ? name : undefined;
}

/** True if the value is the same for every candidate: nothing in it starts at the candidate. */
function isSteady(tree: unknown): boolean {
  if (!Array.isArray(tree)) return true;
  if (tree[0] === "p") return tree[1] !== "." && isSteady(tree[1]);
  return !isCall(tree, "position", "last") && tree.every(isSteady);
}

function equals(name: string, value: Run): Finder {
  return (s, rows) => {
    const text = textIn(value(s));
    return text === undefined ? undefined : rows.where(name, text);
  };
}

function selectedAmong(name: string, value: Run): Finder {
  return (s, rows) => [...new Set(tokens(string(value(s))))].flatMap((token) => rows.where(name, token)).sort((a, b) => a - b);
}
