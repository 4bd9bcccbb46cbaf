// The first words of every exchange: what we have, and what the server lacks, signed over our nonce (D7).
// A signed statement is the only thing that proves the server is there. A new epoch makes us offer everything again.
import { stop, stopFor, type Round, type Stop } from "./exchange.ts";
import { stamp } from "./clock.ts";
import { needMeta, meta, serverTime, write, type Identity, type MediaRow } from "./db.ts";
import { signedBy } from "./keys.ts";
import type { HaveRequest, SignedStatement } from "./api.ts";
import type { HaveStatement, MediaState } from "./shapes.ts";

const PAGE = 500;
const RECENT_MS = 7 * 86_400_000;
const ARRIVED: MediaState[] = ["there", "unreadable", "erased"];

type Offer = Pick<HaveRequest, "records" | "media">;

/** Ask, believe only what is signed, and put what the server lacks back into the queue. Null: all is well. */
export async function reconcile(round: Round): Promise<Stop | null> {
  const { epoch } = await needMeta(round.db, "identity");
  const recent = serverTime(await meta(round.db, "contact"), round.clock.now()) - RECENT_MS;
  const first = await askAndApply(round, await offerOf(round, (row) => row.receipt === null || Date.parse(row.receipt.received_at) >= recent));
  if ("problem" in first || first.epoch === epoch) return "problem" in first ? first : null;
  return offerEverything(round, first.epoch);
}

/** Tell the state of these photos only: after an upload, the signed word that they are there. */
export async function confirmMedia(round: Round, media: string[]): Promise<Stop | null> {
  const answer = await askAndApply(round, { records: [], media });
  return "problem" in answer ? answer : null;
}

async function offerEverything(round: Round, epoch: number): Promise<Stop | null> {
  const all = await offerOf(round, () => true);
  for (let at = 0; at < Math.max(all.records.length, all.media.length); at += PAGE) {
    const answer = await askAndApply(round, { records: all.records.slice(at, at + PAGE), media: all.media.slice(at, at + PAGE) });
    if ("problem" in answer) return answer;
  }
  // Only now: cut in between, the next exchange offers everything once more.
  await write(round.db, ["meta"], "strict", async (tx) => {
    const [identity, contact] = [await tx.store.get("identity") as Identity, await tx.store.get("contact") as object | undefined];
    await tx.store.put({ ...identity, epoch }, "identity");
    if (contact) await tx.store.put({ ...contact, cursor: 0, backup_seq: 0 }, "contact");
  });
  return null;
}

/** Ids and hashes of those records whose bytes we still have, and of the photos that belong to them. */
async function offerOf({ db }: Round, wanted: (row: { receipt: { received_at: string } | null }) => boolean): Promise<Offer> {
  const chosen = (await db.getAll("records")).filter(wanted);
  const records: [string, string][] = [];
  const media = new Set<string>();
  for (const record of chosen) {
    const bytes = await db.get("outbox", record.record_id);
    if (bytes) records.push([record.record_id, bytes.content_sha256]);
    for (const promise of record.media) media.add(promise.id);
  }
  // A photo that went up in pieces over many days still waits for the word that it is there.
  const here = (await db.getAll("media")).filter((row) => media.has(row.id) || row.state === "uploaded");
  return { records: records.slice(-20 * PAGE), media: here.map((row) => row.id) };
}

async function askAndApply(round: Round, offer: Offer): Promise<HaveStatement | Stop> {
  const nonce = round.nonce();
  const reply = await round.api.have({ nonce, ...offer, report: await reportOf(round) });
  if (reply.kind !== "ok") {
    const why = stopFor(reply);
    return why ?? stop("busy", null, reply.kind === "problem" ? reply.problem : undefined);
  }
  const statement = await believed(reply.value, await needMeta(round.db, "identity"), nonce);
  if (!statement) return stop("unsigned");
  await apply(round, statement);
  return statement;
}

async function believed({ statement, key_id, signature }: SignedStatement, identity: Identity, nonce: string): Promise<HaveStatement | null> {
  if (typeof statement !== "string" || !await signedBy(identity.receipt_keys, key_id, signature, statement)) return null;
  const said = JSON.parse(statement) as HaveStatement;
  return said.nonce === nonce && said.server_id === identity.server_id ? said : null;
}

async function reportOf({ db, storage, appVersion }: Round): Promise<HaveRequest["report"]> {
  const { persisted, free } = await storage();
  return { app_version: appVersion, waiting: await db.countFromIndex("outbox", "due"), storage_persisted: persisted, storage_free: free };
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
    const contact = await tx.objectStore("meta").get("contact") as object | undefined;
    const offset_ms = Date.parse(said.at) - now.getTime();
    await tx.objectStore("meta").put({ cursor: 0, demo: false, ...contact, at: stamp(now), clock_offset_ms: offset_ms, backup_seq: said.backup_seq }, "contact");
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

