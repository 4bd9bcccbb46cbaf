// Walking over a form: which questions can be seen, where they stand in their rows. Knows no question by name.

import { partOf } from "../../parts.ts";
import type { Engine } from "../engine.ts";
import type { Group, Node, Question, Repeat } from "../../shapes.ts";

/** A place in the form: a node's path without positions, and where its repeats stand now. */
export interface Base { from: string; to: string }
export const TOP: Base = { from: "", to: "" };

export const at = (node: Node, base: Base): string => base.to + node.path.slice(base.from.length);
export const rowOf = (repeat: Repeat, base: Base, n: number): Base => ({ from: repeat.path, to: `${at(repeat, base)}[${n}]` });

export const has = (node: { appearance?: string }, look: string): boolean => (node.appearance ?? "").split(/\s+/).includes(look);

const SILENT = new Set(["calculate", "hidden"]);
export const isShown = (question: Question): boolean => !SILENT.has(question.type);

/** How many questions these hold that can ever be seen. */
export function countOf(nodes: Node[]): number {
  return nodes.reduce((sum, node) => sum + (node.kind === "question" ? Number(isShown(node)) : countOf(node.children)), 0);
}

/** A path without the positions of its rows: where it stands in the form. */
export const bare = (path: string): string => path.replace(/\[\d+\]/g, "");

/** Whether the place of this path lies in one of these nodes. */
export function holds(nodes: Node[], path: string): boolean {
  const place = bare(path);
  return nodes.some((node) => place === node.path || place.startsWith(`${node.path}/`));
}

/** The node at a path, whatever rows it names. */
export function nodeAt(nodes: Node[], path: string): Node | undefined {
  const wanted = bare(path);
  const found = nodes.find((node) => wanted === node.path || (node.kind !== "question" && wanted.startsWith(`${node.path}/`)));
  return found && found.path !== wanted && found.kind !== "question" ? nodeAt(found.children, path) : found;
}

export interface Found { question: Question; path: string }

/** Every question that applies and can be seen, with its path, in the form's order. */
export function questionsIn(nodes: Node[], engine: Engine, base: Base = TOP): Found[] {
  return nodes.flatMap((node): Found[] => {
    const path = at(node, base);
    if (node.kind === "question") return isShown(node) && engine.relevant(path) ? [{ question: node, path }] : [];
    if (!engine.relevant(path)) return [];
    if (node.kind === "group") return questionsIn(node.children, engine, base);
    return positions(node, path, engine).flatMap((n) => questionsIn(node.children, engine, rowOf(node, base, n)));
  });
}

export function positions(_repeat: Repeat, path: string, engine: Engine): number[] {
  return Array.from({ length: engine.instances(path) }, (_, n) => n + 1);
}

/** A plain photo; drawings and signatures have widgets of their own. */
export const isPhoto = (node: Node): node is Question & { type: "image" } => node.kind === "question" && node.type === "image" && !partOf(node);

/** Photos that are one task: a photo that is asked for only after the one before it stands with it. Others have names and places of their own. */
export function photosIn(nodes: Node[]): Question[][] {
  const blocks: Question[][] = [];
  for (const photo of nodes.filter(isPhoto)) {
    const block = blocks.at(-1);
    const follows = block && JSON.stringify(photo.relevant ?? "").includes(`["${block.at(-1)!.name}"]`);
    if (follows) block.push(photo);
    else blocks.push([photo]);
  }
  return blocks;
}

/** The photos that stand with the one at `path`, also those that apply only after the first was taken. */
export function imagesIn(nodes: Node[], path: string): Found[] {
  const block = photosIn(nodes).find((photos) => photos.some((photo) => photo.path === bare(path)));
  if (!block) return nodes.flatMap((node) => (node.kind === "question" ? [] : imagesIn(node.children, path)));
  return block.map((question) => ({ question, path: path.slice(0, path.lastIndexOf("/") + 1) + question.name }));
}

/** Whether a person has answered something in here, in row `n` of a repeat if named; what the form presets does not count. */
export function answeredIn(node: Group | Repeat, engine: Engine, base: Base, without?: ReadonlySet<Node>, n?: number): boolean {
  const found = n && node.kind === "repeat" ? questionsIn(node.children, engine, rowOf(node, base, n)) : questionsIn([node], engine, base);
  return found.some(({ question, path }) => !without?.has(question) && !question.default && !question.dynamic_default && engine.get(path) !== "");
}

/** The id of a question's element: where the focus goes. */
export const idOf = (path: string): string => `q${path.replace(/[^A-Za-z0-9]+/g, "-")}`;
