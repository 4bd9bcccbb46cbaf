// The first words of every exchange: what we have, and what the server lacks, signed over our nonce (D7).
// A signed statement is the only thing that proves the server is there. A new epoch makes us offer everything again.
import { stop, stopFor, stopForQuestion, type Round, type Stop } from "./exchange.ts";
import { stamp } from "./clock.ts";
import { needMeta, meta, serverTime, write, type Contact, type Db, type Identity, type MediaRow, type RecordRow } from "./db.ts";
import { signedBy } from "./keys.ts";
import { pages } from "./paging.ts";
import { pinAnnounced } from "./pins.ts";
import { standing } from "./queue.ts";
import { newTokenWorked } from "./renewal.ts";
import type { HaveRequest, Report, SignedStatement } from "./api.ts";
import type { HaveStatement, MediaState, ReviewNews } from "./shapes.ts";

const AT_ONCE = 1000; // ids of a kind in one question; the server takes 5,000
const OUTCOMES_AT_ONCE = 200;
const DAY_MS = 86_400_000, RECENT_MS = 7 * DAY_MS;
const ARRIVED: MediaState[] = ["there", "unreadable", "erased"];

type Offer = Pick<HaveRequest, "records" | "media">;
/** Whether the phone has to tell of this record, which has its receipt. */
type Wanted = (receipt: NonNullable<RecordRow["receipt"]>) => boolean;

/** Ask, believe only what is signed, and put what the server lacks back into the queue. Null: all is well. */
export async function reconcile(round: Round): Promise<Stop | null> {
  const [{ epoch }, contact] = [await needMeta(round.db, "identity"), await meta(round.db, "contact")];
  const now = serverTime(contact, round.clock.now());
  // P-58: what is young in every exchange, all that is here once a day.
  const all = !(Math.abs(now - Date.parse(contact?.all_told_at ?? "")) < DAY_MS);
  const first = await tell(round, ({ received_at }) => all || Date.parse(received_at) >= now - RECENT_MS, epoch);
  if ("problem" in first) return first;
  if (first.epoch !== epoch) return offerEverything(round, first.epoch);
  if (all) await noteAllTold(round.db, first.at);
  return null;
}

/** Tell the state of these photos only: after an upload, the signed word that they are there. */
export async function confirmMedia(round: Round, media: string[]): Promise<Stop | null> {
  const answer = await askAndApply(round, { records: [], media });
  return "problem" in answer ? answer : null;
}

async function offerEverything(round: Round, epoch: number): Promise<Stop | null> {
  const answer = await tell(round, () => true, epoch);
  if ("problem" in answer) return answer;
  if (answer.epoch !== epoch) return stop("busy"); // restored once more while we spoke: from the beginning
  const unheard = await giveOutcomesBack(round);
  if (unheard) return unheard;
  // Only now, and at once: cut in between, the next exchange offers everything once more.
  await write(round.db, ["meta"], "strict", async (tx) => {
    const [identity, contact] = [await tx.store.get("identity") as Identity, await tx.store.get("contact") as Contact];
    await tx.store.put({ ...identity, epoch }, "identity");
    await tx.store.put({ ...contact, cursor: 0, backup_seq: 0, all_told_at: answer.at } satisfies Contact, "contact");
  });
  return null;
}

async function noteAllTold(db: Db, all_told_at: string): Promise<void> {
  await write(db, ["meta"], "strict", async (tx) => { await tx.store.put({ ...await tx.store.get("contact") as Contact, all_told_at }, "contact"); });
}

/** The last answer; the first one in which the server is in another life than `epoch`, or none. */
async function tell(round: Round, wanted: Wanted, epoch: number): Promise<HaveStatement | Stop> {
  for (const walk = offers(round.db, wanted); ;) {
    const { value, done } = await walk.next();
    const answer = await askAndApply(round, value as Offer);
    if (done || "problem" in answer || answer.epoch !== epoch) return answer;
  }
}

/**
 * Ids and hashes of those records whose bytes we still have, and of photos; the last part is returned, so that there is always one.
 * What has no receipt waits in the queue anyway; of photos the state is asked that are not just waiting for their first piece.
 */
async function* offers(db: Db, wanted: Wanted): AsyncGenerator<Offer, Offer> {
  let offer: Offer = { records: [], media: [] };
  const told = new Set<string>();
  for await (const rows of pages(db, "records")) {
    for (const { record_id, receipt } of rows) {
      if (!receipt || !wanted(receipt) || await db.getKey("outbox", record_id) === undefined) continue;
      told.add(record_id);
      if (offer.records.push([record_id, receipt.content_sha256]) < AT_ONCE) continue;
      yield offer;
      offer = { records: [], media: [] };
    }
  }
  for await (const rows of pages(db, "media")) {
    for (const row of rows) {
      if (row.state === "draft" || !(row.state === "uploaded" || (told.has(row.record_id) && (row.created || row.state === "there")))) continue;
      if (offer.media.push(row.id) < AT_ONCE) continue;
      yield offer;
      offer = { records: [], media: [] };
    }
  }
  return offer;
}

/** P-53: the server's own signed words on our records, which a restored one may have lost. */
async function giveOutcomesBack(round: Round): Promise<Stop | null> {
  for await (const rows of pages(round.db, "records")) {
    const outcomes = rows.flatMap(({ review }) => (isSigned(review) ? [{ statement: review.statement, key_id: review.key_id, signature: review.signature }] : []));
    for (let at = 0; at < outcomes.length; at += OUTCOMES_AT_ONCE) {
      const reply = await round.api.outcomes(outcomes.slice(at, at + OUTCOMES_AT_ONCE));
      const why = reply.kind === "ok" ? null : stopFor(reply); // a server that does not know this question has lost nothing by it
      if (why) return why;
    }
  }
  return null;
}

const isSigned = (review: ReviewNews | null): review is ReviewNews & SignedStatement =>
  typeof review?.statement === "string" && typeof review.key_id === "string" && typeof review.signature === "string";

async function askAndApply(round: Round, offer: Offer): Promise<HaveStatement | Stop> {
  const nonce = round.nonce();
  const reply = await round.api.have({ nonce, ...offer, report: await reportOf(round) });
  if (reply.kind !== "ok") return stopForQuestion(reply);
  await pinAnnounced(round.db, reply.value.receipt_keys);
  const statement = await believed(reply.value, await needMeta(round.db, "identity"), nonce);
  if (!statement) return stop("unsigned");
  await newTokenWorked(round);
  await apply(round, statement);
  return statement;
}

async function believed({ statement, key_id, signature }: SignedStatement, identity: Identity, nonce: string): Promise<HaveStatement | null> {
  if (typeof statement !== "string" || !await signedBy(identity.receipt_keys, key_id, signature, statement)) return null;
  const said = JSON.parse(statement) as HaveStatement;
  return said.nonce === nonce && said.server_id === identity.server_id ? said : null;
}

async function reportOf({ db, storage, appVersion }: Round): Promise<Report> {
  const [{ persisted, free, used }, { records, photos, since, needs_help }, drafts, device_seq, contact] = await Promise.all([
    storage(), standing(db), db.count("drafts"), meta(db, "device_seq"), meta(db, "contact"),
  ]);
  return {
    app_version: appVersion, waiting: records, photos_waiting: photos, oldest_waiting_at: since, needs_help, drafts, device_seq: device_seq ?? 0,
    storage_persisted: persisted, storage_free: free, storage_used: used ?? null, clock_offset_ms: contact?.clock_offset_ms ?? null,
  };
}

async function apply({ db, clock, progress }: Round, said: HaveStatement): Promise<void> {
  const now = clock.now();
  await write(db, ["meta", "records", "outbox", "media"], "strict", async (tx) => {
    for (const id of said.missing) {
      const [bytes, record] = [await tx.objectStore("outbox").get(id), await tx.objectStore("records").get(id)];
      if (!bytes || !record || bytes.due_at !== undefined) continue;
      await tx.objectStore("outbox").put({ ...bytes, due_at: bytes.device_seq });
      await tx.objectStore("records").put({ ...record, receipt: null });
    }
    for (const { id, state, offset } of said.media) {
      const row = await tx.objectStore("media").get(id);
      if (row && row.state !== "draft") await tx.objectStore("media").put(told(row, state, offset, now.getTime()));
    }
    const store = tx.objectStore("meta");
    const [contact, numbered] = [await store.get("contact") as Contact | undefined, await store.get("device_seq") as number | undefined];
    const offset_ms = Date.parse(said.at) - now.getTime();
    await store.put({ cursor: 0, demo: false, ...contact, at: stamp(now), told_at: said.at, clock_offset_ms: offset_ms, backup_seq: said.backup_seq, restored_at: said.restored_at ?? null }, "contact");
    // An old copy of this store has come back: its next number must be one that was never used (the report told the old one).
    if ((said.device_seq ?? 0) > (numbered ?? 0)) await store.put(said.device_seq, "device_seq");
  });
  progress.contact(stamp(now));
}

/** A photo is "there" by the server's signed word alone; what it lacks is due again. */
function told(row: MediaRow, state: MediaState, offset: number, now: number): MediaRow {
  if (ARRIVED.includes(state)) {
    const { due_at: _, ...rest } = row;
    return { ...rest, state: "there", offset: row.size, failures: 0, problem: null };
  }
  return { ...row, state: "waiting", created: state !== "unknown" && row.created, offset, due_at: row.due_at ?? now };
}
