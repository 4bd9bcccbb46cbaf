import { expect, test } from "vitest";
import type { FigureNews } from "../shapes.ts";
import { missingTo, sentenceOf, shownOf } from "./figures.tsx";

const figure = (part: Partial<FigureNews>): FigureNews => ({
  indicator: "T1", label: { vi: "" }, short: { vi: "" }, counted_in: { vi: "quy định" }, period: { vi: "2024" },
  numerator: 41, denominator: 62, target: 80, measure: "percent", mode: null, ...part,
});

test("a share is written without a fraction", () => expect(shownOf(figure({})).text).toBe("66%"));

test.each([[null], [0]])("with the denominator %j there is no percentage", (denominator) => {
  const shown = shownOf(figure({ denominator }));
  expect([shown.share, shown.text]).toEqual([null, "–"]);
  expect(sentenceOf(figure({ denominator }))).toBe("Chưa có mẫu số");
});

test.each([[1, 24], [4, 24], [3, 4], [0, 4]])("%d of %d persons under management are not written out", (numerator, denominator) => {
  const shown = shownOf(figure({ numerator, denominator, mode: "register" }));
  expect([shown.share, shown.text, sentenceOf(figure({ numerator, denominator, mode: "register" }))]).toEqual([null, "<5", "dưới 5"]);
});

test.each([[0, 24, "0%"], [5, 24, "21%"]])("%d of %d persons under management are shown as %s", (numerator, denominator, text) => {
  expect(shownOf(figure({ numerator, denominator, mode: "declared" })).text).toBe(text);
});

test("more than the denominator is told as such, not as a percentage", () => {
  const shown = shownOf(figure({ numerator: 70 }));
  expect([shown.over, shown.text]).toEqual([true, "70"]);
});

test.each([[41, 62, 80, 9], [50, 62, 80, 0], [49, 62, 80, 1], [20, 25, 80, 0]])("with %d of %d and the mark %d, %d are missing", (numerator, denominator, target, missing) => {
  expect(missingTo(figure({ numerator, denominator, target }))).toBe(missing);
});
