// What the build does to make the program shorter on the line, beyond the bundler's own work (build.mjs calls it).
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname } from "node:path";
import { minify } from "terser";

/** Goes into the bundler's hashes: other bytes of the same source must have another name. */
export const SHORTENED_BY = `terser ${createRequire(import.meta.url)("terser/package.json").version}, as of 1`;

/** A module, shorter: calls written into their callers, parts of expressions put together. */
export async function shortened(code) {
  const { code: shorter } = await minify(code, { module: true, ecma: 2020, compress: { passes: 2 }, mangle: true, format: { comments: false } });
  return shorter;
}

const KEY = /^\s+"(\w+\.[\w.-]+)":/gm;
/** Keys that are put together while the program runs keep their names. */
const MADE_UP = /\bt\(`([^`$]+)\$\{/g;
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Key of a sentence (i18n/vi.ts) → two letters, in the program's own sources; `texts` are all of them. */
export function shortKeys(words, texts) {
  const madeUp = texts.flatMap((text) => [...text.matchAll(MADE_UP)].map(([, start]) => start));
  const keys = [...words.matchAll(KEY)].map(([, key]) => key).filter((key) => !madeUp.some((start) => key.startsWith(start)));
  if (keys.length > LETTERS.length ** 2) throw new Error("more sentences than two letters can name");
  return new Map(keys.map((key, n) => [key, LETTERS[Math.floor(n / LETTERS.length)] + LETTERS[n % LETTERS.length]]));
}

/** Sentences are named by their short keys. Before bundling, so that the names of the files tell of it. */
export const sayShort = (keys) => ({
  name: "say-short",
  setup: ({ onLoad }) => onLoad({ filter: /static\/src\/.*\.tsx?$/ }, ({ path }) => ({
    contents: readFileSync(path, "utf8").replace(/"(\w+\.[\w.-]+)"/g, (all, key) => (keys.has(key) ? `"${keys.get(key)}"` : all)), loader: extname(path).slice(1),
  })),
});
