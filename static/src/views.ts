// What lists and counters show of the rows on this phone: one line per chain, one status word per line.
// Records are read page by page: of a hundred thousand chains only those that are shown are in memory with all that is said of them.
import { NEEDS_HELP_AFTER } from "./backoff.ts";
import { accountDb, type Db, type DraftRow, type MediaRow, type Outline, type RecordRow } from "./db.ts";
import { listDrafts } from "./drafts.ts";
import { pages } from "./paging.ts";
import { failedRows, type Failed } from "./queue.ts";
import type { Problem, Receipt, ReviewNews } from "./shapes.ts";

/** "sending" is not among them: that is of the moment (sync.ts), and said where a record that waits is shown. */
export type RecordStatus = "draft" | "waiting" | "sent" | "accepted" | "returned" | "rejected" | "needs_help" | "withdrawn" | "trial";

/** The newest link of a chain. `review.outcome` says more where the status is accepted (same_as) or rejected (reversed). */
export interface RecordView {
  record_id: string; root_id: string; intent: RecordRow["intent"]; form_id: string; form_version: string; outline: Outline; finished_at: string;
  status: RecordStatus; photos: { sent: number; total: number; bytes: number }; receipt: Receipt | null; review: ReviewNews | null;
  failures: number; problem: Problem | null; links: number;
  /** Its answers are still on this phone, and nobody took it back. */
  can_correct: boolean; can_withdraw: boolean;
  /** The draft that will replace it, if one is begun. */
  replaced_by: string | null;
}
/** Of all chains, also of those that no list shows. `receipts`: whose newest link has one. */
export interface Counts { waiting: number; returned: number; sent: number; drafts: number; needs_help: number; unreviewed: number; receipts: number }
/** `records`: the newest, and of those that need somebody the newest too. */
export interface Lists { drafts: DraftRow[]; records: RecordView[]; counts: Counts }

/** A record that was never sent, and whose bytes were taken from this phone. */
const BYTES_GONE: Problem = { type: "record-missing-on-phone", title: "The record is no longer on this phone", status: 0 };

interface Trouble { failures: number; problem: Problem | null }
/** `held`: ids of records whose bytes are here. */
interface Shelf { outbox: Map<string, Failed>; photos: Map<string, Failed>; held: Set<string> }
interface Link { id: string; replaces: string | null; device_seq: number; finished_at: string; status: RecordStatus; trial: boolean; receipt: boolean; record: RecordRow | null }
interface Chain extends Link { links: number }

/** As many lines as anybody ever scrolls through. */
const SHOWN = 1000;

/** Newest first. */
export async function listsOf(uid: string): Promise<Lists> {
  const db = await accountDb(uid);
  const [drafts, outbox, photos, held] = await Promise.all([listDrafts(uid), failedRows(db, "outbox"), failedRows(db, "media"), db.getAllKeys("outbox")]);
  const shelf: Shelf = { outbox: byId(outbox), photos: byId(photos), held: new Set(held) };
  const chains = (await chainsOf(db, shelf)).sort((a, b) => (a.finished_at < b.finished_at ? 1 : -1));
  const care = new Set(chains.filter(({ status }) => status === "returned" || status === "needs_help").slice(0, SHOWN));
  const shown = chains.length <= SHOWN ? chains : chains.filter((chain, n) => n < SHOWN || care.has(chain));
  const records = (await Promise.all(shown.map(({ id, record }) => record ?? db.get("records", id)))).map((record) => record!);
  const media = await mediaOf(db, records);
  return { drafts, records: records.map((record, n) => viewOf(record, shown[n]!, shelf, media, drafts)), counts: countsOf(chains, drafts) };
}

const byId = (rows: Failed[]): Map<string, Failed> => new Map(rows.map((row) => [row.id, row]));

/** The newest link of each, and how many there are; the whole row only where there are few. */
async function chainsOf(db: Db, shelf: Shelf): Promise<Chain[]> {
  const [chains, few] = [new Map<string, Link[]>(), await db.count("records") <= 2 * SHOWN];
  for await (const records of pages(db, "records")) {
    for (const record of records) {
      const link = linkOf(record, shelf, few);
      const links = chains.get(record.root_id);
      if (links) links.push(link);
      else chains.set(record.root_id, [link]);
    }
  }
  return [...chains.values()].map((links) => ({ ...newest(links), links: links.length }));
}

function linkOf(record: RecordRow, shelf: Shelf, whole: boolean): Link {
  const { record_id: id, replaces, device_seq, finished_at, outline } = record;
  const status = statusOf(record, troubleOf(record, shelf));
  return { id, replaces, device_seq, finished_at, status, trial: outline.trial === true, receipt: record.receipt !== null, record: whole ? record : null };
}

function newest(links: Link[]): Link {
  if (links.length === 1) return links[0]!;
  const known = new Map(links.map((link) => [link.id, link]));
  const ranked = links.map((link) => ({ link, depth: depthOf(link, known) }));
  return ranked.sort((a, b) => a.depth - b.depth || a.link.device_seq - b.link.device_seq).at(-1)!.link;
}

/** How many links it stands upon: of records from two phones neither number nor clock says which came after which. */
function depthOf({ replaces }: Link, known: Map<string, Link>): number {
  let depth = 0;
  for (let below = replaces; below && depth < known.size; depth++) below = known.get(below)?.replaces ?? null;
  return depth;
}

async function mediaOf(db: Db, records: RecordRow[]): Promise<Map<string, MediaRow>> {
  const ids = records.flatMap(({ media }) => media.map(({ id }) => id));
  const rows = await db.count("media") <= SHOWN ? await db.getAll("media") : await Promise.all(ids.map((id) => db.get("media", id)));
  return new Map(rows.flatMap((row) => (row ? [[row.id, row]] : [])));
}

function viewOf(record: RecordRow, { status, links }: Chain, shelf: Shelf, media: Map<string, MediaRow>, drafts: DraftRow[]): RecordView {
  const open = status !== "withdrawn" && record.intent !== "withdraw";
  const { record_id, root_id, intent, form_id, form_version, outline, finished_at, receipt, review } = record;
  return {
    record_id, root_id, intent, form_id, form_version, outline, finished_at, receipt, review, status, links, ...troubleOf(record, shelf),
    photos: photosOf(record, media), can_correct: open && (shelf.held.has(record_id) || record.elsewhere === true), can_withdraw: open,
    replaced_by: drafts.find((draft) => draft.replaces === record_id)?.record_id ?? null,
  };
}

/** The record's own trouble, else that of the photo that fared worst. */
function troubleOf(record: RecordRow, { outbox, photos, held }: Shelf): Trouble {
  if (!record.receipt && !record.elsewhere && !held.has(record.record_id)) return { failures: NEEDS_HELP_AFTER, problem: BYTES_GONE };
  const rows = [outbox.get(record.record_id), ...record.media.map(({ id }) => photos.get(id))].flatMap((row) => row ?? []);
  const worst = rows.reduce<Trouble>((worse, row) => (row.failures > worse.failures ? row : worse), { failures: 0, problem: null });
  return { failures: worst.failures, problem: worst.problem };
}

export function statusOf(record: RecordRow, trouble: Trouble): RecordStatus {
  if (trouble.failures >= NEEDS_HELP_AFTER) return "needs_help";
  if (!record.receipt && !record.elsewhere) return "waiting";
  if (record.intent === "withdraw") return "withdrawn";
  if (record.outline.trial) return "trial";
  return OUTCOMES[record.review?.outcome ?? ""] ?? "sent";
}

const OUTCOMES: Record<string, RecordStatus> = {
  accepted: "accepted", same_as: "accepted", returned: "returned", rejected: "rejected", reversed: "rejected", withdrawn: "withdrawn",
};

/** A photo whose row is gone was purged, so it had arrived. */
function photosOf(record: RecordRow, media: Map<string, MediaRow>): RecordView["photos"] {
  const sent = record.media.filter(({ id }) => (media.get(id)?.state ?? "there") === "there").length;
  return { sent, total: record.media.length, bytes: record.media.reduce((sum, { size }) => sum + size, 0) };
}

function countsOf(chains: Chain[], drafts: DraftRow[]): Counts {
  const of = (...wanted: RecordStatus[]): Chain[] => chains.filter(({ status }) => wanted.includes(status));
  return {
    waiting: of("waiting").length, returned: of("returned").length, sent: of("sent", "accepted").length, drafts: drafts.length, needs_help: of("needs_help").length,
    unreviewed: of("waiting", "sent", "needs_help").filter(({ trial }) => !trial).length, receipts: chains.filter(({ receipt }) => receipt).length,
  };
}
