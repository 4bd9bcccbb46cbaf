import { expect, it } from "vitest";
import { dayIn } from "./clock.ts";
import { fitInto } from "./camera.ts";

it.each([["2026-12-31T18:00:00Z", "2027-01-01"], ["2026-12-31T16:59:59Z", "2026-12-31"]])("%s is %s in Vietnam", (moment, day) => {
  expect(dayIn("Asia/Ho_Chi_Minh", new Date(moment))).toBe(day);
});

it.each([[4000, 3000, 1600, 1200], [3000, 4000, 1200, 1600], [800, 600, 800, 600], [10_000, 1, 1600, 1]])("a picture of %i × %i becomes %i × %i", (width, height, w, h) => {
  expect(fitInto(width, height, 1600)).toEqual({ width: w, height: h });
});
