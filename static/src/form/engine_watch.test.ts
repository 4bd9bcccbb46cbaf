// A widget is told of its own changes, not of its neighbours'.
import { expect, test } from "vitest";
import type { FormModel, Node, Question, Tree } from "../shapes.ts";
import { Engine } from "./engine.ts";

const at = (...steps: (string | [string, ...Tree[]])[]): Tree => ["p", ".", ...steps.map((step) => (typeof step === "string" ? [step] : step))];
const from = (...steps: string[]): Tree => ["p", "/", ...steps.map((step) => [step])];
const question = (path: string, more: Partial<Question> = {}): Question => ({ kind: "question", name: path.slice(path.lastIndexOf("/") + 1), path, type: "text", ...more });

const CHILDREN: Node[] = [
  question("/f/a"), question("/f/b", { relevant: ["=", from("f", "a"), ["s", "yes"]] }), question("/f/c", { label: { vi: "Xin chào ${/f/a}" } }),
  question("/f/alone"), question("/f/total", { type: "calculate", calculate: ["f", "count", from("f", "row")] }),
  question("/f/pick", { type: "select_one", options: { nodes: from("f", "row"), value: "name", label: "name" } }),
  {
    kind: "repeat", name: "row", path: "/f/row", children: [
      question("/f/row/name"), question("/f/row/hello", { required: ["!=", at("..", "name"), ["s", ""]] }), question("/f/row/place", { constraint: ["=", at("."), ["f", "count", from("f", "row")]] }),
    ],
  },
];
const FORM: FormModel = { model_format: 2, form_id: "f", version: "1", title: {}, languages: ["vi"], choices: {}, registers: [], children: CHILDREN };

function watched(paths: string[]): { engine: Engine; told: () => string[] } {
  const engine = new Engine(FORM, { now: () => new Date("2024-11-22T02:00:00Z"), zone: "Asia/Ho_Chi_Minh", language: "vi", register: () => [] });
  engine.addRepeat("/f/row");
  let heard: string[] = [];
  paths.forEach((path) => engine.watch(path, () => heard.push(path)));
  return { engine, told: () => { const now = heard.sort(); heard = []; return now; } };
}
const TOP = ["/f/a", "/f/b", "/f/c", "/f/alone", "/f/total", "/f/pick", "/f/row"];

test("an answer is told to its own question and to those that read it", () => {
  const { engine, told } = watched(TOP);
  engine.set("/f/a", "x");
  expect(told()).toEqual(["/f/a", "/f/c"]);
  engine.set("/f/a", "yes");
  expect(told()).toEqual(["/f/a", "/f/b", "/f/c"]);
  engine.set("/f/a", "yes");
  expect(told()).toEqual([]);
});

test("an answer in a row is told in that row only, and to selects that choose among rows", () => {
  const { engine, told } = watched(["/f/pick", "/f/total", "/f/row[1]/hello", "/f/row[1]/name", "/f/row[2]/hello", "/f/row[2]/name"]);
  engine.set("/f/row[2]/name", "An");
  expect(told()).toEqual(["/f/pick", "/f/row[2]/hello", "/f/row[2]/name"]);
});

test("a new row is told to its repeat and to those that count rows; a lost one to all rows", () => {
  const { engine, told } = watched([...TOP, "/f/row[1]/name", "/f/row[1]/place"]);
  engine.addRepeat("/f/row");
  expect(told()).toEqual(["/f/pick", "/f/row", "/f/row[1]/place", "/f/total"]);
  engine.removeRepeat("/f/row", 3);
  expect(told()).toEqual(["/f/pick", "/f/row", "/f/row[1]/name", "/f/row[1]/place", "/f/total"]);
});

test("one who stopped watching hears nothing, and another language is told to all", () => {
  const { engine, told } = watched(["/f/a"]);
  const stop = engine.watch("/f/a", () => { throw new Error("stopped"); });
  stop();
  engine.set("/f/a", "x");
  expect(told()).toEqual(["/f/a"]);
  engine.languageChanged();
  expect(told()).toEqual(["/f/a"]);
});
