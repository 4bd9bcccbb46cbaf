// The app's state for the screens, as signals: who is signed in, what the lists show, sending. Screens touch no store and no network.
// Filling a form is recording.ts's, which comes with the filling screens.
import { batch, computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import { systemClock } from "./clock.ts";
import { accountDb, accounts, chooseAccount, currentAccount, listedAccounts, meta, needMeta, StoreLost } from "./db.ts";
import { codeInHash, doorOf, enrol as spendCode, type Door } from "./enrol.ts";
import { askForBackgroundSync, registerWorker } from "./install.ts";
import { keepGlance, keptGlance } from "./glance.ts";
import { fetchFiles } from "./news.ts";
import { tidy } from "./parts.ts";
import { APP_VERSION, browserTools, storageNow } from "./surroundings.ts";
import { roundFor, Syncer, type SyncState } from "./sync.ts";
import { listsOf, type Lists } from "./views.ts";
import type { FigureNews, FormRef, Me } from "./shapes.ts";

export type { RecordStatus, RecordView, Counts, Lists } from "./views.ts";
export type { SyncState, SyncPhase, SyncProblem } from "./sync.ts";
export { EnrolFault, normalEnrolCode, looksLikeCode, type EnrolProblem } from "./enrol.ts";
export { change as changeSettings, settings, type Settings, type Theme, type Contrast } from "./settings.ts";
export { takeUpdate, updateReady } from "./install.ts";

/** What the app is, seen as a whole. `lost`: this phone's store of a known account is empty; told, never made anew. */
export type Stage =
  | { kind: "starting" } | { kind: "insecure" } | { kind: "door"; door: "in-app-browser" | "ios-tab" }
  | { kind: "enrol"; code: string | null } | { kind: "ready" } | { kind: "lost"; account: string } | { kind: "broken"; detail: string };
/** The signed-in officer and what the server last told. */
export interface Desk { account: string; me: Me; demo: boolean; forms: FormRef[]; figures: FigureNews[]; people: string[]; tooOld: boolean; revoked: boolean; clock_offset_ms: number | null }
export interface StorageState { persisted: boolean; free: number | null; used: number | null }

const EMPTY: Lists = { drafts: [], records: [], counts: { waiting: 0, returned: 0, sent: 0, drafts: 0, needs_help: 0 } };
const stageNow = signal<Stage>({ kind: "starting" });
const deskNow = signal<Desk | null>(null);
const listsNow = signal<Lists>(EMPTY);
const storageState = signal<StorageState | null>(null);
const openNow = signal<string | null>(null);
const glancing = signal(false);

export const stage: ReadonlySignal<Stage> = stageNow;
export const desk: ReadonlySignal<Desk | null> = deskNow;
export const lists: ReadonlySignal<Lists> = listsNow;
export const storage: ReadonlySignal<StorageState | null> = storageState;
/** The store is still being read: home stands, what it counts does not, and nothing is begun. */
export const unread: ReadonlySignal<boolean> = glancing;
/** The draft on the screen: while there is one, no newer app takes over. */
export const openDraftId: ReadonlySignal<string | null> = openNow;

const tools = browserTools(() => void refresh());
const syncer = new Syncer(tools);
export const syncState: ReadonlySignal<SyncState> = syncer.state;
/** The form behind the one big button: the record of an outreach session, as all of the design names it. */
const MAIN_FORM = "outreach_session";
const afterMain = (form: FormRef): number => (form.form_id === MAIN_FORM ? 0 : 1);
/** Current forms that can be begun, the main one first, then as the server tells them. */
export const forms: ReadonlySignal<FormRef[]> = computed(() =>
  (deskNow.value?.forms ?? []).filter((form) => form.current).sort((a, b) => afterMain(a) - afterMain(b)));

/** Drafts of forms that this officer tries. */
export const trials: ReadonlySignal<FormRef[]> = computed(() => (deskNow.value?.forms ?? []).filter((form) => form.trial));

// ── Starting ──────────────────────────────────────────────────────────────────

/** Once, when the page opens. Everything after this works without a network. */
export async function start(): Promise<void> {
  if (!isSecureContext || !crypto.subtle) { stageNow.value = { kind: "insecure" }; return; }
  addEventListener("hashchange", () => { if (stageNow.value.kind === "door") return; const code = takeCode(); if (code) stageNow.value = { kind: "enrol", code }; });
  const settling = settle();
  if (!location.hash || location.hash === "#/home") glance();
  try {
    await settling;
  } catch (fault) {
    forgetGlance();
    stageNow.value = fault instanceof StoreLost ? { kind: "lost", account: fault.message } : { kind: "broken", detail: String(fault) };
  }
  listen();
  if (deskNow.value) {
    letWorkerIn();
    void tidy(APP_VERSION);
  }
  void syncer.nudge("start");
}

/** Home, as the last time that it was shown; what it can't know yet it leaves empty. */
function glance(): void {
  const kept = keptGlance(APP_VERSION);
  if (kept) batch(() => { deskNow.value = kept; glancing.value = true; stageNow.value = { kind: "ready" }; });
}

function forgetGlance(): void {
  keepGlance(null, APP_VERSION);
  if (glancing.value) batch(() => { deskNow.value = null; glancing.value = false; });
}

/** Resolves when the store was read, or could not be: false where nothing can be begun. */
export const whenRead = (): Promise<boolean> => new Promise((done) => {
  const stop = effect(() => { if (!glancing.value) { done(deskNow.peek() !== null); queueMicrotask(() => stop()); } });
});

/** A draft on the screen is where the next start goes back to, not home. */
effect(() => {
  if (deskNow.value && !glancing.value) keepGlance(openNow.value ? null : deskNow.value, APP_VERSION);
});

/** Not before somebody is enrolled: on a slow line the worker's copies would compete with the first forms. */
function letWorkerIn(): void {
  void registerWorker().catch(() => undefined); // without a worker the app works as long as there is a network
}

/** At a door the code stays in the address: it goes on from there, opened or copied into the browser that keeps things. */
async function settle(): Promise<void> {
  const account = await currentAccount() ?? (await accounts())[0];
  const door = here();
  if (!account && (door === "in-app-browser" || door === "ios-tab")) {
    forgetGlance();
    stageNow.value = { kind: "door", door };
    return;
  }
  const code = takeCode();
  if (account) await showAccount(account);
  else forgetGlance();
  stageNow.value = code || !account ? { kind: "enrol", code } : { kind: "ready" };
}

function here(): Door {
  const standalone = matchMedia("(display-mode: standalone)").matches || (navigator as { standalone?: boolean }).standalone === true;
  return doorOf(navigator.userAgent, standalone, navigator.maxTouchPoints);
}

/** The code in the address, which is wiped at once: it must not stay in the history. */
function takeCode(): string | null {
  const code = codeInHash(location.hash);
  if (code) history.replaceState(null, "", location.pathname + location.search);
  return code;
}

function listen(): void {
  addEventListener("online", () => void syncer.nudge("online"));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") void syncer.nudge("front"); });
}

/** What home shows; how much room there is may be told a moment later, the browser takes its time over it. */
async function showAccount(account: string): Promise<void> {
  const [now, all] = await Promise.all([deskOf(account, listedAccounts()), listsFor(account), syncer.refresh()]);
  turn += 1;
  batch(() => { deskNow.value = now; listsNow.value = all; glancing.value = false; });
  void readStorage();
}

async function deskOf(account: string, others = accounts()): Promise<Desk> {
  const db = await accountDb(account);
  const [me, contact, identity, refs, held, figures, people, tooOld] = await Promise.all([
    needMeta(db, "me"), meta(db, "contact"), needMeta(db, "identity"), meta(db, "form_refs"), db.getAllKeys("forms"), meta(db, "figures"), others, meta(db, "app_too_old"),
  ]);
  return {
    account, me, demo: contact?.demo ?? false, forms: (refs ?? []).filter((ref) => held.includes(`${ref.form_id}@${ref.version}`)),
    figures: figures ?? [], people, tooOld: tooOld ?? false, revoked: identity.state === "revoked", clock_offset_ms: contact?.clock_offset_ms ?? null,
  };
}

const listsFor = (account: string): Promise<Lists> => listsOf(account, new Set(syncer.state.value.sending));

async function readStorage(): Promise<void> {
  storageState.value = await storageNow();
}

/** Goes up when another person takes the phone. */
let turn = 0;

/** Read lists and counters again; the store tells when. */
export async function refresh(): Promise<void> {
  const account = deskNow.value?.account ?? await currentAccount();
  if (!account) return;
  const began = turn;
  const [desk, all] = await Promise.all([deskOf(account), listsFor(account)]);
  if (began !== turn) return; // somebody else took the phone meanwhile: nothing of the one before may come up
  batch(() => { deskNow.value = desk; listsNow.value = all; });
  await Promise.all([syncer.refresh(), readStorage()]);
}

// ── People on this phone ──────────────────────────────────────────────────────

/** Throws EnrolFault. Resolves when forms and registers are here too, or the line broke after the code was spent. */
export async function enrol(code: string): Promise<void> {
  const persist = async (): Promise<boolean> => await navigator.storage?.persist?.().catch(() => false) ?? false;
  const before = await accounts();
  const account = await spendCode(code, { fetch: tools.fetch, clock: systemClock, appVersion: APP_VERSION, deviceName: deviceName(), persist });
  // Whatever fails from here on, the phone is enrolled: what is missing comes with the next exchange.
  const lacking = await roundFor(account, tools).then(fetchFiles).catch(() => true);
  await Promise.all([showAccount(account), readStorage()]);
  stageNow.value = { kind: "ready" };
  letWorkerIn();
  // The answer to the code has told everything to a phone that has nothing to send.
  if (lacking || before.length > 0) void syncer.nudge("button");
  else void syncer.rest();
}

/** "Android 14 Chrome 131": what an administrator reads in the list of devices; no model, no serial number. */
function deviceName(): string {
  const system = /Android \d+|iPhone OS \d+|Windows NT [\d.]+|Mac OS X|Linux/.exec(navigator.userAgent)?.[0] ?? "?";
  const browser = /(?:Edg|Firefox|Chrome|Version)\/\d+/.exec(navigator.userAgent)?.[0].replace("/", " ") ?? "?";
  return `${system} ${browser}`;
}

export const leaveEnrol = (): void => { stageNow.value = deskNow.value ? { kind: "ready" } : { kind: "enrol", code: null }; };

/** The way to enrol a further person on a shared phone. */
export const startEnrol = (): void => { stageNow.value = { kind: "enrol", code: null }; };

export async function switchAccount(account: string): Promise<void> {
  await showAccount(account);
  await chooseAccount(account);
  await refresh();
}

// ── For recording.ts ──────────────────────────────────────────────────────────

export const who = (): string => { if (!deskNow.value) throw new Error("nobody is enrolled"); return deskNow.value.account; };

/** Which draft is on the screen now. */
export const onScreen = (recordId: string | null): void => { openNow.value = recordId; };

/** A record was finished: it sends itself, also when the app is closed before there is a line. */
export function sendFinished(): void {
  void askForBackgroundSync();
  void syncer.nudge("finish");
}

// ── Sending ───────────────────────────────────────────────────────────────────

export const syncNow = (): Promise<void> => syncer.nudge("button");
export const pauseSync = (): void => syncer.pause();
export const resumeSync = (): Promise<void> => syncer.resume();
