// When to exchange with the server, one at a time, for every account of this phone (U23); and what the screens show of it.
// No DOM: the page and the service worker both drive it, each with its own Tools. What is said is exchange.ts's parts' matter.
import { signal, type ReadonlySignal, type Signal } from "@preact/signals-core";
import { Api, type Fetch } from "./api.ts";
import { LONGEST_MS, pauseMs } from "./backoff.ts";
import { stamp, type Clock } from "./clock.ts";
import { accountDb, accounts, currentAccount, listedAccounts, meta, needMeta, reopenAfter, StorageFull, StoreLost } from "./db.ts";
import { stop, type Pace, type Progress, type Round, type StorageNow, type Stop, type SyncProblem } from "./exchange.ts";
import { newId } from "./keys.ts";
import { fetchNews } from "./news.ts";
import { purge } from "./purge.ts";
import { makeAllDue, nextDue, standing, unsentIn } from "./queue.ts";
import { reconcile } from "./reconcile.ts";
import { backToOldToken, tokenToUse } from "./renewal.ts";
import { BATCH_RECORDS, sendRecords } from "./send.ts";
import { photosRest, sendPhotos } from "./upload.ts";
import { askForOrder, obeyOrder } from "./wipe.ts";
import type { Problem } from "./shapes.ts";

export type { SyncProblem } from "./exchange.ts";
export type SyncPhase = "idle" | "asking" | "records" | "photos" | "news" | "paused";
export interface Tally { done: number; total: number }
/**
 * `waiting…`: of the current account, `waiting_since` when the oldest of it was finished. `others`: records of other people on this phone,
 * no names. `failures`: exchanges in a row that ended early, the last one by `problem`, as `detail` tells where the server gave a reason.
 */
export interface SyncState {
  phase: SyncPhase; waiting: number; waiting_photos: number; waiting_bytes: number; waiting_since: string | null; others: number;
  records: Tally; photos: Tally; bytes: Tally; sending: readonly string[];
  last_contact_at: string | null; next_try_at: string | null; problem: SyncProblem | null; detail: Problem | null; failures: number;
  /** The account whose store was found empty. */
  lost?: string | undefined;
}
export type Reason = "start" | "online" | "front" | "timer" | "button" | "finish" | "background";

/** What the surroundings give: a page's, a worker's or a test's. */
export interface Tools {
  fetch: Fetch; clock: Clock; random: () => number; appVersion: string;
  storage: () => Promise<StorageNow>;
  /** Runs the work if nobody else on this phone drains just now; false: somebody does. */
  alone: (work: () => Promise<void>) => Promise<boolean>;
  later: (work: () => void, ms: number) => () => void;
  /** Something on the phone changed that lists show. */
  changed: () => void;
}

const QUIET_MS = 5_000, TELL_MS = 1_000, DAY_MS = 86_400_000;
const FIRST_PIECE = 64 * 1024;
const NOTHING: Tally = { done: 0, total: 0 };
const AT_REST: SyncState = {
  phase: "idle", waiting: 0, waiting_photos: 0, waiting_bytes: 0, waiting_since: null, others: 0, records: NOTHING, photos: NOTHING, bytes: NOTHING, sending: [],
  last_contact_at: null, next_try_at: null, problem: null, detail: null, failures: 0,
};
export const newPace = (): Pace => ({ piece: FIRST_PIECE, batch: BATCH_RECORDS, photos_from: 0 });

export class Syncer {
  private readonly inner: Signal<SyncState> = signal(AT_REST);
  readonly state: ReadonlySignal<SyncState> = this.inner;
  private readonly paces = new Map<string, Pace>();
  private running: Promise<void> | null = null;
  private again = false;
  private failures = 0;
  private triedAt = -Infinity;
  /** Retry-After: whose token may not be used before when, and why. */
  private readonly closed = new Map<string, { until: number; why: Stop }>();
  private unlisted = false; // something changed that the lists don't show yet
  private listedAt = -Infinity;
  private halted = false; // the person said "pause"
  private readonly stoppable: Stoppable; // the same surroundings, whose line is dead meanwhile
  private cancelTimer: () => void = () => undefined;

  constructor(private readonly tools: Tools) {
    const halted = (): boolean => this.halted;
    this.stoppable = { ...tools, halted, fetch: (input, init) => (halted() ? Promise.reject(new Error("paused")) : tools.fetch(input, init)) };
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
    // A line that comes and goes five times a second must not make us ask five times a second.
    const flapping = reason === "online" || reason === "front" || (reason === "finish" && this.failures > 0);
    return !flapping || now - this.triedAt >= QUIET_MS || now < this.triedAt;
  }

  private async run(reason: Reason): Promise<void> {
    this.cancelTimer();
    let [stopped, asked]: [Stop | null, boolean] = [null, true];
    do {
      this.again = false;
      this.triedAt = this.tools.clock.now().getTime();
      const mine = await this.tools.alone(async () => { ({ stopped, asked } = await this.drainAll(reason === "button")); })
        .catch((fault: unknown) => { stopped = stopOfFault(fault); return true; });
      if (!mine) return this.leaveToOthers();
    } while (this.again && !stopped && !this.halted);
    await this.settle(stopped, asked);
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

  /** Nobody's trouble stops another's exchange; the trouble told is the current account's, else one of the line. */
  private async drainAll(hurry: boolean): Promise<{ stopped: Stop | null; asked: boolean }> {
    const current = await currentAccount();
    const stops = new Map<string, Stop>();
    let asked = false;
    for (const uid of await accounts()) {
      const shut = this.shut(uid);
      const why = shut ?? await this.drain(uid, uid === current, hurry).catch((fault: unknown): Stop => { reopenAfter(fault, uid); return stopOfFault(fault); });
      asked ||= !shut;
      if (why) stops.set(uid, why);
    }
    const ofLine = [...stops.values()].find(({ problem }) => OF_THE_LINE.includes(problem));
    return { stopped: stops.get(current ?? "") ?? ofLine ?? null, asked };
  }

  /** Why the server said that it doesn't want to be asked yet; a date beyond tomorrow is a clock's fault, and none. */
  private shut(uid: string): Stop | null {
    const { until, why } = this.closed.get(uid) ?? { until: 0, why: null };
    const rest = until - this.tools.clock.now().getTime();
    return why && rest > 0 && rest <= DAY_MS ? { ...why, retry_after_ms: rest } : null;
  }

  private async drain(uid: string, shown: boolean, hurry: boolean): Promise<Stop | null> {
    if (hurry) await makeAllDue(await accountDb(uid), this.tools.clock.now().getTime());
    const why = await exchange(await roundFor(uid, this.stoppable, shown ? await this.shown(uid) : SILENT), this.paceOf(uid));
    if (why?.retry_after_ms) this.closed.set(uid, { until: this.tools.clock.now().getTime() + why.retry_after_ms, why });
    else this.closed.delete(uid);
    return why;
  }

  private paceOf(uid: string): Pace {
    if (!this.paces.has(uid)) this.paces.set(uid, newPace());
    return this.paces.get(uid)!;
  }

  private async shown(uid: string): Promise<Progress> {
    const { waiting, waiting_photos, waiting_bytes } = await waitingOf(uid);
    this.tell({ records: { done: 0, total: waiting }, photos: { done: 0, total: waiting_photos }, bytes: { done: 0, total: waiting_bytes } });
    const more = (tally: Tally, by: number): Tally => ({ done: Math.min(tally.total, tally.done + by), total: tally.total });
    return {
      phase: (phase) => { if (!this.halted) this.tell({ phase }); if (this.unlisted) this.list(true); },
      sending: (sending) => this.tell({ sending }),
      sentBytes: (bytes) => this.tell({ bytes: more(this.inner.value.bytes, bytes) }),
      receipts: (count, bytes) => {
        this.tell({ records: more(this.inner.value.records, count), bytes: more(this.inner.value.bytes, bytes) });
        this.list(false);
      },
      photo: () => { this.tell({ photos: more(this.inner.value.photos, 1) }); this.list(false); },
      contact: (at) => this.tell({ last_contact_at: at, problem: null }),
    };
  }

  /** Lists are read anew at most once a second: a thousand batches must not read them a thousand times. */
  private list(now: boolean): void {
    const at = this.tools.clock.now().getTime();
    this.unlisted = !now && Math.abs(at - this.listedAt) < TELL_MS;
    if (this.unlisted) return;
    this.listedAt = at;
    this.tools.changed();
  }

  private async settle(stopped: Stop | null, asked = true): Promise<void> {
    const { clock, random, later } = this.tools;
    const now = clock.now().getTime();
    const paused = this.halted;
    if (paused) stopped = null; // cut by the person, not by the line
    if (asked) this.failures = stopped ? this.failures + 1 : 0;
    const wait = stopped ? Math.max(asked ? pauseMs(this.failures, random()) : 0, stopped.retry_after_ms ?? 0) : await this.restMs(now);
    this.tell({
      ...await this.waitingNow(), phase: paused ? "paused" : "idle", sending: [],
      problem: stopped?.problem ?? null, detail: stopped?.detail ?? null, failures: this.failures,
      lost: stopped?.problem === "store-lost" ? stopped.detail?.detail : undefined, next_try_at: paused ? null : stamp(new Date(now + wait)),
    });
    this.list(true);
    if (!paused) this.cancelTimer = later(() => void this.nudge("timer"), wait);
  }

  /** All went well: until the next postponed item is due, or just to hear the news. */
  private async restMs(now: number): Promise<number> {
    const uids = await accounts().catch(() => []);
    const dues = await Promise.all(uids.map((uid) => nextDueOf(uid, now, this.paceOf(uid)).catch(() => null)));
    const next = Math.min(...dues.filter((due) => due !== null));
    return Math.min(LONGEST_MS, Math.max(1_000, next - now));
  }

  private tell(part: Partial<SyncState>): void {
    this.inner.value = { ...this.inner.value, ...part };
  }
}

interface Stoppable extends Tools { halted: () => boolean }
/** What one account's exchange hit upon and every other would. */
const OF_THE_LINE: SyncProblem[] = ["offline", "portal", "unsigned", "busy", "storage-full", "store-lost", "store-broken"];

const SILENT: Progress = {
  phase: () => undefined, sending: () => undefined, sentBytes: () => undefined, receipts: () => undefined, photo: () => undefined, contact: () => undefined,
};

export async function roundFor(uid: string, tools: Tools & Partial<Stoppable>, progress = SILENT): Promise<Round> {
  const db = await accountDb(uid);
  const token = tokenToUse(await needMeta(db, "identity"));
  const { fetch, clock, random, appVersion, storage, halted = () => false } = tools;
  return { uid, db, api: new Api(fetch, token), clock, random, nonce: newId, appVersion, storage, progress, halted };
}

/** One account's turn: prove, hand over text, hand over photos, hear the news, tidy up. */
export async function exchange(round: Round, pace = newPace()): Promise<Stop | null> {
  const { progress } = round;
  progress.phase("asking");
  let unproven = await reconcile(round);
  if (unproven?.problem === "enrol-again" && await backToOldToken(round)) unproven = await reconcile(round);
  if (unproven?.problem === "device-revoked") return handOver(round, unproven, pace);
  if (unproven) return unproven;
  progress.phase("records");
  const unsent = await sendRecords(round, pace);
  if (unsent) return unsent;
  progress.phase("photos");
  const cut = await sendPhotos(round, pace);
  if (cut) return cut;
  progress.phase("news");
  const unheard = await fetchNews(round);
  if (!unheard) await purge(round.db, (await round.storage()).free);
  return unheard;
}

/** A revoked device may hand over what it has (D27), and nothing else; then it is told to forget. */
async function handOver(round: Round, why: Stop, pace: Pace): Promise<Stop> {
  round.progress.phase("records");
  const unsent = await sendRecords(round, pace);
  if (!unsent && !round.order) await askForOrder(round);
  await obeyOrder(round);
  return unsent ?? why;
}

function stopOfFault(fault: unknown): Stop {
  if (fault instanceof StorageFull) return stop("storage-full");
  const lost = fault instanceof StoreLost ? fault.message : undefined;
  return stop(lost ? "store-lost" : "store-broken", null, { type: "store-fault", title: String(fault), status: 0, ...(lost && { detail: lost }) });
}

type Waiting = Pick<SyncState, "waiting" | "waiting_photos" | "waiting_bytes" | "waiting_since" | "others" | "last_contact_at">;

async function waitingOf(current: string | undefined, all = accounts()): Promise<Waiting> {
  const others = (await all).filter((uid) => uid !== current);
  const counts = await Promise.all(others.map((uid) => accountDb(uid).then(unsentIn).catch(() => 0)));
  const sum = counts.reduce((total, count) => total + count, 0);
  if (!current) return { waiting: 0, waiting_photos: 0, waiting_bytes: 0, waiting_since: null, others: sum, last_contact_at: null };
  const db = await accountDb(current);
  const [{ records, photos, bytes, since }, contact] = [await standing(db), await meta(db, "contact")];
  return { waiting: records, waiting_photos: photos, waiting_bytes: bytes, waiting_since: since, others: sum, last_contact_at: contact?.at ?? null };
}

const nextDueOf = async (uid: string, now: number, pace: Pace): Promise<number | null> =>
  nextDue(await accountDb(uid), now, photosRest(pace, now) ? pace.photos_from : now);
