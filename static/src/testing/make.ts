// Builders for tests: a phone with an account on a fake server, drafts, photos, records; keyword defaults.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach } from "vitest";
import { closeAll, type DraftRow, type Outline } from "../db.ts";
import * as drafts from "../drafts.ts";
import { enrol } from "../enrol.ts";
import { fetchFiles } from "../news.ts";
import * as outbox from "../outbox.ts";
import { newId, sha256 } from "../keys.ts";
import { roundFor, Syncer, type Tools } from "../sync.ts";
import { FORM, FakeServer } from "./server.ts";
import type { Answers } from "../shapes.ts";

afterEach(async () => {
  await closeAll();
  globalThis.indexedDB = new IDBFactory();
});

export const UNIT = "31522@2024-09-01";
export const OUTLINE: Outline = { held_on: "2026-11-22", unit: UNIT, place: "Lâm Dồ", method: "Họp ấp", heads: "46" };
export const CODE = (last = "1"): string => `0123456789ABCDEFGHJKMNPQR${last}`;

export class TestClock {
  constructor(public ms = Date.parse("2026-11-22T02:00:00.000Z")) {}
  now(): Date { return new Date(this.ms); }
  pass(ms: number): void { this.ms += ms; }
}

export interface Phone { server: FakeServer; clock: TestClock; tools: Tools; syncer: Syncer; uid: string; waits: number[] }

/** A phone whose first account is enrolled; timers are noted in `waits` and never run by themselves. */
export async function phone(server?: FakeServer): Promise<Phone> {
  const [there, clock, waits] = [server ?? await FakeServer.open(), new TestClock(), [] as number[]];
  there.now = () => clock.now();
  const tools: Tools = {
    fetch: there.fetch, clock, random: () => 1, appVersion: "0.1.0+test", storage: async () => ({ persisted: true, free: 1e9 }),
    alone: (work) => work().then(() => true), later: (_, ms) => { waits.push(ms); return () => undefined; }, changed: () => undefined,
  };
  const one: Phone = { server: there, clock, tools, syncer: new Syncer(tools), uid: "", waits };
  one.uid = await enrolOn(one);
  return one;
}

export async function enrolOn({ tools, clock }: Phone, code = CODE()): Promise<string> {
  const uid = await enrol(code, { fetch: tools.fetch, clock, appVersion: "0.1.0+test", deviceName: "test", persist: async () => true });
  await fetchFiles(await roundFor(uid, tools));
  return uid;
}

export async function photo(size = 1000, seed = 7): Promise<drafts.Media> {
  const bytes = Uint8Array.from({ length: size }, (_, n) => (n * seed) % 251);
  return { bytes: bytes.buffer, sha256: await sha256(bytes), size, kind: "image/jpeg", taken_at: "2026-11-22T01:00:00.000Z", source: "camera" };
}

export const sealing = (clock: TestClock): outbox.Sealing => ({ now: clock.now(), language: "vi", appVersion: "0.1.0+test" });

export async function draft(one: Phone, { answers = { place: { hamlet: "h1" } } as Answers, photos = [] as drafts.Media[], id = newId() } = {}): Promise<DraftRow> {
  const row: DraftRow = { ...drafts.newDraft(id, FORM, one.clock.now().toISOString()), answers, outline: OUTLINE };
  for (const [n, taken] of photos.entries()) {
    const kept = await drafts.addMedia(one.uid, row, `/outreach_session/photos/photo${n + 1}`, taken, newId());
    row.answers = { ...row.answers, photos: { ...row.answers["photos"] as Answers, [`photo${n + 1}`]: kept.id } };
  }
  await drafts.saveDraft(one.uid, row);
  return row;
}

/** A finished record; `text` makes its bytes its own. */
export async function record(one: Phone, { text = "", photos = [] as drafts.Media[] } = {}): Promise<outbox.RecordRow> {
  const row = await draft(one, { answers: { place: { hamlet: "h1" }, more: { note: text } }, photos });
  return outbox.finish(one.uid, row, { answers: row.answers, calculated: {} }, OUTLINE, null, sealing(one.clock));
}
