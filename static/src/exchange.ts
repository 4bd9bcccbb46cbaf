// What the steps of one exchange share: the account's store and requests, the reasons to stop, the progress told.
import type { Api, Reply } from "./api.ts";
import { isDue, LONGEST_ITEM_MS, pauseMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { Db } from "./db.ts";
import type { Problem } from "./shapes.ts";

/** Why an account's exchange ended before everything was through. All of them leave everything on the phone. */
export type SyncProblem = "offline" | "portal" | "unsigned" | "busy" | "enrol-again" | "device-revoked" | "storage-full" | "store-lost";
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
export interface Round {
  uid: string; db: Db; api: Api; clock: Clock; random: () => number; nonce: () => string;
  appVersion: string; storage: () => Promise<{ persisted: boolean; free: number | null }>; progress: Progress;
}

export const stop = (problem: SyncProblem, retry_after_ms: number | null = null, detail?: Problem): Stop =>
  ({ problem, retry_after_ms, ...(detail ? { detail } : {}) });

/** Answers that say something about the line or the account, not about what was sent; null: it is about what was sent. */
export function stopFor(reply: Exclude<Reply<unknown>, { kind: "ok" }>): Stop | null {
  if (reply.kind === "silent") return stop("offline");
  if (reply.kind === "portal") return stop("portal");
  const { problem, retry_after_ms } = reply;
  if (problem.status === 401) return stop("enrol-again", null, problem);
  if (problem.status === 403) return stop("device-revoked", null, problem);
  if ([408, 429, 502, 503, 504, 507].includes(problem.status)) return stop("busy", retry_after_ms, problem);
  return null;
}

/** A failed item waits longer each time; the others don't wait for it. */
export function postponed<Row extends { failures: number }>(row: Row, problem: Problem, { clock, random }: Round): Row & { due_at: number; problem: Problem } {
  const failures = row.failures + 1;
  return { ...row, failures, problem, due_at: clock.now().getTime() + pauseMs(failures, random(), LONGEST_ITEM_MS) };
}

/** Ids of what is due now, the oldest first, at most `limit`. */
export async function dueKeys(db: Db, store: "outbox" | "media", now: number, limit: number): Promise<string[]> {
  const keys: string[] = [];
  let cursor = await db.transaction(store).store.index("due").openKeyCursor();
  while (cursor && keys.length < limit) {
    if (isDue(cursor.key, now)) keys.push(cursor.primaryKey);
    cursor = await cursor.continue();
  }
  return keys;
}

