// The service worker seen from the page: registering it, and letting a newer one take over when that disturbs nobody.
import { signal, type ReadonlySignal } from "@preact/signals";
import { isReplaced } from "./parts.ts";
import { APP_VERSION } from "./surroundings.ts";

const waiting = signal<ServiceWorker | null>(null);
const ready = signal(false);
/** A newer app is on the phone and waits to be let in. */
export const updateReady: ReadonlySignal<boolean> = ready;

interface Policies { createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string } }

/** Browsers with Background Sync know workers that are modules: theirs sends for a closed app. */
const SENDS = "SyncManager" in globalThis;
const WORKER = SENDS ? "/sw-sending.js" : "/sw.js";

/** The page's policy asks for trusted script addresses; this is the one that we vouch for. */
function workerAddress(): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  return policies ? policies.createPolicy("lantoa-worker", { createScriptURL: () => WORKER }).createScriptURL("") : WORKER;
}

export async function registerWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register(workerAddress(), { type: SENDS ? "module" : "classic", updateViaCache: "imports" });
  const follow = (): void => registration.installing?.addEventListener("statechange", () => notice(registration));
  registration.addEventListener("updatefound", follow);
  follow(); // the browser may have begun by itself
  notice(registration);
}

function notice({ waiting: next, active }: ServiceWorkerRegistration): void {
  waiting.value = active ? next : null; // the very first one replaces nobody
  ready.value = waiting.value !== null;
  if (agreed) waiting.value?.postMessage("take-over");
}

let agreed = false;

/** Call only when the person said yes, or sees nothing else: the page loads anew under the new worker; where none waits, one is asked for. */
export function takeUpdate(): void {
  agreed = true;
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  if (waiting.value) waiting.value.postMessage("take-over");
  else void navigator.serviceWorker.getRegistration().then((it) => it?.update()).catch(() => undefined);
}

const ANEW_MS = 10_000;

/** For a page that can't begin: a part of it may be the server's no longer. What the server has instead is let in, not twice in one breath. */
export async function letNewerIn(): Promise<void> {
  if (Date.now() - Number(sessionStorage.lantoaAnew ?? 0) < ANEW_MS || !await isReplaced(APP_VERSION)) return;
  sessionStorage.lantoaAnew = Date.now();
  if (!navigator.serviceWorker?.controller) return location.reload();
  await registerWorker();
  takeUpdate();
}

/** Where the browser has Background Sync: send when the network is back, even if the app is closed by then. */
export async function askForBackgroundSync(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  const { sync } = (registration ?? {}) as { sync?: { register(tag: string): Promise<void> } };
  await sync?.register("lantoa-outbox").catch(() => undefined);
}

interface InstallPrompt extends Event { prompt(): Promise<void> }
let offered: InstallPrompt | null = null;

/** Chrome's own offer, kept until the person asks for it. */
export function listenForInstall(): void {
  addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); offered = event as InstallPrompt; });
}

/** False where the browser has made no offer: then the person is told how. */
export function promptInstall(): boolean {
  void offered?.prompt();
  return offered !== null;
}
