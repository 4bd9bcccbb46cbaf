// U27: an officer's second phone shows, corrects and takes back what the first one made.
import { expect, it } from "vitest";
import { Api } from "./api.ts";
import { accountDb, closeAll, meta, needMeta } from "./db.ts";
import * as drafts from "./drafts.ts";
import { newId } from "./keys.ts";
import * as outbox from "./outbox.ts";
import { answersHereOrThere, sayMethods } from "./own.ts";
import { OUTLINE, phone, photo, record, sealing, type Phone } from "./testing/make.ts";
import { portal } from "./testing/server.ts";
import { listsOf } from "./views.ts";
import type { Question, ReviewNews } from "./shapes.ts";
import { IDBFactory } from "fake-indexeddb";

const returned = (record_id: string, seq = 50): ReviewNews =>
  ({ seq, record_id, root_id: record_id, outcome: "returned", reason: "thiếu mã", fields: ["/x/members"], by: "Trần Minh Khánh", at: "2026-11-22T05:00:00.000Z" });

/** What `made` recorded and sent on one phone, seen from another that enrols now. */
async function second(made: (one: Phone) => Promise<unknown>): Promise<Phone> {
  const first = await phone();
  await made(first);
  await first.syncer.nudge("button");
  await closeAll();
  globalThis.indexedDB = new IDBFactory(); // another phone
  const next = await phone(first.server);
  await next.syncer.nudge("button");
  return next;
}

const apiOf = async (one: Phone): Promise<Api> => new Api(one.server.fetch, (await needMeta(await accountDb(one.uid), "identity")).token);
const viewsOf = async (one: Phone) => (await listsOf(one.uid)).records;

it("what the first phone sent is in the second one's list, with its receipt and its status", async () => {
  const next = await second(async (one) => { await record(one, { text: "a" }); await record(one, { text: "b" }); });
  const views = await viewsOf(next);
  expect(views.map((view) => [view.status, view.outline.place, view.can_correct, view.can_withdraw])).toEqual([["sent", "Lâm Dồ", true, true], ["sent", "Lâm Dồ", true, true]]);
  expect(views.every((view) => view.receipt !== null)).toBe(true);
  expect((await listsOf(next.uid)).counts).toMatchObject({ waiting: 0, needs_help: 0 });
});

it("a returned one opens as a draft without a network, names its old photo, and the correction counts as one chain", async () => {
  let id = "";
  const next = await second(async (one) => {
    const saved = await record(one, { text: "a", photos: [await photo()] });
    id = saved.record_id;
    one.server.reviews = [returned(id)];
  });
  next.server.weather = () => { throw new TypeError("no network"); };
  const [view] = await viewsOf(next);
  expect(view).toMatchObject({ status: "returned", review: { reason: "thiếu mã" } });
  const answers = await answersHereOrThere(next.uid, id, await apiOf(next));
  const old = await outbox.needRecord(await accountDb(next.uid), id);
  const again = drafts.correctionOf(old, answers, newId(), "2026-11-22T06:00:00.000Z", null);
  await drafts.saveDraft(next.uid, again);
  const saved = await outbox.finish(next.uid, again, { answers: again.answers, calculated: {} }, OUTLINE, null, sealing(next.clock));
  expect(saved.media).toEqual(old.media);
  expect((await viewsOf(next)).map((one) => [one.record_id, one.links, one.status])).toEqual([[saved.record_id, 2, "waiting"]]);
  next.server.weather = () => null;
  await next.syncer.nudge("button");
  expect(next.server.records.get(saved.record_id)?.device_id).toBe("device-2");
});

it("another one's answers are fetched when somebody opens it, and stay; without a network it says so", async () => {
  let id = "";
  const next = await second(async (one) => { id = (await record(one, { text: "a" })).record_id; });
  const [api, db] = [await apiOf(next), await accountDb(next.uid)];
  next.server.weather = () => { throw new TypeError("no network"); };
  await expect(answersHereOrThere(next.uid, id, api)).rejects.toBeInstanceOf(outbox.NoLongerHere);
  next.server.weather = () => portal();
  await expect(answersHereOrThere(next.uid, id, api)).rejects.toBeInstanceOf(outbox.NoLongerHere);
  next.server.weather = () => null;
  expect(await answersHereOrThere(next.uid, id, api)).toMatchObject({ more: { note: "a" } });
  expect((await db.get("outbox", id))?.due_at).toBeUndefined();
});

it("other bytes than the receipt names are not believed", async () => {
  let id = "";
  const next = await second(async (one) => { id = (await record(one, { text: "a" })).record_id; });
  const stored = next.server.records.get(id)!;
  const payload = stored.sealed.payload.replace('"a"', '"b"');
  const { sha256, utf8 } = await import("./keys.ts");
  const envelope = JSON.stringify({ ...JSON.parse(stored.sealed.envelope) as object, content_sha256: await sha256(utf8(payload)) });
  next.server.records.set(id, { ...stored, sealed: { ...stored.sealed, envelope, payload } });
  await expect(answersHereOrThere(next.uid, id, await apiOf(next))).rejects.toBeInstanceOf(outbox.NoLongerHere);
});

it("it is taken back from the second phone", async () => {
  let id = "";
  const next = await second(async (one) => { id = (await record(one, { text: "a" })).record_id; });
  await outbox.withdraw(next.uid, id, "ghi nhầm", newId(), sealing(next.clock));
  await next.syncer.nudge("button");
  expect((await viewsOf(next)).map((view) => [view.root_id, view.status])).toEqual([[id, "withdrawn"]]);
});

it("the list is asked for again only when there are more, or a decision names a record that is not here", async () => {
  const next = await second(async (one) => { await record(one, { text: "a" }); });
  const asked = (): number => next.server.paths().filter((path) => path === "GET /sync/own").length;
  expect(asked()).toBe(1);
  await next.syncer.nudge("button");
  expect(asked()).toBe(1);
  next.server.reviews = [returned(newId())];
  await next.syncer.nudge("button");
  expect([asked(), await meta(await accountDb(next.uid), "own")]).toEqual([2, 1]);
});

it("an own record of this phone stays this phone's", async () => {
  const one = await phone();
  const saved = await record(one);
  await one.syncer.nudge("button");
  one.server.records.get(saved.record_id)!.device_id = "device-of-before"; // as after enrolling anew
  await one.syncer.nudge("button");
  const row = await (await accountDb(one.uid)).get("records", saved.record_id);
  expect([row?.elsewhere, row?.outline.heads]).toEqual([undefined, "46"]);
});

it("a method that the server tells by its name is shown in the form's words", async () => {
  const next = await second(async (one) => { await record(one, { text: "a" }); });
  const db = await accountDb(next.uid);
  const form = (await db.get("forms", "outreach_session@1"))!;
  const method: Question = { kind: "question", name: "method", path: "/x/content/method", type: "select_one", options: { choices: "ways" } };
  await db.put("forms", { ...form, model: { ...form.model, children: [{ kind: "group", name: "content", path: "/x/content", children: [method] }], choices: { ways: [{ name: "F03", label: { vi: "Họp tổ dân phố" } }] } } });
  const [row] = await db.getAll("records");
  await db.put("records", { ...row!, outline: { ...row!.outline, method: "F03" } });
  await sayMethods(db);
  await sayMethods(db);
  expect((await viewsOf(next)).map((view) => view.outline.method)).toEqual(["Họp tổ dân phố"]);
});
