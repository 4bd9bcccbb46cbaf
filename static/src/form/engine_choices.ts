// What a select offers: rows of a list, of a register, or of the record itself; filtered, renamed and shuffled as the form says.
import type { Choice, Item, Options, Tree, Words } from "../shapes.ts";
import { Rows, XNode, type RowNode } from "./nodes.ts";
import { isItemByItem, sifter } from "./rows_where.ts";
import { boolean, textOf, type Value } from "./values.ts";
import { compiled, scopeAt, type World } from "./xpath.ts";

/** What is asked of the engine. */
interface Reading extends World {
  evaluate(tree: Tree, node: XNode, current?: XNode): Value;
  filled(text: string, node: XNode): string;
}

const sourceOf = ({ register, choices }: Options): string => register ?? choices ?? "";
const isNamed = ({ value = "name", label = "label" }: Options): boolean => value === "name" && label === "label";

/** A list of the form as rows: name, label in the language in use, further columns. Rows are made when they are looked at. */
export function rowsOfList(list: Choice[], words: (words: Words | undefined) => string): Rows {
  const look = ({ name, label, extra }: Choice, column: string): string | undefined =>
    extra?.[column] ?? (column === "label" ? words(label) : column === "name" ? name : undefined);
  const item = ({ name, label, extra }: Choice): Item => ({ name, label: words(label), ...extra });
  return new Rows(list.length, (at, column) => look(list[at]!, column), (at) => item(list[at]!));
}

export class Offers {
  readonly #trees = new Map<Options, Tree>();
  readonly #sifters = new Map<Tree, ReturnType<typeof sifter>>();
  /** Where a filter's items stand, until an answer changes: a question asks several times while it is drawn. */
  readonly #kept = new Map<XNode, { rows: Rows; places: readonly number[] | undefined }>();
  readonly #renamed = new WeakMap<readonly Item[], Map<string, Item[]>>();
  readonly #chance = Math.floor(Math.random() * 0x7fffffff); // the order of a shuffled list without a seed stays while the form is open

  constructor(readonly engine: Reading, readonly spoken: (list: string) => boolean) {}

  /** The choices that are on offer at the question now. */
  at(node: XNode, options: Options): readonly Item[] {
    const items = this.#found(node, options);
    if (!options.choices || !this.spoken(options.choices)) return items;
    return items.map((item) => ({ ...item, label: this.engine.filled(item.label, node) }));
  }

  /** How many; none of them is made. */
  count(node: XNode, options: Options): number {
    if (!options.filter && !options.nodes) return this.engine.rows(sourceOf(options)).size;
    return (this.#places(node, options) ?? this.#found(node, options)).length;
  }

  /** Where they stand in their list; undefined where that is not known without walking over it. */
  #places(node: XNode, { filter, nodes, ...options }: Options): readonly number[] | undefined {
    if (!filter || nodes || options.shuffled) return undefined;
    const rows = this.engine.rows(sourceOf(options));
    let kept = this.#kept.get(node);
    if (kept?.rows === rows) return kept.places;
    if (!this.#sifters.has(filter)) this.#sifters.set(filter, sifter(filter, compiled));
    this.#kept.set(node, kept = { rows, places: this.#sifters.get(filter)?.(scopeAt(this.engine, node), rows) });
    return kept.places;
  }

  /** Something of the record changed. */
  forget(): void { this.#kept.clear(); }

  #found(node: XNode, options: Options): readonly Item[] {
    const places = this.#places(node, options);
    if (places) return places.map((at) => renamed(this.engine.rows(sourceOf(options)).item(at), options));
    if (!options.filter && !options.nodes && !options.shuffled) return this.#named(this.engine.rows(sourceOf(options)).items, options);
    const nodes = this.engine.evaluate(this.#treeOf(options), node);
    if (!Array.isArray(nodes)) return [];
    return options.nodes ? answered(nodes, options) : nodes.map((one) => renamed((one as RowNode).row, options));
  }

  has(node: XNode, options: Options, name: string): boolean { return this.#offered(node, options, name) !== undefined; }

  /** What a choice is called; undefined if it is not on offer now. */
  offeredLabel(node: XNode, options: Options, name: string): string | undefined {
    const item = this.#offered(node, options, name);
    return item && this.engine.filled(item.label, node);
  }

  /** One name may be looked for without making the whole list. */
  #offered(node: XNode, options: Options, name: string): Item | undefined {
    const { filter, nodes, value = "name" } = options;
    if (nodes || (filter && !isItemByItem(filter))) return this.#found(node, options).find((item) => item.name === name);
    const rows = this.engine.rows(sourceOf(options));
    const at = rows.where(value, name).find((one) => !filter || boolean(this.engine.evaluate(filter, rows.node(one), node)));
    return at === undefined ? undefined : renamed(rows.item(at), options);
  }

  label(options: Options, value: string, node: XNode): string {
    if (options.nodes) return this.#found(node, options).find((item) => item.name === value)?.label ?? "";
    const item = this.engine.rows(sourceOf(options)).first(options.value ?? "name", value);
    return this.engine.filled(item?.[options.label ?? "label"] ?? "", node);
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

/** What the labels of a list show of the record: paths, or "#n". Lists of thousands are asked about by hundreds of questions. */
export function outputsOf(list: Choice[] = []): string[] {
  let found = shown.get(list);
  if (!found) shown.set(list, (found = outputsIn(list.map((choice) => choice.label))));
  return found;
}
const shown = new WeakMap<Choice[], string[]>();

/** The outputs in these texts. */
export function outputsIn(said: (Words | undefined)[]): string[] {
  const found: string[] = [];
  for (const words of said) for (const language in words) if (words[language]!.includes("${")) for (const [, name = ""] of words[language]!.matchAll(/\$\{([^}]*)\}/g)) found.push(name);
  return found;
}
