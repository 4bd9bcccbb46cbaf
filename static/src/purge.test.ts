import { describe, expect, it } from "vitest";
import { accountDb, write } from "./db.ts";
import { LOW_BYTES, purge } from "./purge.ts";
import { phone, photo, record, type Phone } from "./testing/make.ts";
import type { ReviewNews } from "./shapes.ts";

const DAY = 86_400_000;
const accepted = (record_id: string): ReviewNews => ({ seq: 1, record_id, root_id: record_id, outcome: "accepted", reason: null, fields: [], by: "", at: "" });

/** Three sent records with a photo each, the first accepted, the third not in the backup; and one that waits. */
async function filled(): Promise<{ one: Phone; left: () => Promise<string[]> }> {
  const one = await phone();
  const names = new Map<string, string>();
  for (const name of ["accepted", "sent", "unproven"]) {
    const saved = await record(one, { text: name, photos: [await photo(1000, names.size + 3)] });
    names.set(saved.media[0]!.id, name);
    await one.syncer.nudge("button");
  }
  one.server.backup_seq = 2;
  one.server.reviews = [accepted([...one.server.records.keys()][0]!)];
  await one.syncer.nudge("timer");
  const waiting = await record(one, { text: "waiting", photos: [await photo(1000, 9)] });
  names.set(waiting.media[0]!.id, "waiting");
  return { one, left: async () => (await (await accountDb(one.uid)).getAllKeys("media")).map((id) => names.get(id)!).sort() };
}

/** As if the photos were of this size. */
async function swell({ uid }: Phone, size: number): Promise<void> {
  await write(await accountDb(uid), ["media"], "strict", async (tx) => { for (const row of await tx.store.getAll()) await tx.store.put({ ...row, size }); });
}

describe("a phone without room", () => {
  it("lets go of photos of accepted records first, in their first week", async () => {
    const { one, left } = await filled();
    await swell(one, 2 * LOW_BYTES);
    await purge(await accountDb(one.uid), 1);
    expect(await left()).toEqual(["sent", "unproven", "waiting"]);
  });

  it("then of others that a backup holds; never of what is not proven or not sent", async () => {
    const { one, left } = await filled();
    await purge(await accountDb(one.uid), 1);
    expect(await left()).toEqual(["unproven", "waiting"]);
  });

  it("with room, or where the browser does not tell, keeps them their week", async () => {
    const { one, left } = await filled();
    for (const free of [LOW_BYTES, null]) await purge(await accountDb(one.uid), free);
    expect(await left()).toHaveLength(4);
  });

  it("counts its week by what the server said, not by a clock that jumps meanwhile", async () => {
    const { one, left } = await filled();
    const asked = one.tools.fetch;
    one.tools.fetch = (path, init) => { if (path.startsWith("/sync/changes")) one.clock.pass(3650 * DAY); return asked(path, init); };
    await one.syncer.nudge("button");
    expect(await left()).toHaveLength(4);
  });

  it("without a proven backup keeps all", async () => {
    const { one, left } = await filled();
    one.server.backup_seq = 0;
    await one.syncer.nudge("timer");
    one.clock.pass(400 * DAY);
    await purge(await accountDb(one.uid), 1);
    expect(await left()).toHaveLength(4);
  });
});
