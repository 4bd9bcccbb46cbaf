// Tree → closure. The server parsed the text (forms/xpath/parse.py); here it is only run. Twin of forms/xpath/evaluate.py.
import type { Tree } from "../shapes.ts";
import { call } from "./functions.ts";
import { RowNode, type Rows, type XNode } from "./nodes.ts";
import { finder, sifter } from "./rows_where.ts";
import { boolean, number, string, textOf, type Value } from "./values.ts";

/** The record around an expression. Time, zone and language are given. */
export interface World {
  zone: string;
  language: string;
  model: { version: string };
  document: XNode;
  now(): Date;
  rows(instance: string): Rows;
  choiceLabel(path: string, value: string): string;
  named(name: string): XNode[];
}
export interface Scope { world: World; node: XNode; current: XNode; position: number; size: number }
export type Run = (scope: Scope) => Value;
type Step = [string, ...Tree[]];
type Move = (scope: Scope, nodes: XNode[]) => XNode[];

export const scopeAt = (world: World, node: XNode): Scope => ({ world, node, current: node, position: 1, size: 1 });

export function compiled(tree: Tree): Run {
  const [kind, first, ...rest] = tree as [string, unknown, ...unknown[]];
  if (kind === "s" || kind === "n") return () => first as Value;
  if (kind === "p") return path(first as string | Tree, rest as Step[]);
  if (kind === "f") return call(first as string, (rest as Tree[]).map(compiled));
  if (kind === "ref") return (s) => s.world.named(first as string).filter((node) => node.live);
  if (kind === "filter") {
    const [begin, narrowing] = [start(first as Tree), (rest as Tree[]).map(compiled)];
    return (s) => narrowed(s, begin(s), narrowing);
  }
  return operator(kind, compiled(first as Tree), rest[0] ? compiled(rest[0] as Tree) : undefined);
}

// ── Operators ──
const ORDERS: Record<string, (a: number, b: number) => boolean> = {
  "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
};
const SUMS: Record<string, (a: number, b: number) => number> = {
  "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, div: (a, b) => a / b, mod: (a, b) => a % b,
};

function operator(kind: string, left: Run, right: Run | undefined): Run {
  if (!right) return (s) => -number(left(s), s.world.zone);
  if (kind === "and") return (s) => boolean(left(s)) && boolean(right(s));
  if (kind === "or") return (s) => boolean(left(s)) || boolean(right(s));
  if (kind === "|") return (s) => united(left(s), right(s));
  if (kind === "=" || kind === "!=") return (s) => equal(left(s), right(s), kind === "=", s.world.zone);
  const [order, sum] = [ORDERS[kind], SUMS[kind]];
  if (order) return (s) => ordered(left(s), right(s), (a, b) => order(number(a, s.world.zone), number(b, s.world.zone)));
  return (s) => sum!(number(left(s), s.world.zone), number(right(s), s.world.zone));
}

/** an empty node-set compares as ""; one of several nodes is enough (XPath 1.0, 3.4). */
const singles = (value: Value): Value[] => (!Array.isArray(value) ? [value] : value.length ? value.map(textOf) : [""]);
const pairs = (left: Value, right: Value, fits: (a: Value, b: Value) => boolean): boolean =>
  singles(left).some((a) => singles(right).some((b) => fits(a, b)));

/** Beside a truth, a node-set is one truth (XPath 1.0, 3.4). */
function ordered(left: Value, right: Value, fits: (a: Value, b: Value) => boolean): boolean {
  const [a, b] = typeof left === "boolean" || typeof right === "boolean" ? [left, right].map((side) => (Array.isArray(side) ? boolean(side) : side)) : [left, right];
  return pairs(a!, b!, fits);
}

function equal(left: Value, right: Value, wanted: boolean, zone: string): boolean {
  if (typeof left === "boolean" || typeof right === "boolean") return (boolean(left) === boolean(right)) === wanted;
  return pairs(left, right, (a, b) => (typeof a === "string" && typeof b === "string" ? a === b : number(a, zone) === number(b, zone)) === wanted);
}

function united(left: Value, right: Value): XNode[] {
  if (!Array.isArray(left) || !Array.isArray(right)) return [];
  return inDocumentOrder([...new Set([...left, ...right])].filter(isFirst));
}

/** Columns of a register's row are made anew at each look (nodes.ts): the first of each counts. */
const isFirst = (node: XNode, at: number, all: XNode[]): boolean =>
  !(node.parent instanceof RowNode) || all.findIndex((one) => one.parent === node.parent && one.name === node.name) === at;

function inDocumentOrder(nodes: XNode[]): XNode[] {
  if (nodes.length < 2) return nodes;
  return nodes.map((node) => ({ node, at: address(node) })).sort((a, b) => inOrder(a.at, b.at)).map(({ node }) => node);
}

/** Places from the root down. */
function address(node: XNode): number[] {
  const children = node.parent?.children;
  if (!node.parent) return [];
  return [...address(node.parent), children ? [...children.keys()].indexOf(node.name) : 0, children?.get(node.name)?.indexOf(node) ?? 0];
}

function inOrder(left: number[], right: number[]): number {
  const at = left.findIndex((place, index) => place !== right[index]);
  return at < 0 ? left.length - right.length : left[at]! - (right[at] ?? -1);
}

// ── Paths ──
function path(from: string | Tree, steps: Step[]): Run {
  const [first, second] = steps;
  if (from === "." && steps.length === 1 && first!.length === 1) {
    const look = looking(first![0]);
    return (s) => look(s.node);
  }
  if (Array.isArray(from) && from[1] === "instance" && first?.[0] === "root" && first.length === 1 && second?.[0] === "item") {
    return register(from[2] as Tree, second.slice(1) as Tree[], steps.slice(2).map(step));
  }
  const [begin, moves] = [start(from), steps.map(step)];
  const walked = (s: Scope): XNode[] => moves.reduce((nodes, move) => move(s, nodes), begin(s));
  return mayTangle(from, steps.map(([test]) => test)) ? (s) => inDocumentOrder(walked(s)) : walked;
}

/** Steps from nodes that lie inside each other may find nodes out of document order. */
function mayTangle(from: string | Tree, tests: string[]): boolean {
  const ups = tests.findIndex((test) => test !== "." && test !== "..");
  const nested = Array.isArray(from) && from[0] !== "f" && !shuffles(from);
  return nested || tests.includes("//") || (ups >= 0 && tests.includes("..", ups));
}

const shuffles = (tree: Tree): boolean => (tree[0] === "filter" ? shuffles(tree[1] as Tree) : tree[0] === "f" && tree[1] === "randomize");

function start(from: string | Tree): (s: Scope) => XNode[] {
  if (from === "/") return (s) => [s.world.document];
  if (from === ".") return (s) => [s.node];
  const run = compiled(from as Tree);
  return (s) => { const value = run(s); return Array.isArray(value) ? value : []; };
}

function step([test, ...predicates]: Step): Move {
  const look = looking(test);
  const narrowing = predicates.map(compiled);
  if (!narrowing.length && test !== ".." && test !== "//") return (_, nodes) => (nodes.length === 1 ? look(nodes[0]!) : nodes.flatMap(look));
  return (s, nodes) => [...new Set(nodes.flatMap((node) => narrowed(s, look(node), narrowing)))];
}

function looking(test: string): (node: XNode) => XNode[] {
  if (test === ".") return (node) => [node];
  if (test === "..") return (node) => (node.parent ? [node.parent] : []);
  if (test === "*") return (node) => node.everyChild();
  if (test === "//") return below;
  return (node) => node.child(test);
}

const below = (node: XNode): XNode[] => [node, ...node.everyChild().flatMap(below)];

/** Each predicate in turn, with positions counted anew; a number means a position (XPath 1.0, 2.4). */
function narrowed(s: Scope, nodes: XNode[], narrowing: Run[]): XNode[] {
  return narrowing.reduce((left, predicate) => {
    const inner: Scope = { ...s, size: left.length };
    return left.filter((node, at) => {
      inner.node = node;
      inner.position = at + 1;
      const value = predicate(inner);
      return typeof value === "number" ? value === at + 1 : boolean(value);
    });
  }, nodes);
}

/** instance('x')/root/item[…]: through an index where the first predicate asks for equal columns. */
function register(name: Tree, predicates: Tree[], moves: Move[]): Run {
  const [named, narrowing, find] = [compiled(name), predicates.map(compiled), predicates[0] && finder(predicates[0], compiled)];
  const sift = predicates[0] && sifter(predicates[0], compiled);
  return (s) => {
    const rows = s.world.rows(string(named(s)));
    const sifted = sift?.(s, rows);
    const found = sifted ?? find?.(s, rows);
    const nodes: XNode[] = found ? found.map((at) => rows.node(at)) : rows.nodes;
    return moves.reduce((left, move) => move(s, left), narrowed(s, nodes, sifted ? narrowing.slice(1) : narrowing));
  };
}
