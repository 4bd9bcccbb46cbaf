import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { change } from "../settings.ts";
import { bringWords } from "./language.ts";
import { addDays, bytes, clock, day, dayOf, moment, nearDay, number, weekday } from "./format.ts";

beforeAll(() => bringWords("en"));
afterEach(() => change({ language: "vi" }));

test.each([[1234.5, "1.234,5"], [1234567, "1.234.567"], [0.25, "0,3"], [12, "12"], [-1500, "−1.500"]])("a number %d is written %s in Vietnamese", (value, text) => {
  expect(number(value)).toBe(text);
});

test.each([[1234.5, "1,234.5"], [1234567, "1,234,567"]])("a number %d is written %s in English", (value, text) => {
  change({ language: "en" });
  expect(number(value)).toBe(text);
});

test.each([["2024-06-07", "7/6/2024"], ["2024-12-31", "31/12/2024"], ["", ""], ["no day", "no day"]])("the day %j is written %j", (iso, text) => {
  expect(day(iso)).toBe(text);
});

test("7 June 2024 was a Friday", () => expect(weekday("2024-06-07")).toBe("Thứ Sáu"));

describe("an instant in the plan's zone", () => {
  const early = new Date("2023-12-31T23:05:00Z"); // 06:05 on 1 January in Việt Nam

  test("has the zone's hour", () => expect(clock(early)).toBe("06:05"));
  test("has the zone's day", () => expect(dayOf(early)).toBe("2024-01-01"));
  test("of today is told by its hour", () => expect(moment(early, new Date("2024-01-01T05:00:00Z"))).toBe("06:05"));
  test("of another day is told with it", () => expect(moment(early, new Date("2024-01-09T05:00:00Z"))).toBe("1/1 06:05"));
  test("of another year is told with the year", () => expect(moment(early, new Date("2025-01-09T05:00:00Z"))).toBe("1/1/2024 06:05"));
});

test.each([["2024-06-07", "Hôm nay"], ["2024-06-06", "Hôm qua"], ["2024-05-31", "31/5"], ["2023-05-31", "31/5/2023"]])("%s seen on 7/6/2024 is %s", (iso, text) => {
  expect(nearDay(iso, new Date("2024-06-07T03:00:00Z"))).toBe(text);
});

test.each([["2024-03-01", -1, "2024-02-29"], ["2024-12-31", 1, "2025-01-01"]])("%s and %d days is %s", (iso, days, other) => {
  expect(addDays(iso, days)).toBe(other);
});

test.each([[300, "1 kB"], [214_300, "214 kB"], [940_000, "940 kB"], [1_340_000_000, "1,3 GB"], [18_200_000, "18,2 MB"]])("%d bytes are written %s", (size, text) => {
  expect(bytes(size)).toBe(text);
});
