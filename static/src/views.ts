// What lists and counters show of the rows on this phone: one line per chain, one status word per line.
import { NEEDS_HELP_AFTER } from "./backoff.ts";
import { accountDb, type DraftRow, type MediaRow, type Outline, type OutboxRow, type RecordRow } from "./db.ts";
import { listDrafts } from "./drafts.ts";
import type { Problem, Receipt, ReviewNews } from "./shapes.ts";

export type RecordStatus = "draft" | "waiting" | "sending" | "sent" | "accepted" | "returned" | "rejected" | "needs_help" | "withdrawn" | "trial";

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
export interface Counts { waiting: number; returned: number; sent: number; drafts: number; needs_help: number }
export interface Lists { drafts: DraftRow[]; records: RecordView[]; counts: Counts }

interface Trouble { failures: number; problem: Problem | null }
interface Shelf { outbox: Map<string, OutboxRow>; held: Set<string>; media: Map<string, MediaRow>; drafts: DraftRow[]; sending: ReadonlySet<string> }

/** Newest first; `sending` are the records that are on the wire now. */
export async function listsOf(uid: string, sending: ReadonlySet<string>): Promise<Lists> {
  const db = await accountDb(uid);
  const [records, due, held, media, drafts] = await Promise.all([
    db.getAll("records"), db.getAllFromIndex("outbox", "due"), db.getAllKeys("outbox"), db.getAll("media"), listDrafts(uid),
  ]);
  const shelf: Shelf = {
    outbox: new Map(due.map((row) => [row.record_id, row])), held: new Set(held), media: new Map(media.map((row) => [row.id, row])), drafts, sending,
  };
  const views = [...chainsOf(records).values()].map((chain) => viewOf(chain, shelf));
  views.sort((a, b) => b.finished_at.localeCompare(a.finished_at));
  return { drafts, records: views, counts: countsOf(views, drafts) };
}

function chainsOf(records: RecordRow[]): Map<string, RecordRow[]> {
  const chains = new Map<string, RecordRow[]>();
  for (const record of [...records].sort((a, b) => a.device_seq - b.device_seq)) {
    chains.set(record.root_id, [...chains.get(record.root_id) ?? [], record]);
  }
  return chains;
}

function viewOf(chain: RecordRow[], shelf: Shelf): RecordView {
  const record = chain.at(-1) as RecordRow;
  const trouble = troubleOf(record, shelf);
  const status = statusOf(record, trouble, shelf.sending);
  const open = status !== "withdrawn" && record.intent !== "withdraw";
  const { record_id, root_id, intent, form_id, form_version, outline, finished_at, receipt, review } = record;
  return {
    record_id, root_id, intent, form_id, form_version, outline, finished_at, receipt, review, status, ...trouble, links: chain.length,
    photos: photosOf(record, shelf.media), can_correct: open && shelf.held.has(record_id), can_withdraw: open,
    replaced_by: shelf.drafts.find((draft) => draft.replaces === record_id)?.record_id ?? null,
  };
}

/** The record's own trouble, else that of the photo that fared worst. */
function troubleOf(record: RecordRow, { outbox, media }: Shelf): Trouble {
  const rows: Trouble[] = record.media.flatMap(({ id }) => media.get(id) ?? []);
  const own = outbox.get(record.record_id);
  const worst = [...own ? [own] : [], ...rows].reduce<Trouble>((worse, row) => (row.failures > worse.failures ? row : worse), { failures: 0, problem: null });
  return { failures: worst.failures, problem: worst.problem };
}

export function statusOf(record: RecordRow, trouble: Trouble, sending: ReadonlySet<string>): RecordStatus {
  if (sending.has(record.record_id)) return "sending";
  if (trouble.failures >= NEEDS_HELP_AFTER) return "needs_help";
  if (!record.receipt) return "waiting";
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

function countsOf(views: RecordView[], drafts: DraftRow[]): Counts {
  const of = (...wanted: RecordStatus[]): number => views.filter((view) => wanted.includes(view.status)).length;
  return { waiting: of("waiting", "sending"), returned: of("returned"), sent: of("sent", "accepted"), drafts: drafts.length, needs_help: of("needs_help") };
}
