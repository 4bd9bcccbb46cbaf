// A form cut into pages: one per top-level group, loose questions a dozen at a time; in the style `pages` one question,
// or one `field-list`, at a time. Knows structure and relevance; what a page looks like is the screens' matter.

import type { Engine } from "../engine.ts";
import type { FormModel, Group, Node, Words } from "../../shapes.ts";
import { countOf, has, holds, isShown, TOP, at, type Base } from "./walk.ts";

/** `name`: what lists call it, where that is not its heading. `from`–`to`: which questions of the form, where a run of loose ones is cut. */
export interface Page { key: string; label: Words; nodes: Node[]; folded: boolean; name?: Words; from?: number; to?: number }

/** So many loose questions still stand on one page. */
const MOST = 15;
/** Words of the address that mean a page of the app. */
const TAKEN = ["check", "fix"];

/** The pages of the form as it stands: those with nothing that applies now are left out. */
export const pagesOf = (model: FormModel, engine: Engine): Page[] => layoutOf(model).filter((page) => applies(page.nodes, engine));

/** Whether anything of these can be seen now; the first thing found is enough. */
export function applies(nodes: Node[], engine: Engine, base: Base = TOP): boolean {
  return nodes.some((node) => {
    if (node.kind === "question") return isShown(node) && engine.relevant(at(node, base));
    if (node.kind === "group") return applies(node.children, engine, base);
    const path = at(node, base);
    return countOf([node]) > 0 && engine.relevant(path) && (!node.count || engine.instances(path) > 0);
  });
}

const layouts = new WeakMap<Node[], Page[]>();

/** All pages that the form can have, cut once. */
export function layoutOf(model: FormModel): Page[] {
  let pages = layouts.get(model.children);
  if (!pages) layouts.set(model.children, (pages = cut(model)));
  return pages;
}

export const pageWith = (pages: Page[], path: string): Page | undefined => pages.find((page) => holds(page.nodes, path));

function cut(model: FormModel): Page[] {
  const nodes = unwrapped(model.children.filter((node) => countOf([node]) > 0));
  const pages = /\bpages\b/.test(model.style ?? "") ? singles(nodes, model.title) : runs(nodes, model.title);
  const keys = new Set(TAKEN);
  for (const page of pages) {
    if (keys.has(page.key)) page.key = page.nodes[0]!.path.slice(1).replaceAll("/", ".");
    keys.add(page.key);
  }
  return pages;
}

/** One group around everything is no page. */
function unwrapped(nodes: Node[]): Node[] {
  const [only] = nodes;
  const around = nodes.length === 1 && only?.kind === "group" && !isScreen(only) && only.children.some((node) => node.kind !== "question");
  return around ? unwrapped(only.children.filter((node) => countOf([node]) > 0)) : nodes;
}

const isScreen = (group: Group): boolean => has(group, "field-list") || has(group, "folded");
const named = (words: Words | undefined): boolean => Object.values(words ?? {}).some(Boolean);
/** XLSForm writes the name of a table (`table-list`) as a note at its head. */
const tableName = (node: Node): Node | undefined =>
  (node.kind === "group" && !named(node.label) && node.children[0]?.name.startsWith("generated_table_list_label") ? node.children[0] : undefined);
const pageOf = (node: Exclude<Node, { kind: "question" }>, title: Words): Page => {
  const name = tableName(node);
  const label = (name ?? node).label;
  return { key: node.name, label: named(label) ? label! : title, nodes: node.kind === "group" ? node.children.filter((child) => child !== name) : [node], folded: has(node, "folded") };
};

/** Groups with a name, screens and repeats are pages; what stands loose between them is cut into equal parts. */
function runs(nodes: Node[], title: Words): Page[] {
  const pages: Page[] = [];
  const loose: Page[] = [];
  let run: Node[] = [];
  let seen = 0;
  const end = () => {
    for (const part of parted(run)) {
      const page: Page = { key: part[0]!.name, label: title, nodes: part, folded: false, from: seen + 1, to: seen += countOf(part) };
      pages.push(page);
      loose.push(page);
    }
    run = [];
  };
  for (const node of nodes) {
    if (node.kind === "question" || (node.kind === "group" && !named((tableName(node) ?? node).label) && !isScreen(node))) { run.push(node); continue; }
    end();
    pages.push(pageOf(node, title));
    seen += countOf([node]);
  }
  end();
  if (loose.length === 1) { delete loose[0]!.from; delete loose[0]!.to; }
  return pages;
}

function parted(run: Node[]): Node[][] {
  const all = countOf(run);
  const size = all / Math.ceil(all / MOST);
  const parts: Node[][] = [];
  let held = 0;
  for (const node of run) {
    if (parts.length === 0 || held >= size * parts.length) parts.push([]);
    parts.at(-1)!.push(node);
    held += countOf([node]);
  }
  return parts;
}

/** Style `pages`: every question for itself, except on a screen that the form put together. */
function singles(nodes: Node[], title: Words): Page[] {
  return nodes.filter((node) => countOf([node]) > 0).flatMap((node) => {
    if (node.kind === "question") return [{ key: node.name, label: title, nodes: [node], folded: false, ...(node.label ? { name: node.label } : {}) }];
    return node.kind === "repeat" || isScreen(node) ? [pageOf(node, title)] : singles(node.children, named(node.label) ? node.label! : title);
  });
}
