// Photos by tus: where the server stands, then piece by piece from there. A cut line costs one piece, not the photo; one photo's trouble
// costs that photo its turn, not the others theirs. Of a photo only one piece at a time is in memory.
import { LONGEST_MS } from "./backoff.ts";
import { cutShort, postponed, stop, stopFor, type Pace, type Round, type Stop } from "./exchange.ts";
import { confirmMedia } from "./reconcile.ts";
import { write, type Db, type MediaRow } from "./db.ts";
import { CHUNK_BYTES, isWhole, mediaPiece } from "./drafts.ts";
import { dueKeys } from "./queue.ts";
import { slugOf, type Reply } from "./api.ts";
import type { Problem } from "./shapes.ts";

const SMALLEST_PIECE = 8 * 1024;
const AT_ONCE = 100;
const TURNS = 4; // how often one photo may start over (forgotten upload, moved offset) before it counts as failed
const BYTES_GONE: Problem = { type: "photo-missing-on-phone", title: "The photo is no longer on this phone", status: 0 };
const NOT_THERE: Problem = { type: "photo-not-there", title: "The server says that the photo has not arrived", status: 0 };
const RESTLESS: Problem = { type: "upload-restless", title: "The upload began anew too often", status: 0 };

/** Null: every photo that was due is up or postponed. */
export async function sendPhotos(round: Round, pace: Pace): Promise<Stop | null> {
  const why = await photosDue(round, pace);
  if (slugOf(why?.detail ?? RESTLESS) !== "media-quota") return why;
  // Enough photos for today; records and news go on.
  pace.photos_from = round.clock.now().getTime() + (why?.retry_after_ms ?? LONGEST_MS);
  return null;
}

/** Whether the server asked that no photo come before another moment; one beyond tomorrow is a clock's fault. */
export const photosRest = ({ photos_from }: Pace, now: number): boolean => photos_from > now && photos_from - now <= 86_400_000;

async function photosDue(round: Round, pace: Pace): Promise<Stop | null> {
  if (photosRest(pace, round.clock.now().getTime())) return null;
  for (let behind = 0; ;) {
    const due = await dueKeys(round.db, "media", round.clock.now().getTime(), AT_ONCE, behind);
    if (due.length === 0) return null;
    const uploaded: string[] = [];
    for (const id of due) {
      const row = await round.db.get("media", id);
      if (!row || !await isFree(round.db, row)) { behind++; continue; } // text first: its record isn't there yet
      const why = await sendPhoto(round, row, pace);
      if (why) return why;
      if ((await round.db.get("media", id))?.state === "uploaded") uploaded.push(id);
      round.progress.photo();
    }
    const unproven = uploaded.length > 0 ? await prove(round, uploaded) : null;
    if (unproven) return unproven;
  }
}

/** Somebody on the way said that all bytes were taken; whether they are there the server's signed word says. */
async function prove(round: Round, uploaded: string[]): Promise<Stop | null> {
  const unproven = await confirmMedia(round, uploaded);
  if (unproven) return unproven;
  for (const id of uploaded) {
    const row = await round.db.get("media", id);
    if (row?.state === "waiting") await fail(round, row, NOT_THERE);
  }
  return null;
}

const isFree = async (db: Db, row: MediaRow): Promise<boolean> => (await db.get("records", row.record_id))?.receipt != null;

async function sendPhoto(round: Round, first: MediaRow, pace: Pace): Promise<Stop | null> {
  if (!await isWhole(round.db, first)) return fail(round, first, BYTES_GONE);
  let row = first;
  for (let turn = 0; turn < TURNS; turn++) {
    const reply = await sendFrom(round, row, pace);
    if (reply.kind === "ok") return keep(round, withoutDue({ ...row, created: true, offset: row.size, state: "uploaded" }));
    const why = stopFor(reply);
    if (why || reply.kind !== "problem") return setAside(round, first, why ?? stop("offline"));
    const again = afterProblem(row, reply.problem);
    if (!again) return fail(round, { ...row, offset: 0 }, reply.problem, reply.retry_after_ms);
    row = again;
    if (row.state === "uploaded") return keep(round, withoutDue(row));
  }
  return fail(round, row, RESTLESS);
}

/** The line broke. Where it had carried a piece of this photo meanwhile, nothing is wrong with the photo. */
async function setAside(round: Round, first: MediaRow, why: Stop): Promise<Stop> {
  const row = await round.db.get("media", first.id) ?? first;
  const cut = row.offset > first.offset ? null : cutShort(row, why, round);
  if (cut) await keep(round, cut);
  return why;
}

/** What a tus problem says about where to begin again; null: it is about this photo. */
function afterProblem(row: MediaRow, problem: Problem): MediaRow | null {
  const slug = slugOf(problem);
  if (slug === "media-erased") return { ...row, state: "uploaded" }; // the server's signed word will say so
  if (problem.status === 404 || problem.status === 410) return { ...row, created: false, offset: 0 };
  if (problem.status === 409 && slug !== "media-promise-differs") return { ...row, created: true };
  return null;
}

async function sendFrom(round: Round, row: MediaRow, pace: Pace): Promise<Reply<number>> {
  const begin = row.created ? await round.api.uploadOffset(row.id) : await round.api.createUpload(row);
  if (begin.kind !== "ok") return begin;
  let offset = begin.value;
  if (!row.created || offset !== row.offset) await keep(round, { ...row, created: true, offset });
  round.progress.sentBytes(offset - row.offset);
  while (offset < row.size) {
    const piece = await mediaPiece(round.db, row, offset, pace.piece); // never the whole photo
    if (!piece) return { kind: "problem", problem: BYTES_GONE, retry_after_ms: null };
    const reply = await round.api.sendPiece(row.id, offset, piece);
    if (reply.kind !== "ok") {
      const smaller = Math.max(SMALLEST_PIECE, pace.piece >> 1);
      // A proxy that takes no pieces of this size says so; our server takes any.
      const tooBig = reply.kind === "problem" && reply.problem.status === 413 && smaller < piece.length;
      pace.piece = smaller;
      if (tooBig) continue;
      return reply;
    }
    if (reply.value <= offset || reply.value > row.size) return { kind: "portal" }; // no server of ours answers so
    round.progress.sentBytes(reply.value - offset);
    offset = reply.value;
    await keep(round, { ...row, created: true, offset, failures: 0, problem: null }, "relaxed");
    pace.piece = Math.min(CHUNK_BYTES, pace.piece * 2);
  }
  return { kind: "ok", value: offset };
}

async function keep({ db }: Round, row: MediaRow, durability: "strict" | "relaxed" = "strict"): Promise<null> {
  await write(db, ["media"], durability, async (tx) => { await tx.store.put(row); });
  return null;
}

const fail = (round: Round, row: MediaRow, problem: Problem, asked: number | null = null): Promise<null> => keep(round, postponed(row, problem, round, asked));

function withoutDue({ due_at: _, ...row }: MediaRow): MediaRow {
  return { ...row, failures: 0, problem: null };
}
