import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { finds, hits, searchKey, sortKey } from "./text.ts";

interface Vectors { search_key: [string, string][]; sort_key: [string, string][]; order: string[][]; finds: [string, string, boolean][] }
const vectors = JSON.parse(readFileSync("tests/vectors/text.json", "utf8")) as Vectors;

describe("the shared vectors", () => {
  it.each(vectors.search_key)("search key of %j is %j", (text, key) => { expect(searchKey(text)).toBe(key); });
  it.each(vectors.sort_key)("sort key of %j is %j", (text, key) => { expect(sortKey(text)).toBe(key); });
  it.each(vectors.order.map((list) => [list]))("%j is in order", (list) => {
    expect([...list].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))).toEqual(list);
  });
  it.each(vectors.finds)("%j finds %j: %j", (query, text, found) => { expect(finds(query, text)).toBe(found); });
});

it.each([
  ["duong", "Giao thông đường bộ", [[11, 16]]],
  ["bo duong", "Giao thông đường bộ", [[11, 16], [17, 19]]],
  ["", "Giao thông", []],
  ["xyz", "Giao thông", []],
  ["ma tuy", "Phòng, chống ma tu\u0301y", [[13, 15], [16, 20]]],
])("%j is underlined in %j at %j", (query, text, places) => { expect(hits(query, text)).toEqual(places); });
