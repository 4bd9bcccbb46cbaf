// Who may write a draft: the tab that has it, and nobody who lost it, not even what was typed a moment before.
import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { newDraft } from "../../drafts.ts";
import type { Opened } from "../../opening.ts";
import type { FormModel } from "../../shapes.ts";
import { Engine } from "../engine.ts";
import { Filling, type Doors } from "./filling.ts";

const MODEL: FormModel = {
  model_format: 2, form_id: "f", version: "1", title: {}, languages: ["vi"], registers: [], choices: {},
  children: [{ kind: "question", name: "place", path: "/f/place", type: "text" }],
};

function filling(save: Doors["save"]): Filling {
  const engine = new Engine(MODEL, { now: () => new Date(0), zone: "Asia/Ho_Chi_Minh", language: "vi", register: () => [] });
  const opened = { draft: newDraft("d1", MODEL, ""), model: MODEL, engine, stored: true, trial: false, language: signal("vi") };
  return new Filling(opened as unknown as Opened, { save, mark: async () => undefined } as unknown as Doors);
}

const settled = (): Promise<void> => new Promise((done) => { setTimeout(done, 5); });

test("an answer is written once the work of this moment is done", async () => {
  const written: string[] = [];
  const one = filling(async ({ engine }) => { written.push(engine.get("/f/place")); });
  one.set("/f/place", "Chợ");
  await settled();
  expect(written).toEqual(["Chợ"]);
});

test("what was typed just before the draft was another's is not written over it", async () => {
  const written: string[] = [];
  const one = filling(async ({ engine }) => { written.push(engine.get("/f/place")); });
  one.set("/f/place", "Chợ");
  one.release();
  await settled();
  one.flush();
  await one.settled();
  expect(written).toEqual([]);
});

test("an answer given while one is being written is not written after the draft was lost", async () => {
  const written: string[] = [];
  let finish = (): void => undefined;
  const one = filling(({ engine }) => { written.push(engine.get("/f/place")); return new Promise((done) => { finish = done; }); });
  one.set("/f/place", "Chợ");
  await settled();
  one.set("/f/place", "Chợ mới");
  one.release();
  finish();
  await settled();
  expect(written).toEqual(["Chợ"]);
});
