// U23, C18: one phone, several officers: everybody's records go, whoever is signed in, or nobody.
import { expect, it } from "vitest";
import { accountDb, chooseAccount, closeAll, giveUpAccount } from "./db.ts";
import { CODE, enrolOn, phone, photo, record } from "./testing/make.ts";
import { problem } from "./testing/server.ts";
import type { Envelope } from "./shapes.ts";

it("A records, B signs in, A never returns: B sees a number, and A's records go under A's own key", async () => {
  const one = await phone();
  const saved = [await record(one, { text: "a", photos: [await photo()] }), await record(one, { text: "b" })];
  const b = await enrolOn(one, CODE("2"));
  await chooseAccount(b);
  await one.syncer.refresh();
  expect(one.syncer.state.value).toMatchObject({ waiting: 0, waiting_photos: 0, others: 2 });
  await one.syncer.nudge("online");
  expect(one.syncer.state.value.others).toBe(0);
  for (const { record_id } of saved) {
    const stored = one.server.records.get(record_id)!;
    expect([stored.device_id, (JSON.parse(stored.sealed.envelope) as Envelope).device_id]).toEqual(["device-1", "device-1"]);
  }
  expect([...one.server.uploads.values()].map(({ state }) => state)).toEqual(["there"]);
  expect(await (await accountDb(b)).count("records")).toBe(0);
});

it("a record of which only the photo waits is one of those that wait", async () => {
  const one = await phone();
  await record(one, { photos: [await photo(), await photo(900, 5)] });
  one.server.weather = ({ path }) => (path.startsWith("/sync/media") ? problem("server-busy", 503) : null);
  await one.syncer.nudge("button");
  await chooseAccount(await enrolOn(one, CODE("2")));
  await one.syncer.refresh();
  expect(one.syncer.state.value.others).toBe(1);
});

it("with nobody signed in everybody's records still go", async () => {
  const one = await phone();
  await record(one);
  await giveUpAccount(one.uid); // no current account, no line in the directory
  await closeAll();
  await one.syncer.nudge("start");
  expect(one.server.records.size).toBe(1);
});
