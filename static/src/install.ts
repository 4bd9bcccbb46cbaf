// The service worker seen from the page: registering it, and letting a newer one take over when that disturbs nobody.
import { signal, type ReadonlySignal } from "@preact/signals";

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
  notice(registration);
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => notice(registration));
  });
}

function notice({ waiting: next, active }: ServiceWorkerRegistration): void {
  waiting.value = active ? next : null; // the very first one replaces nobody
  ready.value = waiting.value !== null;
}

/** Call only when no draft is open and the person said yes: the page loads anew under the new worker; where none waits, one is asked for. */
export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  if (waiting.value) waiting.value.postMessage("take-over");
  else void navigator.serviceWorker.getRegistration().then((it) => it?.update()).catch(() => undefined);
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
