// Finds rows by index where a predicate demands it: `unit = E` or `selected(E, name)`, alone or joined by `and`.
// What it finds may be too much, never too little: the whole predicate still runs on them. Twin of forms/xpath/rows_where.py.
import type { Tree } from "../shapes.ts";
import { tokens } from "./functions.ts";
import type { Rows } from "./nodes.ts";
import { string } from "./values.ts";
import type { Run, Scope } from "./xpath.ts";

type Finder = (scope: Scope, rows: Rows) => number[] | undefined;

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
    const wanted = value(s);
    const text = Array.isArray(wanted) && wanted.length < 2 ? string(wanted) : wanted;
    return typeof text === "string" ? rows.where(name, text) : undefined;
  };
}

function selectedAmong(name: string, value: Run): Finder {
  return (s, rows) => [...new Set(tokens(string(value(s))))].flatMap((token) => rows.where(name, token)).sort((a, b) => a - b);
}
