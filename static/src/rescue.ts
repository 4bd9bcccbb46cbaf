// Recalls broken versions of the app. The server (server/recall.py) puts this before the worker that it serves, or serves it alone
// where its own build is recalled. Where a phone holds such a version, this one begins at once, throws that version's files away and
// opens its windows anew from the network. Elsewhere it changes nothing. What was recorded is in IndexedDB, which it never touches.
import { openDraft, takeOver } from "./take_over.ts";

declare const self: ServiceWorkerGlobalScope;
declare const __RECALLED__: string[];
declare const __ALONE__: boolean;

const app = (version: string): string => `lantoa-app-${version}`;

self.addEventListener("install", (event) => event.waitUntil(begin()));
self.addEventListener("activate", (event) => event.waitUntil(recall()));
if (__ALONE__) self.addEventListener("message", (event) => { if (event.data === "take-over") event.waitUntil(takeOver()); });

/** Alone it fails where nothing is to be recalled: the good version that the phone has goes on. A version with a draft on its screen works, and may wait. */
async function begin(): Promise<void> {
  const held = await Promise.all(__RECALLED__.map((version) => caches.has(app(version))));
  if (held.includes(true)) return await openDraft() ? undefined : self.skipWaiting();
  if (__ALONE__) throw new Error("nothing that was recalled is here");
}

/** Its windows are opened anew only where something was taken away: never in a circle. */
async function recall(): Promise<void> {
  const dropped = await Promise.all(__RECALLED__.map((version) => Promise.all([caches.delete(app(version)), caches.delete(`${app(version)}-parts`)])));
  if (!dropped.some(([whole]) => whole)) return;
  await self.clients.claim();
  const windows = (await self.clients.matchAll({ type: "window" })).filter(({ url }) => new URL(url).pathname === "/");
  // Not waited for: the way there leads through this very worker, which is not at work before this is done. And not to where a window
  // was opened: that may have been the link of an enrolment.
  for (const one of windows) void one.navigate("/").catch(() => undefined);
}
