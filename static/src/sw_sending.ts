// The service worker where the browser has Background Sync: it drains the outbox of a closed app too. A module, so that it
// shares the sending part with the page: its bytes come over the line once.
import { accounts } from "./db.ts";
import { browserTools } from "./surroundings.ts";
import { Syncer } from "./sync.ts";
import { answerForApp } from "./worker.ts";

declare const self: ServiceWorkerGlobalScope;
interface SyncEvent extends ExtendableEvent { tag: string; lastChance: boolean }

answerForApp();
self.addEventListener("sync" as "message", (event) => (event as unknown as SyncEvent).waitUntil(drainOutbox()));

/** Rejecting makes the browser try again later. */
async function drainOutbox(): Promise<void> {
  if ((await accounts()).length === 0) return;
  const syncer = new Syncer({ ...browserTools(() => undefined), later: () => () => undefined });
  await syncer.nudge("background");
  await syncer.refresh();
  if (syncer.state.value.waiting + syncer.state.value.others > 0) throw new Error("something still waits");
}
