// The table of functions is the one that the server has; and what chance makes has its form.
import { beforeAll, expect, test } from "vitest";
import names from "../../../tests/vectors/models/functions.json";
import type { Tree } from "../shapes.ts";
import { EAGER, functionsFor, LAZY } from "./functions.ts";
import { XNode } from "./nodes.ts";
import { compiled, type Scope } from "./xpath.ts";

const node = new XNode("here");
const scope = { world: { zone: "UTC" }, node, current: node, position: 1, size: 1 } as unknown as Scope;
const called = (...tree: unknown[]): unknown => compiled(["f", ...tree] as Tree)(scope);

beforeAll(() => functionsFor());

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
