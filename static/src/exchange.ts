// What the steps of one exchange share: the account's store and requests, the reasons to stop, the progress told.
import { slugOf, type Api, type Reply, type SignedStatement } from "./api.ts";
import { LONGEST_ITEM_MS, LONGEST_MS, pauseMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { Db } from "./db.ts";
import type { Problem } from "./shapes.ts";

/** Why an account's exchange ended before everything was through. All of them leave everything on the phone. */
export type SyncProblem =
  | "offline" | "portal" | "unsigned" | "busy" | "enrol-again" | "device-revoked" | "account-disabled" | "storage-full" | "store-lost" | "store-broken";
export interface Stop { problem: SyncProblem; retry_after_ms: number | null; detail?: Problem }

export interface Progress {
  phase(phase: "asking" | "records" | "photos" | "news"): void;
  /** These records are on the wire now. */
  sending(recordIds: string[]): void;
  sentBytes(bytes: number): void;
  receipts(count: number, bytes: number): void;
  photo(): void;
  contact(at: string): void;
}
export interface StorageNow { persisted: boolean; free: number | null; used?: number | null }
export interface Round {
  uid: string; db: Db; api: Api; clock: Clock; random: () => number; nonce: () => string;
  appVersion: string; storage: () => Promise<StorageNow>; progress: Progress;
  /** The person said "pause": what is cut now is nobody's fault. */
  halted: () => boolean;
  /** The order to forget that came with the answer to a revoked device's records (P-18). */
  order?: SignedStatement;
}

/**
 * How big the next piece of a photo and the next batch are: they grow while things pass, shrink when the line cuts one. As long as the app
 * lives. `photos_from`: before that the server takes no new photo of this device.
 */
export interface Pace { piece: number; batch: number; photos_from: number }

export const stop = (problem: SyncProblem, retry_after_ms: number | null = null, detail?: Problem): Stop =>
  ({ problem, retry_after_ms, ...(detail ? { detail } : {}) });

type Refusal = Exclude<Reply<unknown>, { kind: "ok" }>;
const WHO: Record<string, SyncProblem> = { "token-unknown": "enrol-again", "device-revoked": "device-revoked", "account-disabled": "account-disabled" };

/** Answers that say something about the line or the account, not about what was sent; null: it is about what was sent. */
export function stopFor(reply: Refusal): Stop | null {
  if (reply.kind === "silent") return stop("offline");
  if (reply.kind === "portal") return stop("portal");
  const { problem, retry_after_ms } = reply;
  const who = WHO[slugOf(problem)];
  if (who) return stop(who, null, problem);
  // Our server gives its reason: a bare one is a proxy's, which wants a password.
  if ([401, 407].includes(problem.status)) return stop("portal", null, problem);
  if ([408, 429, 502, 503, 504, 507].includes(problem.status)) return stop("busy", retry_after_ms, problem);
  return null;
}

/** The same for a question, in which nothing of ours can be at fault. A bare refusal is somebody's in between. */
export function stopForQuestion(reply: Refusal): Stop {
  const known = stopFor(reply);
  if (known || reply.kind !== "problem") return known ?? stop("offline");
  const between = reply.problem.type.startsWith("http-") && reply.problem.status < 500;
  return stop(between ? "unsigned" : "busy", reply.retry_after_ms, reply.problem);
}

interface Tried { failures: number }
type Postponed<Row> = Row & { due_at: number; problem: Problem };

/** A failed item waits longer each time, and as long as the server asked; the others don't wait for it. */
export function postponed<Row extends Tried>(row: Row, problem: Problem, { clock, random }: Round, asked: number | null = null, longest = LONGEST_ITEM_MS): Postponed<Row> {
  const failures = row.failures + 1;
  return { ...row, failures, problem, due_at: clock.now().getTime() + Math.max(pauseMs(failures, random(), longest), asked ?? 0) };
}

const LINE_CUT: Problem = { type: "line-cut", title: "The line breaks whenever this is sent", status: 0 };

/**
 * The line broke while this one thing was under way, though it had just carried a signed answer: a middlebox may choke on these very bytes.
 * Null: that says nothing (a person paused, the server asked for time). It goes behind the others, so that it never holds them up.
 */
export function cutShort<Row extends Tried>(row: Row, why: Stop, round: Round): Postponed<Row> | null {
  if (round.halted() || !["offline", "busy"].includes(why.problem) || why.retry_after_ms !== null) return null;
  return postponed(row, why.detail ?? LINE_CUT, round, null, LONGEST_MS);
}
