// Registers too long for memory: a search finds what one in memory finds, best hits first; a new set takes the old one's place whole.
import { expect, it } from "vitest";
import { BigRegister, type Found, type Wanted } from "./rare_registers.ts";
import { BLOCK, dropBig, keepBig } from "./big_sets.ts";
import { accountDb, type Db } from "./db.ts";
import { fetchFiles } from "./news.ts";
import { openRegisters, rowsOf, search } from "./registers.ts";
import { setKey } from "./set_keys.ts";
import { roundFor } from "./sync.ts";
import { phone } from "./testing/make.ts";
import type { Item, RegisterSet } from "./shapes.ts";

const WORDS = ["An", "Bình", "Đông", "Hòa", "Khánh", "Mỹ", "Phú", "Tân", "Thạnh", "Vĩnh"];
const KEY = setKey("places", null);

function places(count: number, last = ""): RegisterSet {
  const rows = Array.from({ length: count }, (_, n) => [`p${n}`, `${WORDS[n % 10]} ${WORDS[Math.floor(n / 10) % 10]} ${n}${last}`, `u${n % 70}`, `x${n}`]);
  return { register: "places", unit: null, columns: ["name", "label", "unit", "own"], rows };
}

async function kept(set = places(2 * BLOCK + 500)): Promise<{ db: Db; uid: string; items: Item[]; big: BigRegister }> {
  const { uid } = await phone();
  const db = await accountDb(uid);
  await keepBig(db, KEY, "sha-1", set);
  return { db, uid, items: rowsOf(set), big: new BigRegister(db, "places", await db.getAll("big")) };
}

async function found(big: BigRegister, part: Partial<Wanted>): Promise<Found> {
  let last: Found = { items: [], count: 0 };
  for await (const told of big.find({ query: "", equal: [], most: 50, ...part }, () => false)) last = told;
  return last;
}

const names = (items: Item[]): string[] => items.map((item) => item.name);

it.each(["dong", "ĐÔNG  hoa", "12", "an 4011", "binh vinh 1", "nothing", "", "0"])("%j finds in blocks what it finds in memory", async (query) => {
  const { items, big } = await kept();
  const [wanted, got] = [search(items, query), await found(big, { query, most: 10_000 })];
  expect(got.count).toBe(wanted.length);
  expect(names(got.items).sort()).toEqual(names(wanted).sort());
});

it("a label that begins so comes before a word that begins so, and that before the inside of a word", async () => {
  const set = { ...places(BLOCK + 1), rows: [["inside", "Phandong 1", "", ""], ["word", "Phú Đông", "", ""], ["label", "Đông Phú", "", ""], ...places(BLOCK).rows.filter((row) => !row[1]!.includes("Đông"))] };
  const { big } = await kept(set);
  expect(names((await found(big, { query: "dong" })).items)).toEqual(["label", "word", "inside"]);
});

it("fifty are told as soon as they are sure, the count of all afterwards", async () => {
  const { big } = await kept();
  const told: Found[] = [];
  for await (const one of big.find({ query: "an", equal: [], most: 5 }, () => false)) told.push(one);
  expect(told.map((one) => [one.items.length, one.count === null])).toEqual([[5, true], [5, false]]);
  expect(names(told[0]!.items)).toEqual(names(told[1]!.items));
});

it("what a screen shows is told before the rest, and is the same", async () => {
  const { big } = await kept();
  const told: Found[] = [];
  for await (const one of big.find({ query: "40", equal: [], most: 50 }, () => false)) told.push(one);
  expect(told.map((one) => one.items.length)).toEqual([12, 50]);
  expect(names(told[1]!.items).slice(0, 12)).toEqual(names(told[0]!.items));
});

it("a longer query goes on where the shorter one found something, and finds the same", async () => {
  const { items, big } = await kept();
  for (const query of ["4", "41", "419", "4199", "419"]) expect((await found(big, { query })).count).toBe(search(items, query).length);
});

it("a search that nobody waits for any more ends", async () => {
  const { big } = await kept();
  const told: Found[] = [];
  for await (const one of big.find({ query: "an", equal: [], most: 50 }, () => true)) told.push(one);
  expect(told).toEqual([]);
});

it.each([[[["unit", "u7"]]], [[["own", "x4011"]]], [[["unit", "u21"], ["own", "x4011"]]], [[["unit", "nowhere"]]]] as [[string, string][]][])("only items with %j are left, indexed or not", async (equal) => {
  const { items, big, db } = await kept();
  expect((await db.get("big", KEY))?.indexed).toEqual(["unit", "own"]);
  const wanted = items.filter((item) => equal.every(([column, value]) => item[column] === value));
  const got = await found(big, { equal, most: 10_000 });
  expect([names(got.items), got.count]).toEqual([names(wanted), wanted.length]);
});

it("what else a filter says is asked of the hits", async () => {
  const { items, big } = await kept();
  const passes = (some: Item[]): Item[] => some.filter((item) => item["own"]!.endsWith("7"));
  const got = await found(big, { query: "tan", equal: [["unit", "u7"]], passes, most: 10_000 });
  expect(names(got.items).sort()).toEqual(names(passes(search(items, "tan").filter((item) => item["unit"] === "u7"))).sort());
});

it("a record that is opened has the items that it names, and no others", async () => {
  const { uid } = await kept();
  const registers = await openRegisters(uid, { registers: ["places"], values: ["p4 p4011", "elsewhere"] });
  expect(names(registers.items("places"))).toEqual(["p4", "p4011"]);
  expect([registers.label("places", "p4011"), registers.label("places", "p5"), registers.big("places")?.size]).toEqual([rowsOf(places(4100))[4011]!.label, "p5", 2 * BLOCK + 500]);
  const before = registers.items("places");
  registers.add("places", (await registers.big("places")!.named(new Set(["p5"]))));
  expect(names(registers.items("places"))).toEqual(["p4", "p4011", "p5"]);
  expect(registers.items("places")).not.toBe(before); // who kept an index by the list makes a new one
});

it("a new set takes the place of the old one, and nothing of that stays", async () => {
  const { db, big } = await kept();
  await keepBig(db, KEY, "sha-2", places(BLOCK + 10, " mới"));
  expect((await found(big, { query: "mới" })).count).toBe(BLOCK + 10);
  expect((await db.getAllKeys("blocks")).filter(([, sha]) => sha === "sha-1")).toEqual([]);
});

it("a new set that is cut off leaves the old one in use", async () => {
  const { db, big } = await kept();
  const broken = places(2 * BLOCK);
  Object.defineProperty(broken.rows, 2 * BLOCK - 1, { get: () => { throw new Error("no room"); } });
  await expect(keepBig(db, KEY, "sha-2", broken)).rejects.toThrow("no room");
  expect((await found(big, { query: "4011" })).count).toBe(1);
  expect((await db.getAllKeys("blocks")).filter(([, sha]) => sha === "sha-2")).toEqual([]);
});

it("a set that is no longer the officer's goes with all its blocks", async () => {
  const { db } = await kept();
  await dropBig(db, KEY);
  expect([await db.count("big"), await db.count("blocks")]).toEqual([0, 0]);
});

it("a long set that came whole, before long ones lay in blocks, moves over with the next news without being fetched", async () => {
  const one = await phone();
  const db = await accountDb(one.uid);
  const set = places(BLOCK + 1);
  await db.put("sets", { key: KEY, sha256: "old", set });
  await db.put("meta", [{ register: "places", unit: null, sensitive: false, rows: set.rows.length, sha256: "old", size: 1 }], "set_refs");
  await fetchFiles(await roundFor(one.uid, one.tools));
  expect([(await db.get("big", KEY))?.count, await db.get("sets", KEY)]).toEqual([BLOCK + 1, undefined]);
});
