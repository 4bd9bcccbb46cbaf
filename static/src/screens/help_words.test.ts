import { readFileSync } from "node:fs";
import { afterEach, beforeAll, expect, test } from "vitest";
import { bringWords } from "../i18n/language.ts";
import { change } from "../settings.ts";
import { WHY, whyOf } from "./help_words.ts";

beforeAll(() => bringWords("en"));
afterEach(() => change({ language: "vi" }));

/** What the server may answer while something is sent; enrolling and trying forms have screens of their own. */
const catalogue = [...readFileSync("sync/problems.py", "utf8").matchAll(/^ {4}"([\w-]+)": Entry\(/gm)].map(([, slug]) => slug!).filter((slug) => !/^(enrolment|trial)-/.test(slug));
/** What the phone says itself (send.ts, upload.ts, exchange.ts, views.ts). */
const own = ["send", "upload", "exchange", "views"].flatMap((file) => [...readFileSync(`static/src/${file}.ts`, "utf8").matchAll(/\{ type: "([\w-]+)", title/g)].map(([, slug]) => slug!));

test("there are reasons to be found", () => expect([catalogue.length > 25, own.length > 5]).toEqual([true, true]));

test.each([...new Set([...catalogue, ...own])])("%s is told in Vietnamese and in English", (slug) => {
  const [vi, en] = WHY[slug] ?? [];
  expect(vi).toMatch(/^[A-ZĐÂÀÁẢÃẠ].*\.$/);
  expect(en).toMatch(/^[A-Z].*\.$/);
  expect(vi).not.toBe(en);
});

test.each([["http-403", "Mạng này chặn bản này. Thử mạng khác."], ["http-413", "Bản này lớn quá mức mạng hoặc máy chủ cho qua."], ["http-500", "Máy chủ gặp lỗi khi nhận bản này."], [undefined, "Máy chủ gặp lỗi khi nhận bản này."]])(
  "%s, which nobody has words for, is told by its number", (slug, words) => expect(whyOf(slug)).toBe(words));

test("in the language of the person", () => {
  change({ language: "en" });
  expect(whyOf("storage-full")).toBe("The server has no room.");
});
