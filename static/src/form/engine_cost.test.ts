// Only what changed is recomputed: counted in evaluations, not in milliseconds.
import { expect, test } from "vitest";
import type { FormModel, Item, Node, Question, Tree } from "../shapes.ts";
import { Engine } from "./engine.ts";

const ROWS = 300, QUESTIONS = 10, CHOICES = 5_000;
const at = (...steps: string[]): Tree => ["p", ".", ...steps.map((step) => [step])];
const from = (...steps: string[]): Tree => ["p", "/", ...steps.map((step) => [step])];
const question = (path: string, more: Partial<Question>): Question => ({ kind: "question", name: path.slice(path.lastIndexOf("/") + 1), path, type: "text", ...more });
const form = (children: Node[]): FormModel => ({ model_format: 2, form_id: "f", version: "1", title: {}, languages: ["vi"], choices: {}, registers: ["big"], children });
const numbers = Array.from({ length: QUESTIONS }, (_, n) => n);

/** Each row: ten questions with a relevance and a calculation that ask the clock; outside, a sum over each. */
const LONG = form([
  {
    kind: "repeat", name: "row", path: "/f/row", children: numbers.flatMap((n) => [
      question(`/f/row/q${n}`, n ? { relevant: ["and", ["!=", at("..", "q0"), ["s", "no"]], ["!=", ["f", "today"], ["s", ""]]] } : {}),
      question(`/f/row/c${n}`, { type: "calculate", calculate: ["+", ["f", "number", at("..", `q${n}`)], ["*", ["n", 0], ["f", "number", ["f", "today"]]]] }),
    ]),
  },
  ...numbers.map((n) => question(`/f/sum${n}`, { type: "calculate", calculate: ["f", "sum", from("f", "row", `c${n}`)] })),
]);

function asked(): { engine: Engine; looks: (act: () => void) => number } {
  let looked = 0;
  const row = (n: number) => Object.fromEntries(numbers.map((q) => [`q${q}`, String(n + q)]));
  const context = { now: () => { looked += 1; return new Date("2024-11-22T02:00:00Z"); }, zone: "Asia/Ho_Chi_Minh", language: "vi" as const, register: () => [] };
  const engine = new Engine(LONG, context, { row: Array.from({ length: ROWS }, (_, n) => row(n)) });
  return { engine, looks: (act) => { looked = 0; act(); return looked; } };
}

test("a new row settles its own rules once and no other row's", () => {
  const { engine, looks } = asked();
  expect(looks(() => engine.addRepeat("/f/row"))).toBe(2 * QUESTIONS - 1);
  expect(engine.instances("/f/row")).toBe(ROWS + 1);
});

test("an answer in a row settles what reads it in that row, and the sum", () => {
  const { engine, looks } = asked();
  const before = Number(engine.get("/f/sum3"));
  expect(looks(() => engine.set("/f/row[150]/q3", "1000000"))).toBe(1);
  expect(Number(engine.get("/f/sum3"))).toBe(before + 1_000_000 - 152);
});

test("an answer tells the widgets of its own question and none of the other 3,000", () => {
  const { engine } = asked();
  const told: string[] = [];
  for (const path of engine.everyPath()) engine.watch(path, () => told.push(path));
  engine.set("/f/row[150]/q3", "7");
  expect(told.sort()).toEqual(["/f/row[150]/c3", "/f/row[150]/q3", "/f/sum3"]);
});

test("a filtered list of 5,000 choices is looked up, not walked through", () => {
  let read = 0;
  const items = Array.from({ length: CHOICES }, (_, n): Item => Object.defineProperty({ name: `c${n}`, label: `Lựa chọn ${n}` }, "group", { get: () => { read += 1; return `g${n % 500}`; } }) as Item);
  const pick = question("/f/pick", { type: "select_one", options: { register: "big", filter: ["=", at("group"), from("f", "which")] } });
  const engine = new Engine(form([question("/f/which", {}), pick]), { now: () => new Date(0), zone: "Asia/Ho_Chi_Minh", language: "vi", register: () => items });
  engine.set("/f/which", "g3");
  expect(engine.choices("/f/pick")).toHaveLength(10);
  read = 0;
  engine.set("/f/which", "g4");
  expect(engine.choices("/f/pick")).toHaveLength(10);
  engine.set("/f/pick", "c4");
  expect(engine.findings("/f/pick")).toEqual([]);
  expect(read).toBeLessThanOrEqual(11);
});

test("a filter that no index helps reads its column of the list once, however many answers it follows", () => {
  const called: Item[] = Array.from({ length: CHOICES }, (_, n) => ({ name: `c${n}`, label: `Tân Phú ${n}` }));
  let read = 0;
  const items = called.map(({ name, label }) => Object.defineProperty({ name, label: "" }, "label", { get: () => { read += 1; return label; } }) as Item);
  const pick = question("/f/pick", { type: "select_one", options: { register: "big", filter: ["f", "contains", at("label"), from("f", "word")] } });
  const engine = new Engine(form([question("/f/word", {}), pick]), { now: () => new Date(0), zone: "Asia/Ho_Chi_Minh", language: "vi", register: () => items });
  for (const [word, count] of [["Phú 12", 111], ["Phú 123", 11]] as const) {
    engine.set("/f/word", word);
    expect([engine.offered("/f/pick"), engine.offered("/f/pick")]).toEqual([count, count]);
  }
  expect(read).toBe(CHOICES);
});
