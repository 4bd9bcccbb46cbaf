// Who wants to know of a change, question by question: a widget is drawn again only when something it shows may have moved.
// What a place shows is read off the form once, when its first watcher comes; the settling itself is the engine's.
import type { FormModel, Question, Tree } from "../shapes.ts";
import { outputsIn, outputsOf } from "./engine_choices.ts";
import type { Def, Graph } from "./graph.ts";
import type { XNode } from "./nodes.ts";
import type { RecordNodes } from "./record.ts";

interface Watcher { path: string; listener: () => void }
/** `near`: only those in the same row as what changed. */
interface Viewer { def: Def; near: boolean }
/** Rows of that repeat came or went; `moved`: others are at another place now. */
export interface RowChange { def: Def; moved: boolean }

export class Watchers {
  readonly #watchers = new Map<Def, Set<Watcher>>();
  readonly #viewers = new Map<string, Viewer[]>();
  readonly #learned = new Set<Def>();

  constructor(readonly model: FormModel, readonly graph: Graph, readonly record: RecordNodes) {}

  add(path: string, listener: () => void): () => void {
    const def = this.graph.byPath.get(path.replace(/\[\d+\]/g, ""));
    if (!def) return () => undefined;
    this.#learn(def);
    const [known, watcher] = [this.#watchers.get(def) ?? new Set<Watcher>(), { path, listener }];
    this.#watchers.set(def, known.add(watcher));
    return () => void known.delete(watcher);
  }

  tellAll(): void { this.#tell([...this.#watchers.values()].flatMap((all) => [...all])); }

  /** Each watcher whose place is among these, reads one of these, or lost or won rows; once. */
  told(changed: Iterable<XNode>, rows: readonly RowChange[]): void {
    if (![...this.#watchers.values()].some((all) => all.size)) return;
    const hit = new Set<Watcher>();
    for (const node of changed) if (node.def) this.#seen(node, hit);
    for (const change of rows) this.#rowsSeen(change, hit);
    this.#tell([...hit]);
  }

  #tell(watchers: Watcher[]): void { for (const { listener } of watchers) listener(); }

  #seen(node: XNode, hit: Set<Watcher>): void {
    const isRow = node.def!.node?.kind === "repeat";
    for (const watcher of this.#watchers.get(node.def!) ?? []) {
      if (isRow || this.record.find(watcher.path) === node) hit.add(watcher);
    }
    for (const { def, near } of this.#viewersOf(node.def!.path)) {
      for (const watcher of this.#watchers.get(def) ?? []) {
        if (!near || hit.has(watcher) || inOneRow(this.record.find(watcher.path), node)) hit.add(watcher);
      }
    }
  }

  #rowsSeen({ def, moved }: RowChange, hit: Set<Watcher>): void {
    const add = (at: Def): void => this.#watchers.get(at)?.forEach((watcher) => hit.add(watcher));
    const below = (at: Def): void => {
      if (moved) add(at);
      for (const viewer of this.#viewersOf(at.path)) if (!viewer.near) add(viewer.def);
      at.children.forEach(below);
    };
    add(def);
    below(def);
  }

  #viewersOf(path: string): Viewer[] { return this.#viewers.get(path) ?? []; }

  /** Learned with its first watcher: what is not on a screen costs nothing. */
  #learn(def: Def): void {
    if (this.#learned.has(def)) return;
    this.#learned.add(def);
    for (const [seen, near] of this.#shown(def)) {
      const known = this.#viewers.get(seen);
      if (known) known.push({ def, near });
      else this.#viewers.set(seen, [{ def, near }]);
    }
  }

  /** What the place shows besides its own answer and relevance: its rules' and its texts' sources. */
  #shown(def: Def): Map<string, boolean> {
    const { node } = def;
    const found = new Map<string, boolean>();
    const read = (tree: unknown): void => void (Array.isArray(tree) && this.graph.reads(tree as Tree, def.path, found));
    if (node?.kind === "repeat") read(node.relevant);
    for (const text of textsOf(node)) this.#output(text, read, found);
    if (node?.kind !== "question") return found;
    [node.required, node.constraint, node.readonly].forEach(read);
    this.#choosing(node, read, found);
    return found;
  }

  #output(name: string, read: (tree: unknown) => void, found: Map<string, boolean>): void {
    if (name.startsWith("#")) read(this.model.outputs?.[Number(name.slice(1))]);
    else if (!found.has(name)) found.set(name, true);
  }

  #choosing({ options }: Question, read: (tree: unknown) => void, found: Map<string, boolean>): void {
    if (!options) return;
    for (const name of outputsOf(this.model.choices[options.choices ?? ""])) this.#output(name, read, found);
    if (options.filter) read(["p", ["f", "instance", ["s", ""]], ["root"], ["item", options.filter]]);
    read(options.seed);
    if (!options.nodes) return;
    read(options.nodes);
    for (const path of [...found.keys()]) for (const name of [options.value, options.label]) found.set(`${path}/${name}`, false);
  }
}

/** The outputs of what a place says: paths, or "#n". */
function textsOf(node: Def["node"]): string[] {
  if (node?.kind !== "question") return outputsIn([node?.label, node?.kind === "group" ? node.hint : undefined]);
  return outputsIn([node.label, node.hint, node.guidance, node.required_message, node.constraint_message]);
}

/** Both lie in the same row of every repeat that they share. */
function inOneRow(one: XNode | undefined, other: XNode): boolean {
  const line = new Map<Def, XNode>();
  for (let at: XNode | undefined = other; at?.def; at = at.parent) line.set(at.def, at);
  for (let at = one; at?.def; at = at.parent) if (line.has(at.def)) return line.get(at.def) === at;
  return true;
}
