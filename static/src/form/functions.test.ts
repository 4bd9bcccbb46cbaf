// The table of functions is the one that the server has; and what chance makes has its form.
import { beforeAll, expect, test } from "vitest";
import names from "../../../tests/vectors/models/functions.json";
import type { FormModel, Tree } from "../shapes.ts";
import { functionPartsOf } from "../parts.ts";
import { EAGER, functionsFor, LAZY } from "./functions.ts";
import { XNode } from "./nodes.ts";
import { compiled, type Scope } from "./xpath.ts";

const node = new XNode("here");
const scope = { world: { zone: "UTC" }, node, current: node, position: 1, size: 1 } as unknown as Scope;
const called = (...tree: unknown[]): unknown => compiled(["f", ...tree] as Tree)(scope);

const COMMON = [...Object.keys(EAGER), ...Object.keys(LAZY)]; // before the rare ones come
beforeAll(() => functionsFor({ functions: names } as unknown as FormModel));

test("phone and server have the same functions", () => {
  expect([...Object.keys(EAGER), ...Object.keys(LAZY)].sort()).toEqual(names);
});

test("uuid() is a version 4 UUID, or as many letters as asked for", () => {
  expect(called("uuid")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(called("uuid", ["n", 12])).toMatch(/^[A-Z0-9]{12}$/);
});

test("random() is at least 0 and less than 1", () => {
  const value = called("random") as number;
  expect(value >= 0 && value < 1).toBe(true);
});

test("a function that is not in the table is refused when the form opens", () => {
  expect(() => called("nonsense")).toThrow("unknown function nonsense");
});

test("every function that is not in the common table belongs to a rare part, and no common one does", () => {
  const partOf = (name: string): string[] => functionPartsOf({ functions: [name] } as unknown as FormModel);
  expect(names.filter((name) => partOf(name).length === 0).sort()).toEqual([...COMMON].sort());
});

test("a model that does not say what it calls is looked through", () => {
  const model = { children: [{ kind: "question", calculate: ["f", "if", ["s", "f"], ["f", "digest", ["s", "x"]], ["p", ".", ["f", ["f", "pi"]]]] }] };
  expect(functionPartsOf(model as unknown as FormModel)).toEqual(["rare_functions", "rare_hashes"]);
});
