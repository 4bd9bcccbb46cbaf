// The answers being filled as nodes: laid out from an answers document, found by path, written back. Knows no rules.
import type { Answers, Question } from "../shapes.ts";
import type { Def, Graph } from "./graph.ts";
import { XNode } from "./nodes.ts";

export const questionOf = (node: XNode): Question | undefined => (node.def?.node?.kind === "question" ? node.def.node : undefined);
export const isRepeat = (node: XNode): boolean => node.def?.node?.kind === "repeat";
/** Made by a rule each time; what once() made stays, as an answer does. */
const isCalculated = (question: Question | undefined): boolean =>
  question?.calculate !== undefined && !(question.calculate[0] === "f" && question.calculate[1] === "once");

/** A row that a person adds; those of a counted repeat come and go with the count. */
const isFree = (node: XNode): boolean => node.def?.node?.kind === "repeat" && !node.def.node.count;

export class RecordNodes {
  readonly document = new XNode("");
  readonly root: XNode;

  constructor(graph: Graph, answers: Answers | undefined) {
    this.root = new XNode(graph.root.name, this.document, "", graph.root);
    this.document.children = new Map([[this.root.name, [this.root]]]);
    this.#fill(this.root, graph.root, answers);
  }

  /** A new row at the end of a repeat, with its literal defaults. */
  addRow(parent: XNode, def: Def): XNode {
    const node = this.#group(parent, def, undefined);
    parent.children!.get(def.name)!.push(node);
    return node;
  }

  #fill(parent: XNode, def: Def, answers: Answers | undefined): void {
    parent.children = new Map();
    for (const child of def.children) parent.children.set(child.name, this.#instances(parent, child, answers, answers?.[child.name]));
  }

  #instances(parent: XNode, def: Def, answers: Answers | undefined, given: Answers[string] | undefined): XNode[] {
    const { node } = def;
    if (node?.kind === "question") {
      const text = answers ? (typeof given === "string" ? given : "") : node.default ?? "";
      return [new XNode(def.name, parent, text, def)];
    }
    if (node?.kind !== "repeat") return [this.#group(parent, def, answers && (given === undefined || typeof given === "string" || Array.isArray(given) ? {} : given))];
    // A repeat of a new record opens with one empty row, as in every ODK engine; rows that were taken away stay away.
    if (!Array.isArray(given)) return node.count || answers ? [] : [this.#group(parent, def, undefined)];
    return given.map((row) => this.#group(parent, def, row));
  }

  #group(parent: XNode, def: Def, answers: Answers | undefined): XNode {
    const node = new XNode(def.name, parent, "", def);
    this.#fill(node, def, answers);
    return node;
  }

  readonly #found = new Map<string, XNode>();
  readonly #paths = new Map<XNode, string>();
  /** Rows were taken away: what comes after them has moved up. */
  moved(): void {
    this.#found.clear();
    this.#paths.clear();
  }

  /** The node at a path with 1-based positions of rows; without a position the first row is meant. */
  find(path: string): XNode | undefined {
    let found = this.#found.get(path);
    if (!found) {
      found = this.#look(path);
      if (found) this.#found.set(path, found);
    }
    return found;
  }
  #look(path: string): XNode | undefined {
    const cut = path.lastIndexOf("/");
    const parent = cut > 0 ? this.find(path.slice(0, cut)) : cut === 0 ? this.document : undefined;
    const [, name = "", position = "1"] = /^([^[]*)(?:\[(\d+)\])?$/.exec(path.slice(cut + 1)) ?? [];
    return parent?.children?.get(name)?.[Number(position) - 1];
  }

  /** Where it stands here what stands at `path` when empty and irrelevant rows are left out. */
  pathBefore(path: string): string {
    let node = this.document;
    for (const part of path.split("/").slice(1)) {
      const [, name = part, position] = /^(.*)\[(\d+)\]$/.exec(part) ?? [];
      const nodes = node.children?.get(name) ?? [];
      node = (position ? nodes.filter((row) => this.#isSent(row))[Number(position) - 1] : nodes[0]) ?? node;
    }
    return this.pathOf(node);
  }

  #isSent(row: XNode): boolean { return row.live && !this.isEmptyRow(row); }

  pathOf(node: XNode): string {
    if (!node.parent) return "";
    let path = this.#paths.get(node);
    if (path === undefined) {
      const place = isRepeat(node) ? `[${(node.parent.children?.get(node.name)?.indexOf(node) ?? 0) + 1}]` : "";
      this.#paths.set(node, (path = `${this.pathOf(node.parent)}/${node.name}${place}`));
    }
    return path;
  }

  /** All nodes of `def` below `from`. */
  instances(def: Def, from: XNode = this.root): XNode[] {
    const names: string[] = [];
    for (let here: Def | undefined = def; here && here !== from.def; here = here.parent) names.unshift(here.name);
    return names.reduce<XNode[]>((nodes, name) => nodes.flatMap((node) => node.children?.get(name) ?? []), [from]);
  }

  /** The instances of `def` that share as many rows with `node` as there are to share. */
  nearest(def: Def, node: XNode): XNode[] {
    for (let from: XNode | undefined = node; from?.def; from = from.parent) {
      if (def === from.def || def.path.startsWith(`${from.def.path}/`)) return this.instances(def, from);
    }
    return [];
  }

  /** Every node below, the node itself first. */
  *below(node: XNode = this.root): Generator<XNode> {
    yield node;
    for (const nodes of node.children?.values() ?? []) for (const child of nodes) yield* this.below(child);
  }

  /** A row without any relevant answer: it is dropped at finish, so nothing is missing in it. Counted rows stay. */
  isEmptyRow(node: XNode): boolean {
    if (!isFree(node)) return false;
    for (const below of this.below(node)) {
      const question = questionOf(below);
      if (question && !question.calculate && !["hidden", "note"].includes(question.type) && below.text && below.live) return false;
    }
    return true;
  }

  hasEmptyRows(): boolean {
    return [...this.below()].some((node) => isFree(node) && node.parent!.live && !this.#isSent(node));
  }

  /** What rules made, by path; once() is an answer and goes with the answers. */
  calculated(): Record<string, string> {
    const made = [...this.below()].filter((node) => node.live && node.text && isCalculated(questionOf(node)));
    return Object.fromEntries(made.map((node) => [this.pathOf(node), node.text]));
  }

  /** The answers document. `draft`: all of it. `pruned`: without irrelevant answers and empty rows. `sent`: and without empty lists. */
  write(how: "draft" | "pruned" | "sent", node: XNode = this.root): Answers {
    const answers: Answers = {};
    for (const [name, nodes] of node.children ?? []) {
      const value = this.#written(nodes, how);
      if (value !== undefined) answers[name] = value;
    }
    return answers;
  }

  #written(nodes: XNode[], how: "draft" | "pruned" | "sent"): Answers[string] | undefined {
    const [first, all] = [nodes[0], how === "draft"];
    if (!first || isRepeat(first)) {
      const rows = nodes.filter((row) => all || this.#isSent(row)).map((row) => this.write(how, row));
      return how !== "sent" || rows.length ? rows : undefined;
    }
    if (!all && !first.live) return undefined;
    const question = questionOf(first);
    if (question) return first.text && !isCalculated(question) ? first.text : undefined;
    const group = this.write(how, first);
    return Object.keys(group).length ? group : undefined;
  }
}
