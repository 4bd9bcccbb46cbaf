// A question over a filtered list is drawn again when it shows something else, and only then.
import { expect, test } from "vitest";
import type { Choice, FormModel, Question, Tree } from "../../shapes.ts";
import { Engine } from "../engine.ts";
import { otherThanShown } from "./shown.ts";

const question = (name: string, part: Partial<Question> = {}): Question => ({ kind: "question", name, path: `/f/${name}`, type: "text", ...part });
const from = (name: string): Tree => ["p", "/", ["f"], [name]];
const inArea = (name: string): Tree => ["=", ["p", ".", ["area"]], from(name)];
const placesIn = (count: number, area: string, names: string): Choice[] => Array.from({ length: count }, (_, n) => ({ name: `${area}${n}`, label: { vi: `${names} ${n}` }, extra: { area } }));

const MODEL: FormModel = {
  model_format: 2, form_id: "f", version: "1", title: {}, languages: ["vi"], registers: [],
  choices: { place: [...placesIn(20, "a", "Xã"), ...placesIn(20, "b", "Xã"), ...placesIn(3, "c", "Ấp"), ...placesIn(3, "d", "Ấp"), ...placesIn(21, "e", "Xã")] },
  children: [
    question("area"), question("must"),
    question("place", { type: "select_one", options: { choices: "place", filter: inArea("area") }, required: ["=", from("must"), ["s", "yes"]] }),
    question("sorted", { type: "rank", options: { choices: "place", filter: inArea("area") } }),
  ],
};
const begun = (area: string): Engine => {
  const engine = new Engine(MODEL, { now: () => new Date(0), zone: "Asia/Ho_Chi_Minh", language: "vi", register: () => [] });
  engine.set("/f/area", area);
  return engine;
};

test.each([
  ["a", "/f/area", "b", false, "another long list, just as long, of which nothing is chosen"],
  ["a", "/f/area", "e", true, "a longer list"],
  ["c", "/f/area", "d", true, "another short list, just as long"],
  ["a", "/f/must", "yes", true, "an answer that is needed now"],
  ["a", "/f/must", "no", false, "an answer that is no more needed than before"],
  ["a", "/f/place", "a3", true, "an answer of its own"],
])("in area %s, %s = %s: drawn again: %s, for there is %s", (area, path, value, drawn) => {
  const engine = begun(area);
  const isOther = otherThanShown({ model: MODEL, engine }, "/f/place");
  isOther();
  engine.set(path, value);
  expect(isOther()).toBe(drawn);
});

test("what is chosen and no longer on offer is told at once", () => {
  const engine = begun("a");
  const isOther = otherThanShown({ model: MODEL, engine }, "/f/place");
  engine.set("/f/place", "a3");
  isOther();
  engine.set("/f/area", "b");
  expect(isOther()).toBe(true);
});

test.each([["/f/area"], ["/f/sorted"]])("%s is drawn at every change: what it shows cannot be told", (path) => {
  const isOther = otherThanShown({ model: MODEL, engine: begun("a") }, path);
  expect([isOther(), isOther()]).toEqual([true, true]);
});
