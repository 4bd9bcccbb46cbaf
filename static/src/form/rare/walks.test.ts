// Walked patterns: what the browser's own matcher says of short texts, and never more work than letters of both for long ones.
import { expect, test } from "vitest";
import model from "../../../../tests/vectors/models/expressions.json";
import { walked } from "./walks.ts";

const DRAWN = Object.entries((model as unknown as { patterns: Record<string, string> }).patterns);
const stands = (letter: string, letters: string): boolean => new RegExp(`^${letters}$`, "u").test(letter);

/** The same texts in every run. */
function* texts(of: string[]): Generator<string> {
  let seed = 2024;
  const next = (below: number): number => (seed = (seed * 16807) % 2147483647) % below;
  for (let n = 0; n < 400; n += 1) yield Array.from({ length: next(9) }, () => of[next(of.length)]!).join("");
}

test("the form carries what its phones walk", () => {
  expect(DRAWN.map(([pattern]) => pattern)).toContain("\\s*(.*?)\\s*x");
  expect(DRAWN.length).toBeGreaterThan(5);
});

test.each(DRAWN)("%s means what the browser's matcher says", (pattern, drawing) => {
  const own = new RegExp(`^(?:${pattern})$`, "us");
  const said = new Set<boolean>();
  for (const text of texts(["a", "b", "x", " ", "1", "23", "ế", "Sóc", "Tr", "😀", "aa"])) {
    const is = walked(text, drawing, stands);
    expect([text, is]).toEqual([text, own.test(text)]);
    said.add(is);
  }
  if (!pattern.includes("{30}")) expect(said.size).toBe(2); // thirty letters are too long for the browser's own
});

test.each(DRAWN)("%s looks at a long text once", (_, drawing) => {
  for (const text of [" ".repeat(50_000), "a".repeat(50_000), "ab1 ".repeat(10_000)]) {
    let looks = 0;
    walked(text, drawing, (letter, letters) => { looks += 1; return stands(letter, letters); });
    expect(looks).toBeLessThan(20_000); // what comes again and again is known
  }
});
