// Which part of a form depends on which, and an order in which one pass settles everything. No answers here.
// Twin of forms/graph.py, with the dependents that an edit needs.
import type { FormModel, Node, Tree } from "../shapes.ts";
import { compiled, type Run } from "./xpath.ts";

/** A place of the form, whatever number of instances it has in a record. `node` is missing at the root. */
export interface Def { path: string; name: string; node?: Node; parent?: Def; children: Def[]; repeated: boolean }
export type StepKind = "live" | "count" | "calc";
/** Something to settle at every instance of `at`: `def` itself, or what holds its rows; `order` is its place in the one pass. */
export interface Step { kind: StepKind; def: Def; at: Def; run: Run; tree: Tree; order: number }
/** `near`: only instances in the same row as what changed can be meant. */
export interface Dependent { step: Step; near: boolean }

export class Graph {
  readonly root: Def;
  readonly byPath = new Map<string, Def>();
  readonly steps: Step[] = [];
  readonly stepsOf = new Map<Def, Step[]>();
  readonly dependents = new Map<string, Dependent[]>();
  readonly #named = new Map<string, Def[]>();

  constructor(model: FormModel) {
    const name = model.children[0]?.path.split("/")[1] ?? model.form_id;
    this.root = { path: `/${name}`, name, children: [], repeated: false };
    this.byPath.set(this.root.path, this.root);
    this.#note(this.root);
    model.children.forEach((node) => this.#add(node, this.root));
    this.#order(this.#rules());
  }

  /** What is settled at an instance of that place. */
  stepsAt(def: Def): Step[] { return [def, ...def.children].flatMap((one) => this.stepsOf.get(one) ?? []).filter((step) => step.at === def); }

  /** The places of that name. */
  named(name: string): Def[] { return this.#named.get(name) ?? []; }

  #add(node: Node, parent: Def): void {
    const def: Def = { path: node.path, name: node.name, node, parent, children: [], repeated: parent.repeated || node.kind === "repeat" };
    parent.children.push(def);
    this.byPath.set(def.path, def);
    this.#note(def);
    if (node.kind !== "question") node.children.forEach((child) => this.#add(child, def));
  }

  #note(def: Def): void {
    const known = this.#named.get(def.name);
    if (known) known.push(def);
    else this.#named.set(def.name, [def]);
  }

  #rules(): Step[] {
    return [...this.byPath.values()].flatMap((def) => {
      const { node } = def;
      const rules: [StepKind, Tree | undefined][] = [
        ["live", node?.relevant],
        ["count", node?.kind === "repeat" ? node.count : undefined],
        ["calc", node?.kind === "question" ? node.calculate : undefined],
      ];
      const steps = rules.flatMap(([kind, tree]) => (tree ? [{ kind, def, at: kind === "count" ? def.parent! : def, tree, run: compiled(tree), order: 0 }] : []));
      if (steps.length) this.stepsOf.set(def, steps);
      return steps;
    });
  }

  /** Depth first: what a step reads is settled before it. The server refused circles when it compiled the form. */
  #order(rules: Step[]): void {
    const reads = new Map<Step, Map<string, boolean>>(rules.map((step) => [step, this.reads(step.tree, step.def.path)]));
    const seen = new Set<Step>();
    const visit = (step: Step): void => {
      if (seen.has(step)) return;
      seen.add(step);
      for (const path of [step.def.path, ...reads.get(step)!.keys()]) this.#before(path, step).forEach(visit);
      step.order = this.steps.push(step) - 1;
    };
    rules.forEach(visit);
    for (const [step, paths] of reads) for (const [path, near] of paths) this.#depend(path, { step, near });
  }

  /** Paths that a tree, read at `at`, looks at; true: only in the reader's own row. */
  reads(tree: Tree, at: string, found = new Map<string, boolean>()): Map<string, boolean> {
    const note = (path: string, near: boolean): void => void (this.byPath.has(path) && found.set(path, near && found.get(path) !== false));
    this.#references(tree, at, note, false);
    return found;
  }

  /** The steps of that place and of all above it; its own relevance and count come before a step's calculation. */
  #before(path: string, step: Step): Step[] {
    const found: Step[] = [];
    for (let def = this.byPath.get(path); def; def = def.parent) found.push(...(this.stepsOf.get(def) ?? []));
    return found.filter((other) => other !== step && !(other.def === step.def && other.kind === "calc"));
  }

  #depend(path: string, dependent: Dependent): void {
    const known = this.dependents.get(path);
    if (known) known.push(dependent);
    else this.dependents.set(path, [dependent]);
  }

  #references(tree: unknown, at: string, note: (path: string, near: boolean) => void, item: boolean): void {
    if (!Array.isArray(tree)) return;
    if (tree[0] === "ref") this.named(tree[1] as string).forEach((def) => note(def.path, false));
    if (tree[0] === "p") this.#path(tree as Tree, at, note, item);
    else for (const part of tree.slice(1)) this.#references(part, at, note, item);
  }

  #path(tree: Tree, at: string, note: (path: string, near: boolean) => void, item: boolean): void {
    const [, from, ...steps] = tree as [string, unknown, ...[string, ...Tree[]][]];
    const isCurrent = Array.isArray(from) && from[1] === "current";
    const outside = from === "." ? item : from !== "/" && !isCurrent;
    let heres = outside ? [] : [from === "/" ? "" : at];
    let near = from !== "/";
    if (Array.isArray(from)) this.#references(from, at, note, item);
    const left = new Set<string>(); // repeats that the path leaves: going into one again means its other rows too
    for (const [test, ...predicates] of steps) {
      if (test === "..") heres.filter((here) => this.byPath.get(here)?.node?.kind === "repeat").forEach((here) => left.add(here));
      heres = heres.flatMap((here) => this.#step(here, test));
      if (test !== ".." && heres.some((here) => left.has(here))) near = false;
      near &&= !predicates.length && test !== "*" && test !== "//";
      for (const predicate of predicates) {
        for (const here of heres.length ? heres : [at]) this.#references(predicate, here, (path) => note(path, false), outside);
        this.#current(predicate, at, note);
      }
    }
    heres.forEach((here) => note(here, near));
  }

  /** current()/… inside a predicate means the place of the whole expression, not that of the predicate. */
  #current(tree: unknown, at: string, note: (path: string, near: boolean) => void): void {
    if (!Array.isArray(tree)) return;
    if (tree[0] === "p" && Array.isArray(tree[1]) && tree[1][1] === "current") this.#path(tree as Tree, at, note, false);
    else tree.forEach((part) => this.#current(part, at, note));
  }

  #step(here: string, test: string): string[] {
    if (test === ".") return [here];
    if (test === "..") return [here.slice(0, here.lastIndexOf("/"))];
    if (test === "//") return here ? pathsBelow(this.byPath.get(here)) : ["", ...pathsBelow(this.root)];
    if (test === "*") return here ? (this.byPath.get(here)?.children ?? []).map((def) => def.path) : [this.root.path];
    return [`${here}/${test}`];
  }
}

/** Its own path and those of all below it. */
export const pathsBelow = (def: Def | undefined): string[] => (def ? [def.path, ...def.children.flatMap(pathsBelow)] : []);
