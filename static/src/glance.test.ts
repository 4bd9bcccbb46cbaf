// What may stand outside the store, and when nothing may.
import { expect, test } from "vitest";
import { glanceOf, keptGlance } from "./glance.ts";
import type { Desk } from "./session.ts";

const words = { vi: "Buổi", en: "Session", km: "" } as never;
const desk = (changed: Partial<Desk> = {}): Desk => ({
  account: "a1", demo: false, figures: [{ indicator: "T1" } as never], people: ["a1", "b2"], tooOld: false, revoked: false, clock_offset_ms: 7,
  me: { account: "a1", name: "Lan", unit: "31672", unit_label: "Xã X", unit_kind: "xã", parent_label: "Huyện Y", organisation: "o", rapporteur: "r", t2_mode: "register", zone: "Asia/Ho_Chi_Minh" },
  forms: [{ form_id: "session", version: "1", title: words, current: true, sha256: "00", size: 1 }, { form_id: "session", version: "0", title: words, current: false, sha256: "01", size: 1 }],
  ...changed,
});

test("no figure, no name and no other person is in it", () => {
  const glance = glanceOf(desk())!;
  expect(JSON.stringify(glance)).not.toMatch(/Lan|T1|b2|31672/);
  expect(glance.forms.map(({ version }) => version)).toEqual(["1"]);
  expect(glance.me.unit_label).toBe("Xã X");
});

test.each([["a phone that was taken out", { revoked: true }], ["a program that is too old", { tooOld: true }], ["a form that is tried", { forms: [{ ...desk().forms[0]!, trial: true }] }]])("of %s nothing is kept", (_, changed) => {
  expect(glanceOf(desk(changed))).toBeNull();
});

test("without a storage there is none", () => {
  expect(keptGlance("1")).toBeNull();
});
