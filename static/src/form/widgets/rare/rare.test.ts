// What rare widgets make of a tap or a key, without a page: numbers with groups, steps of a scale, hours and days.

import { expect, test } from "vitest";
import type { FormModel, Question } from "../../../shapes.ts";
import { partOf, partsOf } from "../../../parts.ts";
import { dateTimeAnswer, dateTimeTyped, dayOfPieces, timeAnswer } from "./moments.ts";
import { answerAt, countOf, marksOf, spanOf, stepOf } from "./range_steps.ts";
import { caretIn, grouped, lexicalOf, withOwnMark } from "./typed_number.ts";

test.each([
  ["1234567", "vi", "1.234.567"], ["1234567", "en", "1,234,567"], ["-1234.50", "vi", "-1.234,50"], ["12.", "vi", "12,"], ["", "vi", ""], ["999", "vi", "999"],
] as const)("%j is written in %s as %j", (lexical, language, text) => {
  expect(grouped(lexical, language)).toBe(text);
  expect(lexicalOf(text, language, true)).toBe(lexical);
});

test.each([["12ab3", "vi", false, "123"], ["1.234,5", "vi", false, "1234"], ["007", "vi", false, "7"], ["−5", "vi", false, "-5"], ["1,5", "en", true, "15"]] as const)(
  "%j typed in %s with parts %j is kept as %j", (typed, language, parts, kept) => { expect(lexicalOf(typed, language, parts)).toBe(kept); });

test("a point typed at the end of a Vietnamese number begins its part", () => {
  expect(withOwnMark("1.234.", ".", "vi")).toBe("1.234,");
  expect(withOwnMark("1.234", "4", "vi")).toBe("1.234");
});

test.each([["1.234", 2, 3], ["1.234", 1, 1], ["1.234", 9, 5]])("in %j the caret behind %i digits stands at %i", (text, digits, at) => { expect(caretIn(text, digits)).toBe(at); });

test.each([
  [{ start: "0", end: "1", step: "0.1" }, 11, "0.3", 3], [{ start: "10", end: "0", step: "5" }, 3, "5", 1], [{ start: "-2", end: "2", step: "1" }, 5, "0", 2], [undefined, 10, "7", 6],
])("the range %j has %i answers, %j is number %i", (parameters, count, answer, n) => {
  const span = spanOf(parameters as Record<string, string> | undefined);
  expect(countOf(span)).toBe(count);
  expect(answerAt(span, n)).toBe(answer);
  expect(stepOf(span, answer)).toBe(n);
  expect(stepOf(span, "")).toBe(-1);
});

test("a long scale is marked at its ends and at few places between", () => {
  const marks = marksOf({ start: 0, end: 1000, step: 1 });
  expect([marks[0], marks.at(-1), marks.length <= 21]).toEqual([0, 1000, true]);
});

test("hours carry the offset of the plan's zone, and come back as they were typed", () => {
  expect(timeAnswer("09:12", "Asia/Ho_Chi_Minh", new Date("2024-06-07T02:00:00Z"))).toBe("09:12:00.000+07:00");
  const answer = dateTimeAnswer("2024-06-07T09:12", "Asia/Ho_Chi_Minh");
  expect(answer).toBe("2024-06-07T09:12:00.000+07:00");
  expect(dateTimeTyped(answer, "Asia/Ho_Chi_Minh")).toBe("2024-06-07T09:12");
  expect(dateTimeTyped("2024-06-07T02:12:00Z", "Asia/Ho_Chi_Minh")).toBe("2024-06-07T09:12");
});

test.each([
  [["2024", "02", "31"], "day", "2024-02-29"], [["2024", "02", ""], "month", "2024-02-01"], [["2024", "", ""], "year", "2024-01-01"], [["24", "", ""], "year", ""], [["2024", "", "3"], "day", ""],
] as const)("the pieces %j of a %s are %j", (pieces, coarse, day) => { expect(dayOfPieces([...pieces], coarse)).toBe(day); });

const question = (type: Question["type"], appearance?: string): Question => ({ kind: "question", name: "q", path: "/f/q", type, ...(appearance ? { appearance } : {}) });

test.each([
  ["text", undefined, undefined], ["select_one", "picker", undefined], ["select_one", "chips", undefined], ["image", undefined, undefined], ["integer", "number-pad", undefined],
  ["select_one", "likert", "rare_select"], ["select_multiple", "columns-3", "rare_select"], ["select_one", "w1 label", "rare_select"], ["rank", undefined, "rare_select"],
  ["range", "rating", "rare_value"], ["date", "month-year", "rare_value"], ["time", undefined, "rare_value"], ["integer", "thousands-sep", "rare_value"],
  ["image", "signature", "rare_draw"], ["image", "annotate", "rare_draw"], ["audio", undefined, "rare_media"], ["geopoint", "placement-map", "rare_media"], ["barcode", undefined, "rare_media"],
] as const)("a %s with appearance %j is answered by %j", (type, appearance, part) => { expect(partOf(question(type, appearance))).toBe(part); });

test("a form names its rare parts wherever they stand, and pictures of labels and of choices", () => {
  const form = (children: FormModel["children"], choices: FormModel["choices"] = {}): FormModel =>
    ({ model_format: 2, form_id: "f", version: "1", title: {}, languages: ["vi"], registers: [], children, choices });
  expect(partsOf(form([question("text")]))).toEqual([]);
  expect(partsOf(form([{ kind: "repeat", name: "r", path: "/f/r", children: [question("audio"), { ...question("text"), media: { image: { vi: "a.png" } } }] }, question("range")])))
    .toEqual(["rare_media", "rare_value"]);
  expect(partsOf(form([{ ...question("select_one"), options: { choices: "l" } }], { l: [{ name: "a", label: {}, media: { image: { vi: "a.png" } } }] }))).toEqual(["rare_media", "rare_select"]);
});
