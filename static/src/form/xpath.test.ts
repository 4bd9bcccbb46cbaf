// The expressions of tests/vectors, as pytest runs them too (tests/forms/test_expressions.py).
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import doc from "../../../tests/vectors/expressions.json";
import model from "../../../tests/vectors/models/expressions.json";
import names from "../../../tests/vectors/models/functions.json";
import trees from "../../../tests/vectors/models/trees.json";
import type { Answers, FormModel, Item, Language, Tree } from "../shapes.ts";
import { Engine } from "./engine.ts";
import { functionsFor } from "./functions.ts";
import { textOf, type Value } from "./values.ts";

const FOLDER = new URL("../../../tests/vectors/expressions/", import.meta.url);
const CASES = readdirSync(FOLDER).flatMap((file) => (JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as { cases: Case[] }).cases);

interface Case { rule: string; x: string; is: unknown; at?: string; in?: string }

function plain(value: Value): unknown {
  if (Array.isArray(value)) return value.map(textOf);
  return typeof value === "number" && !Number.isFinite(value) ? { number: String(value) } : value;
}

function evaluated(given: Case): unknown {
  const context = (doc.contexts as Record<string, { now: string; zone: string; language: string }>)[given.in ?? "plain"]!;
  const registers: Record<string, Item[]> = doc.registers as unknown as Record<string, Item[]>;
  const engine = new Engine(model as unknown as FormModel, {
    now: () => new Date(context.now), zone: context.zone, language: context.language as Language, register: (name) => registers[name] ?? [],
  }, doc.answers as unknown as Answers);
  return plain(engine.evaluateAt((trees as Record<string, unknown>)[given.x] as Tree, given.at ?? "/expressions/word"));
}

beforeAll(() => functionsFor({ functions: names } as unknown as FormModel));

test.each(CASES.map((given) => [`${given.rule} ${given.x}`, given] as const))("%s", (_, given) => {
  const value = evaluated(given);
  expect(Object.is(value, -0) ? 0 : value).toEqual(given.is);
});
