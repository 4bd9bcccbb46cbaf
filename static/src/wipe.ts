// The server's signed order to a revoked phone: forget everything that has a receipt (P-18). Never anything that was not sent.
import { needMeta, write, type Db, type Identity, type Meta, type RecordRow } from "./db.ts";
import { wholeOf } from "./drafts.ts";
import type { Round } from "./exchange.ts";
import { signedBy } from "./keys.ts";
import { pages } from "./paging.ts";
import { setKey } from "./set_keys.ts";
import type { SignedStatement } from "./api.ts";
import type { SetRef } from "./shapes.ts";

interface Order { order: string; server_id: string; device_id: string; at: string }

/** A revoked phone that has nothing to hand over hears the order too. */
export async function askForOrder(round: Round): Promise<void> {
  const reply = await round.api.records([]);
  if (reply.kind === "ok" && reply.value.wipe) round.order = reply.value.wipe;
}

export async function obeyOrder({ db, order }: Round): Promise<void> {
  const identity = await needMeta(db, "identity");
  const said = order && await believed(order, identity);
  if (!said) return;
  let forgotten = 0;
  for await (const rows of pages(db, "records")) forgotten += await forget(db, rows.filter((row) => row.receipt));
  await forgetCopies(db);
  await write(db, ["meta"], "strict", async (tx) => {
    const [now, sentinel, seq] = await Promise.all([tx.store.get("identity") as Promise<Identity>, tx.store.get("sentinel") as Promise<Meta["sentinel"]>, tx.store.get("device_seq") as Promise<number | undefined>]);
    if (now.device_id !== said.device_id) return; // enrolled anew meanwhile
    await tx.store.put({ ...now, state: "revoked", wiped: { at: said.at, records: forgotten + (now.wiped?.records ?? 0) } } satisfies Identity, "identity");
    await tx.store.put({ ...sentinel, seq: seq ?? 0 } satisfies Meta["sentinel"], "sentinel"); // emptied on order is not lost
  });
}

// P-18: obeyed only when it is signed by a pinned key, and meant for this phone.
async function believed({ statement, key_id, signature }: SignedStatement, { receipt_keys, server_id, device_id }: Identity): Promise<Order | null> {
  if (typeof statement !== "string" || !await signedBy(receipt_keys, key_id, signature, statement)) return null;
  const said = JSON.parse(statement) as Order;
  return said.order === "wipe" && said.server_id === server_id && said.device_id === device_id ? said : null;
}

/** How many were forgotten whole. A photo that is not proven to be there stays, and its record as a line without words. */
async function forget(db: Db, records: RecordRow[]): Promise<number> {
  return write(db, ["records", "outbox", "media", "chunks"], "strict", async (tx) => {
    let whole = 0;
    for (const record of records) {
      await tx.objectStore("outbox").delete(record.record_id);
      const photos = await Promise.all(record.media.map(({ id }) => tx.objectStore("media").get(id)));
      for (const photo of photos.filter((row) => row?.state === "there")) {
        await tx.objectStore("media").delete(photo!.id);
        await tx.objectStore("chunks").delete(wholeOf(photo!.id));
      }
      if (photos.every((row) => !row || row.state === "there")) {
        await tx.objectStore("records").delete(record.record_id);
        whole += 1;
      } else await tx.objectStore("records").put({ ...record, reason: null, review: null, outline: { held_on: record.outline.held_on, unit: "", place: "", method: "", heads: "" } });
    }
    return whole;
  });
}

/** What was copied out of sent records, and the registers of persons. */
async function forgetCopies(db: Db): Promise<void> {
  await write(db, ["meta", "last", "sets"], "strict", async (tx) => {
    const refs = await tx.objectStore("meta").get("set_refs") as SetRef[] | undefined ?? [];
    for (const ref of refs.filter((one) => one.sensitive)) await tx.objectStore("sets").delete(setKey(ref.register, ref.unit));
    await tx.objectStore("meta").put(refs.filter((one) => !one.sensitive), "set_refs");
    await tx.objectStore("last").clear();
  });
}
