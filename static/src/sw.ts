// The service worker: holds the app of one version, whole or not at all, and answers for its own addresses only (D22).
// Listeners: install, fetch, message; and Background Sync, where the browser has it, drains the outbox of a closed app.
import { accounts } from "./db.ts";
import { holdAgain } from "./parts.ts";
import { browserTools } from "./surroundings.ts";
import { Syncer } from "./sync.ts";

declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: { version: string; assets: { url: string; sha256: string }[] };
interface SyncEvent extends ExtendableEvent { tag: string; lastChance: boolean }

const { version, assets } = __PRECACHE__;
const OWN = `lantoa-app-${version}`;
const BUILT = "/static/dist/";

// One asset that fails, or whose bytes are another's (a portal's page), fails the install: the old version stays.
self.addEventListener("install", (event) => event.waitUntil(precacheAll()));

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (pathname === "/" || pathname === "/index.html") {
    event.respondWith(pageFromCache());
    if (mode === "navigate") event.waitUntil(dropOldCaches(event.resultingClientId));
  } else if (pathname.startsWith(BUILT)) event.respondWith(cacheThenNetwork(event.request));
  // Everything else (/desk, /api, /sync, /sw.js) goes its own way.
});

// The page asks only when no draft is open and the person agreed.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") event.waitUntil(self.skipWaiting());
});

self.addEventListener("sync" as "message", (event) => (event as unknown as SyncEvent).waitUntil(drainOutbox()));

async function precacheAll(): Promise<void> {
  const cache = await caches.open(OWN);
  try {
    await Promise.all([holdAgain(version), ...assets.map(async ({ url, sha256 }) => cache.put(url, await checked(url, sha256)))]);
  } catch (fault) {
    await caches.delete(OWN);
    throw fault;
  }
}

async function checked(url: string, sha256: string): Promise<Response> {
  // Hashed names may come from the browser's cache, where the page has just put them; the page itself must be fresh.
  const response = await fetch(url, { cache: url === "/" ? "no-cache" : "default", credentials: "omit", redirect: "error" });
  const bytes = await response.clone().arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!response.ok || found !== sha256) throw new Error(`${url} is not what this version was built with`);
  return response;
}

/** Always the page of this version, network or not. */
async function pageFromCache(): Promise<Response> {
  return await (await caches.open(OWN)).match("/") ?? fetch("/");
}

/** Any version's asset that is held, so that a tab of the version before still finds its parts. */
async function cacheThenNetwork(request: Request): Promise<Response> {
  return await caches.match(request, { ignoreVary: true }) ?? fetch(request);
}

/** When the app opens and nobody else is there, versions before this one have no reader left; one that waits keeps its own. */
async function dropOldCaches(opening: string): Promise<void> {
  const { installing, waiting } = self.registration;
  const others = (await self.clients.matchAll({ type: "window", includeUncontrolled: true })).filter((client) => client.id !== opening);
  if (installing || waiting || others.length > 0) return;
  const old = (await caches.keys()).filter((name) => name.startsWith("lantoa-app-") && !name.startsWith(OWN));
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** Rejecting makes the browser try again later. */
async function drainOutbox(): Promise<void> {
  if ((await accounts()).length === 0) return;
  const syncer = new Syncer({ ...browserTools(() => undefined), later: () => () => undefined });
  await syncer.nudge("background");
  await syncer.refresh();
  if (syncer.state.value.waiting + syncer.state.value.others > 0) throw new Error("something still waits");
}
