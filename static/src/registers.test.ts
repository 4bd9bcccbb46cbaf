import { expect, it } from "vitest";
import { accountDb } from "./db.ts";
import { newId } from "./keys.ts";
import { addMemberCode, normalCode, openRegisters, search } from "./registers.ts";
import { setKey } from "./set_keys.ts";
import { phone, UNIT } from "./testing/make.ts";
import type { RegisterSet } from "./shapes.ts";

const MEMBERS: RegisterSet = { register: "members", unit: UNIT, columns: ["name", "label", "unit", "from", "to"], rows: [["m1", "31522-0042", UNIT, "", ""]] };
const PROVISIONS: RegisterSet = { register: "provisions", unit: null, columns: ["name", "label", "field"], rows: [["p1", "Giao thông đường bộ", "L08"], ["p2", "Phòng cháy", "L07"]] };
async function withSets(...sets: RegisterSet[]) {
  const one = await phone();
  const db = await accountDb(one.uid);
  for (const set of sets) await db.put("sets", { key: setKey(set.register, set.unit), sha256: "x", set });
  return one;
}

it("several sets of one register are one list, an item in two of them stands once", async () => {
  const one = await withSets(PROVISIONS, { ...PROVISIONS, unit: "other", rows: [["p2", "Phòng cháy", "L07"], ["p3", "Cư trú", "L05"]] });
  expect((await openRegisters(one.uid)).items("provisions").map((item) => item.name)).toEqual(["p1", "p2", "p3"]);
});

it("`me` is one row with what the forms ask for", async () => {
  const one = await phone();
  expect((await openRegisters(one.uid)).items("me")).toEqual([{ name: "me", label: "Thạch Sô Phia", unit: UNIT, organisation: "o1", rapporteur: "r1", t2_mode: "register" }]);
});

it.each([["duong", ["p1"]], ["PHONG", ["p2"]], ["l07", ["p2"]], ["", ["p1", "p2"]], ["duong phong", []]])("%j finds %j", async (query, names) => {
  const one = await withSets(PROVISIONS);
  expect(search((await openRegisters(one.uid)).items("provisions"), query).map((item) => item.name)).toEqual(names);
});

it("a new code is one token without spaces, pending, and chosen again as the same item", async () => {
  const one = await withSets(MEMBERS);
  const id = newId();
  const first = await addMemberCode(one.uid, " 31522 – 0113 ", id);
  expect(first).toMatchObject({ name: `new:${id}:31522-0113`, label: "31522-0113", unit: UNIT, pending: "yes" });
  expect(await addMemberCode(one.uid, "31522-0113", newId())).toMatchObject({ name: first.name });
  expect((await openRegisters(one.uid)).items("members")).toHaveLength(2);
});

it("a new code of a trial is in no register afterwards, and still has its label", async () => {
  const one = await withSets(MEMBERS);
  const tried = await addMemberCode(one.uid, "31522-0113", newId(), true);
  const registers = await openRegisters(one.uid);
  expect(registers.items("members")).toHaveLength(1);
  expect(registers.label("members", tried.name)).toBe("31522-0113");
});

it("a code that the register has gives the register's item", async () => {
  const one = await withSets(MEMBERS);
  expect((await addMemberCode(one.uid, "31522-0042", newId())).name).toBe("m1");
});

it("a new code that the desk has confirmed stands once, as the register's item", async () => {
  const one = await withSets();
  const pending = await addMemberCode(one.uid, "31522-0042", newId());
  await (await accountDb(one.uid)).put("sets", { key: setKey("members", UNIT), sha256: "x", set: MEMBERS });
  const registers = await openRegisters(one.uid);
  expect(registers.items("members").map((item) => item.name)).toEqual(["m1"]);
  expect(registers.label("members", pending.name)).toBe("31522-0042");
});

it("a value that this phone doesn't know is its own label", async () => {
  const one = await phone();
  expect((await openRegisters(one.uid)).label("hamlets", "gone")).toBe("gone");
  expect(normalCode("a b‑1")).toBe("AB-1");
});
