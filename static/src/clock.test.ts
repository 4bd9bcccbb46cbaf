import { expect, it } from "vitest";
import { aheadOf, dayIn, learnZone, wallIn } from "./clock.ts";
import { fitInto } from "./camera.ts";

it.each([["2026-12-31T18:00:00Z", "2027-01-01"], ["2026-12-31T16:59:59Z", "2026-12-31"]])("%s is %s in Vietnam", (moment, day) => {
  expect(dayIn("Asia/Ho_Chi_Minh", new Date(moment))).toBe(day);
});

it.each([[4000, 3000, 1600, 1200], [3000, 4000, 1200, 1600], [800, 600, 800, 600], [10_000, 1, 1600, 1]])("a picture of %i × %i becomes %i × %i", (width, height, w, h) => {
  expect(fitInto(width, height, 1600)).toEqual({ width: w, height: h });
});

it.each([["Asia/Ho_Chi_Minh", 420], ["UTC", 0], ["Asia/Kathmandu", 345], ["Europe/Paris", null]])("%s is %s minutes ahead all year", (zone, ahead) => {
  expect(aheadOf(zone, new Date("2026-11-22T02:00:00Z"))).toBe(ahead);
});

it.each(["2026-11-21T16:59:59Z", "2026-11-21T17:00:00Z", "2026-12-31T23:30:00Z", "1999-01-01T00:00:00Z"])("a zone that was learnt says of %s what the browser says", (at) => {
  const before = wallIn("Asia/Ho_Chi_Minh", new Date(at));
  learnZone("Asia/Ho_Chi_Minh", new Date("2026-11-22T02:00:00Z"));
  expect(wallIn("Asia/Ho_Chi_Minh", new Date(at))).toBe(before);
});
