// The shape of a form as pages: one per top-level group, folded ones beside the walk, loose questions on a page of their own.
// Knows groups, repeats and positions; no question by name.

import { partOf } from "../../parts.ts";
import type { Engine } from "../engine.ts";
import type { FormModel, Group, Node, Question, Repeat, Words } from "../../shapes.ts";

export interface Page { key: string; label: Words; nodes: Node[]; folded: boolean }

/** A place in the form: a node's path without positions, and where its repeats stand now. */
export interface Base { from: string; to: string }
export const TOP: Base = { from: "", to: "" };

export const at = (node: Node, base: Base): string => base.to + node.path.slice(base.from.length);
export const rowOf = (repeat: Repeat, base: Base, n: number): Base => ({ from: repeat.path, to: `${at(repeat, base)}[${n}]` });

export const has = (node: { appearance?: string }, look: string): boolean => (node.appearance ?? "").split(/\s+/).includes(look);

const SILENT = new Set(["calculate", "hidden"]);
export const isShown = (question: Question): boolean => !SILENT.has(question.type);

/** The pages of the form as it stands: groups that don't apply now are left out. */
export function pagesOf(model: FormModel, engine: Engine): Page[] {
  const pages: Page[] = [];
  let loose: Page | null = null;
  for (const node of model.children) {
    if (!shows(node)) continue;
    if (node.kind === "group") {
      loose = null;
      if (engine.relevant(node.path)) pages.push({ key: node.name, label: node.label ?? model.title, nodes: node.children, folded: has(node, "folded") });
    } else if (loose) loose.nodes.push(node);
    else pages.push(loose = { key: node.name, label: node.kind === "repeat" ? node.label ?? model.title : model.title, nodes: [node], folded: false });
  }
  return pages;
}

function shows(node: Node): boolean {
  return node.kind === "question" ? isShown(node) : node.children.some(shows);
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

export const pageWith = (pages: Page[], engine: Engine, path: string): Page | undefined =>
  pages.find((page) => questionsIn(page.nodes, engine).some((found) => found.path === path));

/** A plain photo; drawings and signatures have widgets of their own. */
export const isPhoto = (node: Node): node is Question & { type: "image" } => node.kind === "question" && node.type === "image" && !partOf(node);

/** All photo questions beside the one at `path`, also those that apply only after the first was taken. */
export function imagesIn(nodes: Node[], path: string): Found[] {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const from = folder.replace(/\[\d+\]/g, "");
  return nodes.flatMap((node): Found[] => {
    if (node.kind !== "question") return imagesIn(node.children, path);
    const beside = isPhoto(node) && node.path.slice(0, node.path.lastIndexOf("/") + 1) === from;
    return beside ? [{ question: node, path: folder + node.name }] : [];
  });
}

/** Whether a person has answered something in here; what the form presets does not count. */
export function answeredIn(node: Group | Repeat, engine: Engine, base: Base, without?: ReadonlySet<Node>): boolean {
  return questionsIn(node.children, engine, base)
    .some(({ question, path }) => !without?.has(question) && !question.default && !question.dynamic_default && engine.get(path) !== "");
}

/** The id of a question's element: where the focus goes. */
export const idOf = (path: string): string => `q${path.replace(/[^A-Za-z0-9]+/g, "-")}`;
