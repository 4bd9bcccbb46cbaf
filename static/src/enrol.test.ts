import { expect, it } from "vitest";
import { accountDb, currentAccount, needMeta } from "./db.ts";
import { codeInHash, doorOf, EnrolFault, looksLikeCode, normalEnrolCode } from "./enrol.ts";
import { CODE, enrolOn, phone, record } from "./testing/make.ts";
import { FakeServer, portal, problem } from "./testing/server.ts";

it.each([
  ["0123 4567 89ab cdef ghjk mnpq r1", CODE()],
  ["0123-4567-89AB-CDEF-GHJK-MNPQ-R1", CODE()],
  ["o1il-OIL", "0111011"],
  ["  ", ""],
])("the typed code %j is read as %j", (typed, code) => { expect(normalEnrolCode(typed)).toBe(code); });

it.each([[CODE(), true], [CODE().slice(1), false], [CODE("U"), false], [`${CODE()}0`, false]])("%j could be a code: %j", (code, could) => {
  expect(looksLikeCode(code)).toBe(could);
});

it.each([
  ["#enrol=0123-4567-89AB-CDEF-GHJK-MNPQ-R1", CODE()], ["#enrol=", null], ["#home", null], ["", null],
])("the address %j brings %j", (hash, code) => { expect(codeInHash(hash)).toBe(code); });

it("a mangled address is no reason to fail", () => { expect(looksLikeCode(codeInHash("#enrol=%E0%A4") ?? "")).toBe(false); });

const ANDROID = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15";
it.each([
  ["Chrome on Android", ANDROID, false, 5, "tab"],
  ["the installed app", ANDROID, true, 5, "app"],
  ["Zalo on Android", `${ANDROID} Zalo android/12`, false, 5, "in-app-browser"],
  ["Zalo on an iPhone", `${IPHONE} Zalo iOS/485`, false, 5, "in-app-browser"],
  ["an Android WebView", ANDROID.replace("; K)", "; K; wv)"), false, 5, "in-app-browser"],
  ["Facebook", `${IPHONE} [FBAN/FBIOS;FBAV/400]`, false, 5, "in-app-browser"],
  ["an iPhone's tab", IPHONE, false, 5, "ios-tab"],
  ["an iPhone's Home-Screen app", IPHONE, true, 5, "app"],
  ["an iPad that says it is a Mac", MAC, false, 5, "ios-tab"],
  ["Safari on a Mac", MAC, false, 0, "tab"],
])("%s is the door we think it is", (_, agent, standalone, touch, door) => { expect(doorOf(agent, standalone, touch)).toBe(door); });

it("enrolling keeps who I am, the key, the first news and the files", async () => {
  const one = await phone();
  const db = await accountDb(one.uid);
  expect(await currentAccount()).toBe("account1");
  expect(await needMeta(db, "identity")).toMatchObject({ device_id: "device-1", token: "token-1", server_id: "server", epoch: 1 });
  expect((await needMeta(db, "me")).unit_label).toBe("Xã Đại Ân 2");
  expect([await db.getAllKeys("forms"), await db.getAllKeys("sets")]).toEqual([["outreach_session@1"], ["hamlets|31522@2024-09-01"]]);
});

it("files that come with the answer are believed by their hash, and not asked for again", async () => {
  const server = await FakeServer.open();
  server.brings = () => Object.fromEntries([...server.files].map(([hash, text], n) => [hash, n === 0 ? text : `${text} `]));
  const one = await phone(server);
  const asked = (): number => one.server.asked.filter(({ path }) => path.startsWith("/sync/files/")).length;
  const db = await accountDb(one.uid);
  expect([await db.getAllKeys("forms"), await db.getAllKeys("sets")]).toEqual([["outreach_session@1"], ["hamlets|31522@2024-09-01"]]);
  expect(asked()).toBe(1);
});

it.each([
  ["enrolment-code-unknown", 404, "code-unknown"], ["enrolment-code-expired", 410, "code-expired"], ["enrolment-code-used", 409, "code-used"], ["too-many-attempts", 429, "too-many"], ["server-busy", 503, "refused"],
])("%s is told as %s", async (type, status, why) => {
  const one = await phone();
  one.server.weather = () => problem(type, status);
  await expect(enrolOn(one)).rejects.toMatchObject({ name: "EnrolFault", why });
});

it("a portal is no server, and a malformed code is never sent", async () => {
  const one = await phone();
  one.server.weather = () => portal();
  await expect(enrolOn(one)).rejects.toEqual(new EnrolFault("portal"));
  const before = one.server.asked.length;
  await expect(enrolOn(one, "1234")).rejects.toEqual(new EnrolFault("code-malformed"));
  expect(one.server.asked.length).toBe(before);
});

it("enrolling again keeps the waiting records, and they go out under the new key", async () => {
  const one = await phone();
  const saved = await record(one);
  await enrolOn(one);
  await one.syncer.nudge("start");
  expect(one.server.records.get(saved.record_id)?.device_id).toBe("device-2");
});
