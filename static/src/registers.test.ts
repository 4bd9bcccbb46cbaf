import { expect, it } from "vitest";
import { accountDb } from "./db.ts";
import { newId } from "./keys.ts";
import { addMemberCode, normalCode, openRegisters, search } from "./registers.ts";
import { attachedKey, setKey } from "./set_keys.ts";
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

// ── 45 days without the server (U29) ──

const DAY = 86_400_000;

it.each([[45, false], [45.1, true], [-3650, false]])("%f days after the last contact the lists are shut: %j", async (days, shut) => {
  const one = await withSets(PROVISIONS, MEMBERS);
  one.clock.pass(days * DAY);
  const registers = await openRegisters(one.uid, { registers: ["provisions", "members", "me"], now: one.clock.now() });
  expect([registers.shut("provisions"), registers.shut("members"), registers.shut("me"), registers.items("members").length]).toEqual([shut, shut, false, shut ? 0 : 1]);
});

it("shut lists still have the words of what the record names and of the officer's own, and nothing else", async () => {
  const units: RegisterSet = { register: "units", unit: null, columns: ["name", "label"], rows: [[UNIT, "Xã Đại Ân 2"], ["other", "Xã Liêu Tú"]] };
  const one = await withSets(PROVISIONS, units, { register: "file", unit: null, columns: ["name", "label"], rows: [["f1", "Của biểu mẫu"]] });
  const db = await accountDb(one.uid);
  await db.put("sets", { key: attachedKey("abc"), sha256: "abc", set: { register: "kinds", unit: null, columns: ["name", "label"], rows: [["k1", "Loại 1"]] } });
  one.clock.pass(50 * DAY);
  const files = [{ name: "kinds.csv", kind: "csv" as const, sha256: "abc", size: 1 }];
  const registers = await openRegisters(one.uid, { files, registers: ["provisions", "units", "kinds"], values: ["p2"], now: one.clock.now() });
  expect(["provisions", "units", "kinds"].map((register) => registers.items(register).map((item) => item.label))).toEqual([["Phòng cháy"], ["Xã Đại Ân 2"], ["Loại 1"]]);
  expect(registers.shut("kinds")).toBe(false);
});

it("a code that is typed while the lists are shut is the register's item all the same", async () => {
  const one = await withSets(MEMBERS);
  one.clock.pass(50 * DAY);
  expect(await addMemberCode(one.uid, "31522-0042", newId())).toMatchObject({ name: "m1" });
});

it("the next contact opens the lists again", async () => {
  const one = await withSets(PROVISIONS);
  one.clock.pass(50 * DAY);
  await one.syncer.nudge("button");
  expect((await openRegisters(one.uid, { registers: ["provisions"], now: one.clock.now() })).shut("provisions")).toBe(false);
});
