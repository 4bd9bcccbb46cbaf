// Forms that the server names no more: what was begun on them can still be finished.
import { expect, it } from "vitest";
import { accountDb, meta, needMeta, type Db } from "./db.ts";
import { deleteDraft } from "./drafts.ts";
import { applyChanges, fetchFiles } from "./news.ts";
import { openRegisters } from "./registers.ts";
import { roundFor } from "./sync.ts";
import { draft, phone, type Phone } from "./testing/make.ts";
import { FORM } from "./testing/server.ts";
import { sha256, utf8 } from "./keys.ts";
import type { FileRef, FormRef, RegisterSet } from "./shapes.ts";

const STALLS: RegisterSet = { register: "stalls", unit: null, columns: ["name", "label"], rows: [["s1", "Quầy 1"]] };

async function offered({ server }: Phone, content: unknown): Promise<FileRef> {
  const text = JSON.stringify(content);
  const hash = await sha256(utf8(text));
  server.files.set(hash, text);
  return { sha256: hash, size: text.length };
}

async function trialOf(one: Phone): Promise<FormRef> {
  const stalls = await offered(one, STALLS);
  const model = await offered(one, { ...FORM, form_id: "market", registers: ["stalls"] });
  return { ...model, form_id: "market", version: "1", title: {}, current: false, trial: true, files: [{ ...stalls, name: "stalls.csv", kind: "csv" }] };
}

async function told(one: Phone, db: Db, forms: FormRef[]): Promise<void> {
  const changes = { server_id: "server", epoch: 1, cursor: 0, at: one.clock.now().toISOString(), demo: false, figures: [], reviews: [], device: { state: "active" as const }, sets: [] };
  await applyChanges(db, { ...changes, me: await needMeta(db, "me"), forms }, one.clock.now());
  expect(await fetchFiles(await roundFor(one.uid, one.tools))).toBeNull();
}

const labels = async (one: Phone, db: Db): Promise<string[]> => {
  const ref = (await meta(db, "form_refs"))?.find(({ form_id }) => form_id === "market");
  return (await openRegisters(one.uid, { files: ref?.files, registers: ["stalls"] })).items("stalls").map((item) => item.label);
};

it("a trial that was given up stays with its own choices until its draft is gone, and is offered no more", async () => {
  const one = await phone();
  const db = await accountDb(one.uid);
  const trial = await trialOf(one);
  await told(one, db, [trial]);
  expect(await labels(one, db)).toEqual(["Quầy 1"]);
  const begun = await draft(one);
  await db.put("drafts", { ...begun, form_id: "market" });

  one.server.files.delete(trial.sha256);
  one.server.files.delete(trial.files![0]!.sha256);
  for (let n = 0; n < 2; n++) {
    await told(one, db, []);
    expect(await db.getAllKeys("forms")).toEqual(["market@1"]);
    expect(await labels(one, db)).toEqual(["Quầy 1"]);
    expect((await meta(db, "form_refs"))?.map(({ current, trial, gone }) => [current, trial, gone])).toEqual([[false, undefined, true]]);
  }

  await deleteDraft(one.uid, begun.record_id);
  await told(one, db, []);
  expect([await db.getAllKeys("forms"), await labels(one, db), await meta(db, "form_refs")]).toEqual([[], [], []]);
});
