// Records that wait, in batches, until each has a receipt that verifies. One bad record never holds up another.
import { dueKeys, postponed, stop, stopFor, type Round, type Stop } from "./exchange.ts";
import { needMeta, write, type Identity, type OutboxRow } from "./db.ts";
import { signedBy } from "./keys.ts";
import { ownSealed } from "./outbox.ts";
import type { RecordResult } from "./api.ts";
import type { Problem, Receipt } from "./shapes.ts";

export const BATCH_RECORDS = 50;
export const BATCH_BYTES = 240 * 1024; // the server takes 256 kB; the rest is brackets
const UNSIGNED: Problem = { type: "receipt-unverified", title: "The receipt does not verify", status: 0 };
const BLANK: Problem = { type: "no-result", title: "The answer says nothing about this record", status: 0 };

/** Null: nothing is due any more (what failed by itself is postponed). */
export async function sendRecords(round: Round): Promise<Stop | null> {
  let limit = BATCH_RECORDS;
  for (;;) {
    const batch = await nextBatch(round, limit);
    if (batch.length === 0) return null;
    round.progress.sending(batch.map((row) => row.record_id));
    const outcome = await sendBatch(round, batch);
    round.progress.sending([]);
    if (outcome === "split") limit = Math.max(1, batch.length >> 1);
    else if (outcome === "through") limit = Math.min(BATCH_RECORDS, limit * 2);
    else return outcome;
  }
}

/** Oldest first, so that a record mostly comes before what replaces it. */
async function nextBatch({ db, clock }: Round, limit: number): Promise<OutboxRow[]> {
  const batch: OutboxRow[] = [];
  let bytes = 0;
  for (const id of await dueKeys(db, "outbox", clock.now().getTime(), limit)) {
    const row = await ownSealed(db, id);
    if (!row) continue;
    bytes += wireBytes(row);
    if (batch.length > 0 && bytes > BATCH_BYTES) break;
    batch.push(row);
  }
  return batch.sort((a, b) => a.device_seq - b.device_seq);
}

export const wireBytes = (row: OutboxRow): number => new TextEncoder().encode(JSON.stringify(row.sealed)).length;

async function sendBatch(round: Round, batch: OutboxRow[]): Promise<Stop | "split" | "through"> {
  const reply = await round.api.records(batch.map((row) => row.sealed));
  if (reply.kind === "ok") return settle(round, batch, reply.value.results);
  const why = stopFor(reply);
  if (why) return why;
  if (reply.kind !== "problem") return stop("offline");
  // The batch was refused as a whole: too big, or one in it is poison. Halve it until that one stands alone.
  if (batch.length > 1) return "split";
  await settleAll(round, batch.map((row) => postponed(row, reply.problem, round)), []);
  return "through";
}

async function settle(round: Round, batch: OutboxRow[], results: RecordResult[]): Promise<Stop | "through"> {
  const identity = await needMeta(round.db, "identity");
  const good: Receipt[] = [];
  const failed: OutboxRow[] = [];
  for (const [n, row] of batch.entries()) {
    const result = results?.[n];
    if (result?.receipt && await binds(result.receipt, row, identity)) good.push(result.receipt);
    else failed.push(postponed(row, result?.problem ?? (result?.receipt ? UNSIGNED : BLANK), round));
  }
  await settleAll(round, failed, good);
  const nothingSigned = good.length === 0 && failed.every((row) => row.problem === UNSIGNED || row.problem === BLANK);
  return nothingSigned ? stop("unsigned") : "through";
}

/** A receipt counts for exactly our record, our bytes, our server, under a pinned key. */
export async function binds(receipt: Receipt, row: Pick<OutboxRow, "record_id" | "content_sha256">, identity: Identity): Promise<boolean> {
  if (receipt.record_id !== row.record_id || receipt.content_sha256 !== row.content_sha256) return false;
  if (receipt.server_id !== identity.server_id) return false;
  return signedBy(identity.receipt_keys, receipt.key_id, receipt.signature, receiptText(receipt));
}

export function receiptText({ server_id, epoch, seq, record_id, content_sha256, status, received_at, key_id }: Omit<Receipt, "signature">): string {
  return [server_id, epoch, seq, record_id, content_sha256, status, received_at, key_id].join("\n");
}

/** Strict: what the screen will call "sent" is on the phone together with its receipt. */
async function settleAll({ db, progress }: Round, failed: OutboxRow[], receipts: Receipt[]): Promise<void> {
  const arrived = await write(db, ["outbox", "records"], "strict", async (tx) => {
    let bytesThere = 0;
    for (const row of failed) await tx.objectStore("outbox").put(row);
    for (const receipt of receipts) {
      const [bytes, record] = [await tx.objectStore("outbox").get(receipt.record_id), await tx.objectStore("records").get(receipt.record_id)];
      if (bytes) {
        const { due_at: _, ...rest } = bytes;
        bytesThere += wireBytes(bytes);
        await tx.objectStore("outbox").put({ ...rest, failures: 0, problem: null });
      }
      if (record) await tx.objectStore("records").put({ ...record, receipt });
    }
    return bytesThere;
  });
  progress.receipts(receipts.length, arrived);
}
