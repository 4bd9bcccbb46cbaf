// What expressions walk over: nodes of one record, and rows of registers with an index per column.
// Twin of forms/xpath/nodes.py.
import type { Item } from "../shapes.ts";
import type { Def } from "./graph.ts";

/** An element of a record. While it, or something above it, is irrelevant it is not `live`: it reads as absent. */
export class XNode {
  live = true;
  own = true; // its own relevance, whatever is above it
  beyond = false; // a row behind as many as its repeat counts now
  children: Map<string, XNode[]> | undefined;
  constructor(readonly name: string, public parent?: XNode, public text = "", readonly def?: Def) {}

  child(name: string): XNode[] {
    return this.children?.get(name)?.filter((node) => node.live) ?? [];
  }
  everyChild(): XNode[] {
    return [...(this.children?.values() ?? [])].flat().filter((node) => node.live);
  }
}

const COLUMNS: Map<string, XNode[]> = new Map(); // that a row has children is known, which ones only when asked

/** A row of a register as an element: its columns are its children, made when asked for. */
export class RowNode extends XNode {
  override children: Map<string, XNode[]> | undefined = COLUMNS;
  constructor(readonly row: Item, parent: XNode) { super("item", parent); }
  override child(name: string): XNode[] {
    const text = this.row[name];
    return text === undefined ? [] : [new XNode(name, this, text)];
  }
  override everyChild(): XNode[] {
    return Object.entries(this.row).map(([name, text]) => new XNode(name, this, text));
  }
}

/** Rows of one register, seen by their places: items and elements are made only of those that somebody asks for, an index per column
 * when first needed. */
export class Rows {
  readonly #root = new XNode("");
  readonly #top = new XNode("root", this.#root);
  readonly #items: Item[] = [];
  readonly #nodes: RowNode[] = [];
  #all: Item[] | undefined;
  readonly #columns = new Map<string, Map<string, number[]>>();
  readonly #texts = new Map<string, string[]>();
  #every: number[] | undefined;

  /** `look`: what a row has in a column. */
  constructor(readonly size: number, readonly look: (at: number, column: string) => string | undefined, readonly make: (at: number) => Item) {}

  item(at: number): Item { return this.#items[at] ??= this.make(at); }
  node(at: number): RowNode { return this.#nodes[at] ??= new RowNode(this.item(at), this.#top); }
  get places(): readonly number[] { return this.#every ??= Array.from({ length: this.size }, (_, at) => at); }
  get items(): readonly Item[] { return this.#all ??= this.places.map((at) => this.item(at)); }
  get nodes(): RowNode[] { return this.places.map((at) => this.node(at)); }
  get root(): XNode {
    if (!this.#root.children) {
      this.#root.children = new Map([["root", [this.#top]]]);
      this.#top.children = new Map([["item", this.nodes]]);
    }
    return this.#root;
  }

  /** What all rows have in a column: filters over thousands of rows ask again with every answer. */
  column(name: string): readonly string[] {
    let texts = this.#texts.get(name);
    if (!texts) this.#texts.set(name, (texts = this.places.map((at) => this.look(at, name) ?? "")));
    return texts;
  }

  where(column: string, text: string): number[] {
    let index = this.#columns.get(column);
    if (!index) this.#columns.set(column, (index = this.#indexed(column)));
    return index.get(text) ?? [];
  }
  first(column: string, text: string): Item | undefined {
    const [at] = this.where(column, text);
    return at === undefined ? undefined : this.item(at);
  }

  #indexed(column: string): Map<string, number[]> {
    const index = new Map<string, number[]>();
    for (let at = 0; at < this.size; at += 1) {
      const text = this.look(at, column) ?? "";
      const found = index.get(text);
      if (found) found.push(at);
      else index.set(text, [at]);
    }
    return index;
  }
}

const known = new WeakMap<readonly Item[], Rows>();

/** The same list of items gives the same Rows, so that its indexes are built once. */
export function rowsOf(items: readonly Item[]): Rows {
  let rows = known.get(items);
  if (!rows) known.set(items, (rows = new Rows(items.length, (at, column) => items[at]![column], (at) => items[at]!)));
  return rows;
}
