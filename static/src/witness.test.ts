import { beforeEach, expect, it, vi } from "vitest";
import { forget, lackOf, witnessed } from "./witness.ts";

const shelf = new Map<string, string>();
beforeEach(() => {
  shelf.clear();
  vi.stubGlobal("localStorage", { getItem: (key: string) => shelf.get(key) ?? null, setItem: (key: string, value: string) => { shelf.set(key, value); } });
});

it("a store that counts on lacks nothing; one that went back lacks the difference, until it was read", () => {
  expect([lackOf("a", 0), lackOf("a", 3), lackOf("b", 1)]).toEqual([0, 0, 0]);
  expect([lackOf("a", 1), lackOf("a", 1)]).toEqual([2, 2]);
  expect(lackOf("a", 9)).toBe(2); // the server's count was taken over meanwhile: still unread
  forget("a");
  expect([lackOf("a", 9), witnessed()]).toEqual([0, ["b", "a"]]);
});

it.each(["", "[]", "null", "{", "7"])("a note of %j is none", (text) => {
  shelf.set("lantoa-known", text);
  expect([witnessed(), lackOf("a", 2)]).toEqual([[], 0]);
});

it("a browser without such a place is no fault", () => {
  vi.stubGlobal("localStorage", { getItem: () => { throw new Error("denied"); }, setItem: () => { throw new Error("denied"); } });
  expect([lackOf("a", 2), witnessed()]).toEqual([0, []]);
});
