// What a select offers: rows of a list, of a register, or of the record itself; filtered, renamed and shuffled as the form says.
import type { Item, Options, Tree, Words } from "../shapes.ts";
import { XNode, type RowNode, type Rows } from "./nodes.ts";
import { isItemByItem } from "./rows_where.ts";
import { boolean, textOf, type Value } from "./values.ts";

/** What is asked of the engine. */
interface Reading {
  evaluate(tree: Tree, node: XNode, current?: XNode): Value;
  rows(instance: string): Rows;
  filled(text: string, node: XNode): string;
}

const sourceOf = ({ register, choices }: Options): string => register ?? choices ?? "";
const isNamed = ({ value = "name", label = "label" }: Options): boolean => value === "name" && label === "label";

export class Offers {
  readonly #trees = new Map<Options, Tree>();
  readonly #renamed = new WeakMap<readonly Item[], Map<string, Item[]>>();
  readonly #chance = Math.floor(Math.random() * 0x7fffffff); // the order of a shuffled list without a seed stays while the form is open

  constructor(readonly engine: Reading, readonly spoken: (list: string) => boolean) {}

  /** The choices that are on offer at the question now. */
  at(node: XNode, options: Options): readonly Item[] {
    const items = this.#found(node, options);
    if (!options.choices || !this.spoken(options.choices)) return items;
    return items.map((item) => ({ ...item, label: this.engine.filled(item.label, node) }));
  }

  #found(node: XNode, options: Options): readonly Item[] {
    if (!options.filter && !options.nodes && !options.shuffled) return this.#named(this.engine.rows(sourceOf(options)).items, options);
    const nodes = this.engine.evaluate(this.#treeOf(options), node);
    if (!Array.isArray(nodes)) return [];
    return options.nodes ? answered(nodes, options) : nodes.map((one) => renamed((one as RowNode).row, options));
  }

  /** One name may be looked for without making the whole list. */
  has(node: XNode, options: Options, name: string): boolean {
    const { filter, nodes, value = "name" } = options;
    if (nodes || (filter && !isItemByItem(filter))) return this.#found(node, options).some((item) => item.name === name);
    const rows = this.engine.rows(sourceOf(options));
    return rows.where(value, name).some((at) => !filter || boolean(this.engine.evaluate(filter, rows.nodes[at]!, node)));
  }

  label(options: Options, value: string, node: XNode): string {
    if (options.nodes) return this.#found(node, options).find((item) => item.name === value)?.label ?? "";
    const rows = this.engine.rows(sourceOf(options));
    const label = rows.items[rows.where(options.value ?? "name", value)[0] ?? -1]?.[options.label ?? "label"] ?? "";
    return this.engine.filled(label, node);
  }

  #treeOf(options: Options): Tree {
    let tree = this.#trees.get(options);
    if (tree) return tree;
    tree = options.nodes ?? ["p", ["f", "instance", ["s", sourceOf(options)]], ["root"], options.filter ? ["item", options.filter] : ["item"]];
    if (options.shuffled) tree = ["f", "randomize", tree, options.seed ?? ["n", this.#chance]];
    this.#trees.set(options, tree);
    return tree;
  }

  #named(items: readonly Item[], options: Options): readonly Item[] {
    if (isNamed(options)) return items;
    const [known, key] = [this.#renamed.get(items) ?? new Map<string, Item[]>(), `${options.value} ${options.label}`];
    this.#renamed.set(items, known);
    let found = known.get(key);
    if (!found) known.set(key, (found = items.map((item) => renamed(item, options))));
    return found;
  }
}

function renamed(item: Item, options: Options): Item {
  const { value = "name", label = "label" } = options;
  return isNamed(options) ? item : { ...item, name: item[value] ?? "", label: item[label] ?? "" };
}

/** Answers of the record as choices; rows that were answered alike are one choice. */
function answered(nodes: XNode[], options: Options): Item[] {
  const found = new Map<string, Item>();
  for (const item of nodes.map((node) => itemOf(node, options))) if (item.name && !found.has(item.name)) found.set(item.name, item);
  return [...found.values()];
}

/** `value` and `label` are paths below the node. */
function itemOf(node: XNode, { value = "name", label = "label" }: Options): Item {
  return { name: textBelow(node, value), label: textBelow(node, label) };
}

function textBelow(node: XNode, path: string): string {
  const [found] = path === "." ? [node] : path.split("/").reduce<XNode[]>((nodes, name) => nodes.flatMap((one) => one.child(name)), [node]);
  return found ? textOf(found) : "";
}

/** The lists whose labels show answers. */
export function spokenLists(choices: Record<string, { label: Words }[]>): (list: string) => boolean {
  const known = new Map<string, boolean>();
  return (list) => {
    if (!known.has(list)) known.set(list, (choices[list] ?? []).some(({ label }) => Object.values(label).some((text) => text.includes("${"))));
    return known.get(list)!;
  };
}
