// What the browser gives to sync.ts and enrol.ts, for a page and for the service worker alike.
import { systemClock } from "./clock.ts";
import type { Tools } from "./sync.ts";

declare const __APP_VERSION__: string;
export const APP_VERSION: string = typeof __APP_VERSION__ === "string" ? __APP_VERSION__ : "0.0.0";
const LOCK = "lantoa-outbox";
const CHANNEL = "lantoa";

/** One drainer among all tabs and the worker. Without Web Locks the server's idempotence alone must do. */
async function alone(work: () => Promise<void>): Promise<boolean> {
  if (!navigator.locks) return work().then(() => true);
  return navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}

/**
 * This tab's hold on a draft. The tab that opens it last has it: `lost` tells the one before, which must write no more,
 * or its older answers would take the place of newer ones.
 */
export function holdDraft(recordId: string, lost: () => void): () => void {
  let letGo = (): void => undefined;
  const held = new Promise<void>((done) => { letGo = done; });
  void navigator.locks?.request(`lantoa-draft-${recordId}`, { steal: true }, () => held)
    .catch((fault: unknown) => { if (fault instanceof DOMException && fault.name === "AbortError") lost(); });
  return letGo;
}

/** Whether a tab has this draft open now. */
export async function isHeld(recordId: string): Promise<boolean> {
  const { held = [] } = await navigator.locks?.query() ?? {};
  return held.some(({ name }) => name === `lantoa-draft-${recordId}`);
}

async function storage(): Promise<{ persisted: boolean; free: number | null; used: number | null }> {
  const kept = await navigator.storage?.persisted?.().catch(() => false) ?? false;
  const { quota, usage } = await navigator.storage?.estimate?.().catch(() => ({})) as StorageEstimate ?? {};
  return { persisted: kept, free: quota === undefined ? null : quota - (usage ?? 0), used: usage ?? null };
}
export { storage as storageNow };

function later(work: () => void, ms: number): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}

/** `changed` tells this page and, through the channel, the others. */
export function browserTools(changed: () => void): Tools {
  const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(CHANNEL) : null;
  channel?.addEventListener("message", changed);
  return {
    fetch: (input, init) => fetch(input, init), clock: systemClock, random: Math.random, appVersion: APP_VERSION, storage, alone, later,
    changed: () => { changed(); channel?.postMessage("changed"); },
  };
}
