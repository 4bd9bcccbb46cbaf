// Answers plain XPath that tests write by chance (tests/forms/test_libxml2.py): a file with documents, and trees to read at their
// elements, in; what each came to out, node-sets as numbers of elements. Run once under Node; no part of the app imports it.
import { readFileSync } from "node:fs";
import type { FormModel, Tree } from "../shapes.ts";
import { functionsFor } from "./functions.ts";
import { XNode } from "./nodes.ts";
import type { Value } from "./values.ts";
import { compiled, scopeAt, type World } from "./xpath.ts";

type Shape = [name: string, text: string, children: Shape[]];
interface Work { documents: Shape[]; asked: [document: number, at: number, tree: Tree][] }

function built([name, text, children]: Shape, parent: XNode, order: XNode[]): XNode {
  const node = new XNode(name, parent, text);
  order.push(node);
  for (const child of children) put(node, built(child, node, order));
  return node;
}

function put(parent: XNode, child: XNode): void {
  parent.children ??= new Map();
  parent.children.set(child.name, [...(parent.children.get(child.name) ?? []), child]);
}

function plain(value: Value, order: XNode[]): unknown {
  if (Array.isArray(value)) return value.filter((node) => node.parent).map((node) => order.indexOf(node));
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  return Number.isNaN(value) ? "not a number" : value > 0 ? "inf" : "-inf";
}

await functionsFor({ functions: ["substring", "digest"] } as unknown as FormModel); // all rare ones
const { documents, asked } = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as Work;
const orders = documents.map((shape) => {
  const [top, order] = [new XNode(""), [] as XNode[]];
  put(top, built(shape, top, order));
  return order;
});
const said = asked.map(([document, at, tree]) => {
  const order = orders[document]!;
  const world = { zone: "UTC", document: order[0]!.parent } as unknown as World;
  return plain(compiled(tree)(scopeAt(world, order[at]!)), order);
});
process.stdout.write(JSON.stringify(said));
