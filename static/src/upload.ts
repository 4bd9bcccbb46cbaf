// Photos by tus: where the server stands, then piece by piece from there. A cut line costs one piece, not the photo.
import { dueKeys, postponed, stop, stopFor, type Round, type Stop } from "./exchange.ts";
import { confirmMedia } from "./reconcile.ts";
import { write, type MediaRow } from "./db.ts";
import { CHUNK_BYTES, mediaBytes } from "./drafts.ts";
import type { Reply } from "./api.ts";
import type { Problem } from "./shapes.ts";

const FIRST_PIECE = 64 * 1024, SMALLEST_PIECE = 8 * 1024;
const AT_ONCE = 200;
const TURNS = 4; // how often one photo may start over (forgotten upload, moved offset) before it counts as failed
const BYTES_GONE: Problem = { type: "photo-missing-on-phone", title: "The photo is no longer on this phone", status: 0 };
const RESTLESS: Problem = { type: "upload-restless", title: "The upload began anew too often", status: 0 };

/** How big the next piece is: grows while pieces pass, shrinks when the line cuts one. Lives as long as the app. */
export interface Pace { piece: number }
export const newPace = (): Pace => ({ piece: FIRST_PIECE });

/** Null: every photo that was due is up or postponed. */
export async function sendPhotos(round: Round, pace: Pace): Promise<Stop | null> {
  const uploaded: string[] = [];
  for (const id of await dueKeys(round.db, "media", round.clock.now().getTime(), AT_ONCE)) {
    const row = await round.db.get("media", id);
    const record = row && await round.db.get("records", row.record_id);
    if (!row || !record?.receipt) continue; // text first: its record isn't there yet
    const why = await sendPhoto(round, row, pace);
    if (why) return why;
    if ((await round.db.get("media", id))?.state === "uploaded") uploaded.push(id);
    round.progress.photo();
  }
  return uploaded.length > 0 ? confirmMedia(round, uploaded) : null;
}

async function sendPhoto(round: Round, first: MediaRow, pace: Pace): Promise<Stop | null> {
  const bytes = await mediaBytes(round.db, first);
  if (!bytes) return fail(round, first, BYTES_GONE);
  let row = first;
  for (let turn = 0; turn < TURNS; turn++) {
    const reply = await sendFrom(round, row, bytes, pace);
    if (reply.kind === "ok") return keep(round, withoutDue({ ...row, created: true, offset: row.size, state: "uploaded" }));
    const why = stopFor(reply);
    if (why || reply.kind !== "problem") return why ?? stop("offline");
    const again = afterProblem(row, reply.problem);
    if (!again) return fail(round, { ...row, offset: 0 }, reply.problem);
    row = again;
  }
  return fail(round, row, RESTLESS);
}

/** What a tus problem says about where to begin again; null: it is about this photo. */
function afterProblem(row: MediaRow, problem: Problem): MediaRow | null {
  if (problem.status === 404 || problem.status === 410) return { ...row, created: false, offset: 0 };
  if (problem.status === 409) return { ...row, created: true };
  return null;
}

async function sendFrom(round: Round, row: MediaRow, bytes: Uint8Array<ArrayBuffer>, pace: Pace): Promise<Reply<number>> {
  const begin = row.created ? await round.api.uploadOffset(row.id) : await round.api.createUpload(row);
  if (begin.kind !== "ok") return begin;
  if (!row.created) await keep(round, { ...row, created: true, offset: begin.value });
  let offset = begin.value;
  round.progress.sentBytes(offset - row.offset);
  while (offset < bytes.length) {
    const reply = await round.api.sendPiece(row.id, offset, bytes.slice(offset, offset + pace.piece));
    if (reply.kind !== "ok") {
      pace.piece = Math.max(SMALLEST_PIECE, pace.piece >> 1);
      return reply;
    }
    if (reply.value <= offset || reply.value > bytes.length) return { kind: "portal" }; // no server of ours answers so
    round.progress.sentBytes(reply.value - offset);
    offset = reply.value;
    pace.piece = Math.min(CHUNK_BYTES, pace.piece * 2);
  }
  return { kind: "ok", value: offset };
}

async function keep({ db }: Round, row: MediaRow): Promise<null> {
  await write(db, ["media"], "strict", async (tx) => { await tx.store.put(row); });
  return null;
}

const fail = (round: Round, row: MediaRow, problem: Problem): Promise<null> => keep(round, postponed(row, problem, round));

function withoutDue({ due_at: _, ...row }: MediaRow): MediaRow {
  return { ...row, failures: 0, problem: null };
}
