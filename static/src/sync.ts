// When to exchange with the server, one at a time, for every account of this phone (U23); and what the screens show of it.
// No DOM: the page and the service worker both drive it, each with its own Tools. What is said is exchange.ts's parts' matter.
import { signal, type ReadonlySignal, type Signal } from "@preact/signals-core";
import { Api, type Fetch } from "./api.ts";
import { isDue, LONGEST_MS, pauseMs } from "./backoff.ts";
import { stamp, type Clock } from "./clock.ts";
import { accountDb, accounts, currentAccount, listedAccounts, needMeta, StorageFull, write, type Db } from "./db.ts";
import { stop, type Progress, type Round, type Stop, type SyncProblem } from "./exchange.ts";
import { newId } from "./keys.ts";
import { fetchNews } from "./news.ts";
import { purge } from "./purge.ts";
import { reconcile } from "./reconcile.ts";
import { sendRecords, wireBytes } from "./send.ts";
import { newPace, sendPhotos } from "./upload.ts";

export type { SyncProblem } from "./exchange.ts";
export type SyncPhase = "idle" | "asking" | "records" | "photos" | "news" | "paused";
export interface Tally { done: number; total: number }
/** `waiting`, `waiting_photos`: of the current account. `others`: records of other people on this phone, no names. */
export interface SyncState {
  phase: SyncPhase; waiting: number; waiting_photos: number; waiting_bytes: number; others: number;
  records: Tally; photos: Tally; bytes: Tally; sending: readonly string[];
  last_contact_at: string | null; next_try_at: string | null; problem: SyncProblem | null;
}
export type Reason = "start" | "online" | "front" | "timer" | "button" | "finish" | "background";

/** What the surroundings give: a page's, a worker's or a test's. */
export interface Tools {
  fetch: Fetch; clock: Clock; random: () => number; appVersion: string;
  storage: () => Promise<{ persisted: boolean; free: number | null }>;
  /** Runs the work if nobody else on this phone drains just now; false: somebody does. */
  alone: (work: () => Promise<void>) => Promise<boolean>;
  later: (work: () => void, ms: number) => () => void;
  /** Something on the phone changed that lists show. */
  changed: () => void;
}

const QUIET_MS = 5_000;
const NOTHING: Tally = { done: 0, total: 0 };
const AT_REST: SyncState = {
  phase: "idle", waiting: 0, waiting_photos: 0, waiting_bytes: 0, others: 0, records: NOTHING, photos: NOTHING, bytes: NOTHING, sending: [],
  last_contact_at: null, next_try_at: null, problem: null,
};

export class Syncer {
  private readonly inner: Signal<SyncState> = signal(AT_REST);
  readonly state: ReadonlySignal<SyncState> = this.inner;
  private readonly pace = newPace();
  private running: Promise<void> | null = null;
  private again = false;
  private failures = 0;
  private triedAt = -Infinity;
  private closedUntil = 0; // Retry-After: nobody may be asked before
  private halted = false; // the person said "pause"
  private readonly stoppable: Tools; // the same surroundings, whose line is dead meanwhile
  private cancelTimer: () => void = () => undefined;

  constructor(private readonly tools: Tools) {
    this.stoppable = { ...tools, fetch: (input, init) => (this.halted ? Promise.reject(new Error("paused")) : tools.fetch(input, init)) };
  }

  /** Resolves when the exchange that this reason led to (or found running) is over. */
  nudge(reason: Reason): Promise<void> {
    if (this.running) {
      this.again ||= reason === "finish" || reason === "button";
      return this.running;
    }
    if (!this.allows(reason)) return Promise.resolve();
    this.running = this.run(reason).finally(() => { this.running = null; });
    return this.running;
  }

  /** What is on the wire ends as if the line were cut; everything goes on from there. */
  pause(): void {
    this.halted = true;
    this.cancelTimer();
    this.tell({ phase: "paused", next_try_at: null });
  }
  async resume(): Promise<void> {
    this.halted = false;
    this.tell({ phase: "idle" });
    await this.running;
    return this.nudge("button");
  }

  /** All was just heard by other means (enrolling): the next exchange may wait. */
  rest(): Promise<void> {
    return this.settle(null);
  }

  /** Count what waits, without asking anybody. */
  async refresh(): Promise<void> {
    this.tell(await waitingOf(await currentAccount(), listedAccounts()));
  }

  private allows(reason: Reason): boolean {
    const now = this.tools.clock.now().getTime();
    if (this.halted) return false;
    if (now < this.closedUntil && this.closedUntil - now <= 86_400_000) return false;
    // A line that comes and goes five times a second must not make us ask five times a second.
    const flapping = reason === "online" || reason === "front" || (reason === "finish" && this.failures > 0);
    return !flapping || now - this.triedAt >= QUIET_MS || now < this.triedAt;
  }

  private async run(reason: Reason): Promise<void> {
    this.cancelTimer();
    let stopped: Stop | null = null;
    do {
      this.again = false;
      this.triedAt = this.tools.clock.now().getTime();
      const mine = await this.tools.alone(async () => { stopped = await this.drainAll(reason === "button"); })
        .catch((fault: unknown) => { stopped = stopOfFault(fault); return true; });
      if (!mine) return this.leaveToOthers();
    } while (this.again && !stopped && !this.halted);
    await this.settle(stopped);
  }

  /** Another tab or the worker drains: it tells when something changed, and what went wrong is its to say. */
  private async leaveToOthers(): Promise<void> {
    this.tell(await this.waitingNow());
    if (!this.halted) this.cancelTimer = this.tools.later(() => void this.nudge("timer"), QUIET_MS);
  }

  /** A store that can't be opened just now must not end the sending for good. */
  private waitingNow(): Promise<Partial<SyncState>> {
    return currentAccount().then(waitingOf).catch(() => ({}));
  }

  /** Nobody's trouble stops another's exchange; the trouble told is the current account's, else the first. */
  private async drainAll(hurry: boolean): Promise<Stop | null> {
    const current = await currentAccount();
    const stops = new Map<string, Stop>();
    for (const uid of await accounts()) {
      const why = await this.drain(uid, uid === current, hurry).catch((fault: unknown): Stop => stopOfFault(fault));
      if (why) stops.set(uid, why);
    }
    return stops.get(current ?? "") ?? [...stops.values()][0] ?? null;
  }

  private async drain(uid: string, shown: boolean, hurry: boolean): Promise<Stop | null> {
    if (hurry) await makeAllDue(await accountDb(uid));
    return exchange(await roundFor(uid, this.stoppable, shown ? await this.shown(uid) : SILENT), this.pace);
  }

  private async shown(uid: string): Promise<Progress> {
    const { waiting, waiting_photos, waiting_bytes } = await waitingOf(uid);
    this.tell({ records: { done: 0, total: waiting }, photos: { done: 0, total: waiting_photos }, bytes: { done: 0, total: waiting_bytes } });
    const more = (tally: Tally, by: number): Tally => ({ done: Math.min(tally.total, tally.done + by), total: tally.total });
    return {
      phase: (phase) => { if (!this.halted) this.tell({ phase }); },
      sending: (sending) => this.tell({ sending }),
      sentBytes: (bytes) => this.tell({ bytes: more(this.inner.value.bytes, bytes) }),
      receipts: (count, bytes) => {
        this.tell({ records: more(this.inner.value.records, count), bytes: more(this.inner.value.bytes, bytes) });
        this.tools.changed();
      },
      photo: () => { this.tell({ photos: more(this.inner.value.photos, 1) }); this.tools.changed(); },
      contact: (at) => this.tell({ last_contact_at: at, problem: null }),
    };
  }

  private async settle(stopped: Stop | null): Promise<void> {
    const { clock, random, changed, later } = this.tools;
    const now = clock.now().getTime();
    const paused = this.halted;
    if (paused) stopped = null; // cut by the person, not by the line
    this.failures = stopped ? this.failures + 1 : 0;
    this.closedUntil = stopped?.retry_after_ms ? now + stopped.retry_after_ms : 0;
    const wait = stopped ? Math.max(pauseMs(this.failures, random()), stopped.retry_after_ms ?? 0) : await this.restMs(now);
    this.tell({
      ...await this.waitingNow(), phase: paused ? "paused" : "idle", sending: [],
      problem: stopped?.problem ?? null, next_try_at: paused ? null : stamp(new Date(now + wait)),
    });
    changed();
    if (!paused) this.cancelTimer = later(() => void this.nudge("timer"), wait);
  }

  /** All went well: until the next postponed item is due, or just to hear the news. */
  private async restMs(now: number): Promise<number> {
    const uids = await accounts().catch(() => []);
    const dues = await Promise.all(uids.map((uid) => nextDue(uid, now).catch(() => null)));
    const next = Math.min(...dues.filter((due) => due !== null));
    return Math.min(LONGEST_MS, Math.max(1_000, next - now));
  }

  private tell(part: Partial<SyncState>): void {
    this.inner.value = { ...this.inner.value, ...part };
  }
}

const SILENT: Progress = {
  phase: () => undefined, sending: () => undefined, sentBytes: () => undefined, receipts: () => undefined, photo: () => undefined, contact: () => undefined,
};

export async function roundFor(uid: string, tools: Tools, progress = SILENT): Promise<Round> {
  const db = await accountDb(uid);
  const { token } = await needMeta(db, "identity");
  const { fetch, clock, random, appVersion, storage } = tools;
  return { uid, db, api: new Api(fetch, token), clock, random, nonce: newId, appVersion, storage, progress };
}

/** One account's turn: prove, hand over text, hand over photos, hear the news, tidy up. */
export async function exchange(round: Round, pace = newPace()): Promise<Stop | null> {
  const { progress } = round;
  progress.phase("asking");
  const unproven = await reconcile(round);
  // A revoked device may still hand over what it has (D27), and nothing else.
  if (unproven && unproven.problem !== "device-revoked") return unproven;
  progress.phase("records");
  const unsent = await sendRecords(round);
  if (unsent || unproven) return unsent ?? unproven;
  progress.phase("photos");
  const cut = await sendPhotos(round, pace);
  if (cut) return cut;
  progress.phase("news");
  const unheard = await fetchNews(round);
  if (!unheard) await purge(round.db, round.clock.now());
  return unheard;
}

function stopOfFault(fault: unknown): Stop {
  if (fault instanceof StorageFull) return stop("storage-full");
  return stop("store-lost", null, { type: "store-fault", title: String(fault), status: 0 });
}

/** The button hurries: what was postponed is tried now, and keeps its count of failures. */
async function makeAllDue(db: Db): Promise<void> {
  await write(db, ["outbox", "media"], "relaxed", async (tx) => {
    for (const row of await tx.objectStore("outbox").index("due").getAll()) await tx.objectStore("outbox").put({ ...row, due_at: row.device_seq });
    for (const row of await tx.objectStore("media").index("due").getAll()) await tx.objectStore("media").put({ ...row, due_at: 1 });
  });
}

type Waiting = Pick<SyncState, "waiting" | "waiting_photos" | "waiting_bytes" | "others" | "last_contact_at">;

async function waitingOf(current: string | undefined, all = accounts()): Promise<Waiting> {
  const others = (await all).filter((uid) => uid !== current);
  const counts = await Promise.all(others.map((uid) => accountDb(uid).then((db) => db.countFromIndex("outbox", "due"), () => 0)));
  const sum = counts.reduce((total, count) => total + count, 0);
  if (!current) return { waiting: 0, waiting_photos: 0, waiting_bytes: 0, others: sum, last_contact_at: null };
  const db = await accountDb(current);
  const [records, photos] = [await db.getAllFromIndex("outbox", "due", null, 500), await db.getAllFromIndex("media", "due")];
  const text = records.reduce((bytes, row) => bytes + wireBytes(row), 0);
  const contact = await db.get("meta", "contact") as { at: string | null } | undefined;
  return {
    waiting: await db.countFromIndex("outbox", "due"), waiting_photos: photos.length, others: sum, last_contact_at: contact?.at ?? null,
    waiting_bytes: text + photos.reduce((bytes, row) => bytes + row.size - row.offset, 0),
  };
}

/** A photo is never sent before its record: where records wait, only they say when to go on. */
async function nextDue(uid: string, now: number): Promise<number | null> {
  const db = await accountDb(uid);
  const [records, photos] = [await db.getAllKeysFromIndex("outbox", "due"), await db.getAllFromIndex("media", "due")];
  const waiting = new Set(records);
  const record = await db.transaction("outbox").store.index("due").openKeyCursor();
  const dues = [record?.key, ...photos.filter((row) => !waiting.has(row.record_id)).map((row) => row.due_at)].filter((due) => due !== undefined);
  return dues.length > 0 ? Math.min(...dues.map((due) => (isDue(due, now) ? now : due))) : null;
}
