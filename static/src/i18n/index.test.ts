import { afterEach, beforeAll, expect, test } from "vitest";
import { change } from "../settings.ts";
import { en } from "./en.ts";
import { t, words, type Key } from "./index.ts";
import { english, language, bringWords } from "./language.ts";
import { vi } from "./vi.ts";

beforeAll(() => bringWords("en"));
afterEach(() => change({ language: "vi" }));

const holes = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!))].sort();

test("every sentence has the same holes in both languages", () => {
  const different = (Object.keys(vi) as Key[]).filter((key) => en[key].split("|").some((text) => holes(text).join() !== holes(vi[key]).join()));
  expect(different).toEqual([]);
});

test("no Vietnamese sentence shouts or calls the officer by the wrong word", () => {
  const wrong = Object.entries(vi).filter(([, text]) => /!|(^|[\s,.])[Bb]ạn([\s,.]|$)/.test(text));
  expect(wrong).toEqual([]);
});

test.each([[1, "1 record waiting"], [2, "2 records waiting"], [1200, "1,200 records waiting"]])("English counts %d as %s", (n, text) => {
  change({ language: "en" });
  expect(t("phone.waiting", { n })).toBe(text);
});

test("Vietnamese has one form for every number", () => expect(t("phone.waiting", { n: 1200 })).toBe("Chờ gửi 1.200 bản ghi"));

test("words of the data fall back to Vietnamese", () => {
  change({ language: "en" });
  expect([words({ vi: "Ấp", en: "Hamlet" }), words({ vi: "Ấp" }), words(undefined)]).toEqual(["Hamlet", "Ấp", ""]);
});

test("a key without its English part is Vietnamese, not empty", () => {
  change({ language: "en" });
  expect(t("go.next")).toBe(en["go.next"]);
  english.value = null;
  expect([t("go.next"), language.value]).toEqual([vi["go.next"], "vi"]);
});
