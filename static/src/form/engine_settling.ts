// What an edit moves: relevance, counts of rows and calculations are made anew where they read what changed, in the graph's order.
import { lexical } from "./answer_kinds.ts";
import { isIn, type Actions } from "./engine_actions.ts";
import type { RowChange } from "./engine_watch.ts";
import { pathsBelow, type Def, type Graph, type Step } from "./graph.ts";
import { XNode } from "./nodes.ts";
import { questionOf, type RecordNodes } from "./record.ts";
import { boolean, number } from "./values.ts";
import { scopeAt, type World } from "./xpath.ts";

const MOST_ROWS = 1_000; // of a counted repeat: a slip of the thumb must not stop the phone

export class Settling {
  #pending: (Set<XNode> | undefined)[] = [];
  #first = 0; // no step before it is marked
  #changed = new Set<XNode>();
  #rowsChanged: RowChange[] = [];

  /** `forget`: called whenever anything changes. */
  constructor(readonly world: World, readonly graph: Graph, readonly record: RecordNodes, readonly actions: Actions, readonly forget: () => void) {}

  /** What changed since it was last asked. */
  taken(): [changed: Set<XNode>, rows: RowChange[]] {
    const [changed, rows] = [this.#changed, this.#rowsChanged];
    [this.#changed, this.#rowsChanged] = [new Set(), []];
    return [changed, rows];
  }

  addRow(parent: XNode, def: Def): void {
    const row = this.record.addRow(parent, def);
    this.actions.came(row);
    this.noteRows(row, false);
    for (const node of this.record.below(row)) node.live = (node.parent?.live ?? true) && node.own;
  }

  /** Counts and sums look at rows from outside; only a removal moves the places of other rows. */
  noteRows(row: XNode, moved: boolean): void {
    this.forget();
    this.#changed.add(row.parent!);
    this.#rowsChanged.push({ def: row.def!, moved });
    for (const path of pathsBelow(row.def)) {
      for (const { step, near } of this.graph.dependents.get(path) ?? []) {
        const [own, inside] = [path === row.def!.path, step.at.path.startsWith(row.def!.path)];
        if (!near || (moved && own)) this.#mark(step, this.record.instances(step.at));
        else if (!inside) this.#mark(step, this.record.nearest(step.at, row.parent!)); // looks down into these rows
      }
    }
  }

  write(node: XNode, text: string): void {
    if (node.text === text) return;
    this.actions.willChange(node);
    node.text = text;
    this.#note(node);
    if (!this.actions.early) this.settle();
  }

  #mark(step: Step, nodes: XNode[]): void {
    const marked = (this.#pending[step.order] ??= new Set());
    this.#first = Math.min(this.#first, step.order);
    nodes.forEach((node) => marked.add(node));
  }

  /** The value or the relevance of a node changed: what reads it has to be settled again. */
  #note(node: XNode): void {
    this.forget();
    this.#changed.add(node);
    for (const { step, near } of this.graph.dependents.get(node.def?.path ?? "") ?? []) {
      this.#mark(step, near ? this.record.nearest(step.at, node) : this.record.instances(step.at));
    }
  }

  settleAll(): void {
    for (const step of this.graph.steps) this.#mark(step, this.record.instances(step.at));
    this.settle();
  }

  /** A row that came gets its defaults before anything in it is calculated; counts may bring more rows. */
  settle(): void {
    do {
      for (const row of this.actions.furnish()) this.#markAll(row);
      this.#pass();
    } while (this.actions.bare.size);
    this.actions.settled();
  }

  #markAll(row: XNode): void {
    for (const node of this.record.below(row)) for (const step of this.graph.stepsAt(node.def!)) this.#mark(step, [node]);
  }

  /** One pass in the graph's order; a step that reads its own place in other rows goes on until nothing moves. */
  #pass(): void {
    for (let order = this.#first; order < this.#pending.length; order += 1) {
      const [step, marked] = [this.graph.steps[order], this.#pending[order]];
      if (!step || !marked) continue;
      let left = marked.size + MOST_ROWS;
      for (const node of marked) {
        marked.delete(node);
        if (left-- > 0) this.#run(step, node);
      }
    }
    this.#pending = [];
    this.#first = this.graph.steps.length;
  }

  #run(step: Step, node: XNode): void {
    if (isIn(this.actions.bare, node)) return;
    if (step.kind === "live") this.#weigh(node, boolean(step.run(scopeAt(this.world, node))));
    else if (step.kind === "calc") this.#calculate(step, node);
    else this.#count(step, node);
  }

  #weigh(node: XNode, own: boolean): void {
    node.own = own;
    this.#spread(node);
  }

  #spread(node: XNode): void {
    const live = (node.parent?.live ?? true) && node.own && !node.beyond;
    if (live === node.live) return;
    node.live = live;
    this.#note(node);
    const calculation = live ? this.graph.stepsOf.get(node.def!)?.find((step) => step.kind === "calc") : undefined;
    if (calculation) this.#mark(calculation, [node]);
    for (const nodes of node.children?.values() ?? []) nodes.forEach((child) => this.#spread(child));
  }

  #calculate(step: Step, node: XNode): void {
    const question = questionOf(node);
    if (!question || !node.live) return;
    const text = lexical(step.run(scopeAt(this.world, node)), question, this.world.zone);
    if (text === node.text) return;
    this.actions.willChange(node);
    node.text = text;
    this.#note(node);
  }

  /** M-18: rows beyond the count are kept and come back with it, so that a slip of the thumb loses nothing; they are not sent.
   *  `node` holds the rows; the count is read as if from a row, since its path starts there. */
  #count(step: Step, node: XNode): void {
    const rows = node.children?.get(step.def.name);
    if (!rows) return;
    const wanted = number(step.run(scopeAt(this.world, new XNode(step.def.name, node))), this.world.zone);
    const most = Number.isFinite(wanted) ? Math.min(Math.max(Math.trunc(wanted), 0), MOST_ROWS) : 0;
    rows.forEach((row, at) => { row.beyond = at >= most; this.#spread(row); });
    while (rows.length < most) this.addRow(node, step.def);
  }
}
