import { expect, it } from "vitest";
import { accountDb, meta, needMeta } from "./db.ts";
import * as drafts from "./drafts.ts";
import { fromBase64url, newId, sha256, utf8 } from "./keys.ts";
import * as outbox from "./outbox.ts";
import { draft, OUTLINE, phone, photo, record, sealing } from "./testing/make.ts";
import type { Envelope } from "./shapes.ts";

const envelopeOf = (row: outbox.OutboxRow | undefined): Envelope => JSON.parse(row?.sealed.envelope ?? "{}") as Envelope;

it("finishing keeps record, photo and queue in one step and ends the draft", async () => {
  const one = await phone();
  const db = await accountDb(one.uid);
  const saved = await record(one, { photos: [await photo()] });
  expect(await drafts.listDrafts(one.uid)).toEqual([]);
  expect((await db.get("media", saved.media[0]?.id ?? ""))?.state).toBe("waiting");
  expect(await db.countFromIndex("outbox", "due")).toBe(1);
});

it("the envelope names the payload's bytes, the photos, and no person", async () => {
  const one = await phone();
  const saved = await record(one, { photos: [await photo()] });
  const row = await (await accountDb(one.uid)).get("outbox", saved.record_id);
  const envelope = envelopeOf(row);
  expect(envelope.content_sha256).toBe(await sha256(utf8(row?.sealed.payload ?? "")));
  expect(envelope).toMatchObject({ v: 1, intent: "new", replaces: null, root_id: saved.record_id, device_id: "device-1", device_seq: 1, held_on: "2026-11-22", zone: "Asia/Ho_Chi_Minh" });
  expect(envelope.media).toEqual([{ id: saved.media[0]?.id, question: "/outreach_session/photos/photo1", sha256: (await photo()).sha256, size: 1000, kind: "image/jpeg", taken_at: "2026-11-22T01:00:00.000Z", source: "camera" }]);
  expect(row?.sealed.envelope).not.toMatch(/Thạch|account1/);
});

it("what was begun as a trial says so in its envelope, and nothing else does (P-49)", async () => {
  const one = await phone();
  const db = await accountDb(one.uid);
  const finish = async (outline: typeof OUTLINE) => {
    const row = await draft(one);
    await outbox.finish(one.uid, row, { answers: row.answers, calculated: {} }, outline, null, sealing(one.clock));
    return envelopeOf(await db.get("outbox", row.record_id));
  };
  const tried = await finish({ ...OUTLINE, trial: true });
  expect(tried.trial).toBe(true);
  expect(await finish(OUTLINE)).not.toHaveProperty("trial");
  await outbox.withdraw(one.uid, tried.record_id, "thử xong", newId(), sealing(one.clock));
  const withdrawal = (await db.getAll("outbox")).map(envelopeOf).find((each) => each.intent === "withdraw");
  expect(withdrawal?.trial).toBe(true);
});

it("the device key signs the envelope and can't be taken out", async () => {
  const one = await phone();
  const saved = await record(one);
  const db = await accountDb(one.uid);
  const [row, keys] = [await db.get("outbox", saved.record_id), await needMeta(db, "keys")];
  const scheme = { name: "ECDSA", hash: "SHA-256" };
  expect(await crypto.subtle.verify(scheme, keys.publicKey, fromBase64url(row?.sealed.signature ?? ""), utf8(row?.sealed.envelope ?? ""))).toBe(true);
  expect(fromBase64url(row?.sealed.signature ?? "")).toHaveLength(64);
  await expect(crypto.subtle.exportKey("pkcs8", keys.privateKey)).rejects.toThrow();
});

it("three taps on finish make one record", async () => {
  const one = await phone();
  const row = await draft(one);
  const finish = () => outbox.finish(one.uid, row, { answers: row.answers, calculated: {} }, OUTLINE, null, sealing(one.clock));
  const ends = await Promise.all([finish(), finish(), finish()]);
  expect(ends.map((end) => end.device_seq)).toEqual([1, 1, 1]);
  expect(await (await accountDb(one.uid)).count("outbox")).toBe(1);
});

it("records finished at the same moment get numbers of their own", async () => {
  const one = await phone();
  const saved = await Promise.all([record(one, { text: "a" }), record(one, { text: "b" }), record(one, { text: "c" })]);
  expect(saved.map((row) => row.device_seq).sort()).toEqual([1, 2, 3]);
  expect(await meta(await accountDb(one.uid), "device_seq")).toBe(3);
});

it("a photo that the answers no longer name leaves with the draft", async () => {
  const one = await phone();
  const row = await draft(one, { photos: [await photo()] });
  const saved = await outbox.finish(one.uid, row, { answers: {}, calculated: {} }, OUTLINE, null, sealing(one.clock));
  const db = await accountDb(one.uid);
  expect([saved.media.length, await db.count("media"), await db.count("chunks")]).toEqual([0, 0, 0]);
});

it("a correction is a new record that names the old one and its photo again", async () => {
  const one = await phone();
  const old = await record(one, { photos: [await photo()] });
  const again = drafts.correctionOf(old, await outbox.answersOf(one.uid, old.record_id), newId(), "2026-11-22T03:00:00.000Z", "sai số người");
  await drafts.saveDraft(one.uid, again);
  const saved = await outbox.finish(one.uid, again, { answers: again.answers, calculated: {} }, OUTLINE, null, sealing(one.clock));
  expect(saved).toMatchObject({ intent: "correct", replaces: old.record_id, root_id: old.record_id, reason: "sai số người", media: old.media });
  expect(await (await accountDb(one.uid)).count("media")).toBe(1);
});

it("the old record's bytes stay as they are when it is corrected or withdrawn", async () => {
  const one = await phone();
  const old = await record(one);
  const before = await (await accountDb(one.uid)).get("outbox", old.record_id);
  await outbox.withdraw(one.uid, old.record_id, "ghi nhầm", newId(), sealing(one.clock));
  expect(await (await accountDb(one.uid)).get("outbox", old.record_id)).toEqual(before);
});

it("a withdrawal carries the reason and no answers", async () => {
  const one = await phone();
  const old = await record(one);
  const taken = await outbox.withdraw(one.uid, old.record_id, "ghi nhầm", newId(), sealing(one.clock));
  const row = await (await accountDb(one.uid)).get("outbox", taken.record_id);
  expect(envelopeOf(row)).toMatchObject({ intent: "withdraw", replaces: old.record_id, root_id: old.record_id, reason: "ghi nhầm", media: [] });
  expect(JSON.parse(row?.sealed.payload ?? "")).toEqual({ form: "outreach_session", version: "1", answers: {} });
});

it("the answers of a purged record can't be opened", async () => {
  const one = await phone();
  await expect(outbox.answersOf(one.uid, newId())).rejects.toBeInstanceOf(outbox.NoLongerHere);
});

it("a record taken back twice is taken back once", async () => {
  const one = await phone();
  const saved = await record(one);
  const twice = await Promise.all([1, 2].map(() => outbox.withdraw(one.uid, saved.record_id, "ghi nhầm", newId(), sealing(one.clock))));
  expect(twice[0]).toEqual(twice[1]);
  expect(await (await accountDb(one.uid)).count("records")).toBe(2);
});

it("no draft comes to stand beside the record that it became", async () => {
  const one = await phone();
  const row = await draft(one);
  await outbox.finish(one.uid, row, { answers: row.answers, calculated: {} }, OUTLINE, null, sealing(one.clock));
  await expect(drafts.saveDraft(one.uid, { ...row, answers: { place: { hamlet: "h2" } } })).rejects.toThrow(drafts.AlreadyFinished);
  expect(await drafts.listDrafts(one.uid)).toEqual([]);
});
