// The service worker's work: holds the app of one version, whole or not at all, and answers for its own addresses only (D22).
// Two entries use it: sw.ts for every browser, sw_sending.ts where the browser can send for a closed app.

import { holdAgain } from "./parts.ts";

declare const self: ServiceWorkerGlobalScope;
interface Asset { url: string; sha256: string }
declare const __PRECACHE__: { version: string; assets: Asset[] };
interface RouterRule { condition: { urlPattern: URLPatternInit; requestMethod: string }; source: "cache" | { cacheName: string } }
interface InstallEvent extends ExtendableEvent { addRoutes?(rules: RouterRule[]): Promise<void> }

const { version, assets } = __PRECACHE__;
const OWN = `lantoa-app-${version}`;
const BUILT = "/static/dist/";

export function answerForApp(): void {
  // One asset that fails, or whose bytes are another's (a portal's page), fails the install: the old version stays.
  self.addEventListener("install", (event) => event.waitUntil(Promise.all([routeAround(event), precacheAll()])));
  self.addEventListener("fetch", answer);
  self.addEventListener("message", listen);
}

/** Where the browser can, it answers from the cache by itself: opening the app does not wait until this program has started. */
async function routeAround(event: InstallEvent): Promise<void> {
  await event.addRoutes?.([
    { condition: { urlPattern: { pathname: "/", search: "" }, requestMethod: "get" }, source: { cacheName: OWN } },
    { condition: { urlPattern: { pathname: `${BUILT}*` }, requestMethod: "get" }, source: "cache" },
  ]).catch(() => undefined); // the listener does the same
}

function answer(event: FetchEvent): void {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (pathname === "/" || pathname === "/index.html") event.respondWith(pageFromCache());
  else if (pathname.startsWith(BUILT)) event.respondWith(cacheThenNetwork(event.request));
  // Everything else (/desk, /api, /sync, /sw.js) goes its own way.
}

/** "take-over" is said only when no draft is open and the person agreed. */
function listen(event: ExtendableMessageEvent): void {
  if (event.data === "take-over") event.waitUntil(self.skipWaiting());
  if (event.data === "tidy") event.waitUntil(dropOldCaches((event.source as Client | null)?.id ?? ""));
}

async function precacheAll(): Promise<void> {
  // The other entry of this very version may be at work already: then there is nothing to wait for, and nothing to take away.
  const again = await caches.has(OWN);
  const cache = await caches.open(OWN);
  try {
    await Promise.all([holdAgain(version), ...assets.map(({ url, sha256 }) => checked(url, sha256).then((response) => cache.put(url, response)))]);
  } catch (fault) {
    if (!again) await caches.delete(OWN);
    throw fault;
  }
  if (again) await self.skipWaiting();
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

/** When the app was opened and nobody else is there, versions before this one have no reader left; one that waits keeps its own. */
async function dropOldCaches(opening: string): Promise<void> {
  const { installing, waiting } = self.registration;
  const others = (await self.clients.matchAll({ type: "window", includeUncontrolled: true })).filter((client) => client.id !== opening);
  if (installing || waiting || others.length > 0) return;
  const old = (await caches.keys()).filter((name) => name.startsWith("lantoa-app-") && !name.startsWith(OWN));
  await Promise.all(old.map((name) => caches.delete(name)));
}
