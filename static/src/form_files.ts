// Pictures and sounds of a form's labels: fetched by hash together with the form, held beside the app.
// Its CSV files are register sets: registers.ts.
import type { Api } from "./api.ts";
import { sha256 } from "./keys.ts";
import type { AttachedRef } from "./shapes.ts";

const CACHE = "lantoa-form-files";
const addressOf = (hash: string): string => `/sync/files/${hash}`;
const isShown = ({ kind }: AttachedRef): boolean => kind !== "csv";

/** False when one is neither here nor to be had now; without a Cache API they are asked for when they are shown. */
export async function holdFiles(files: AttachedRef[] | undefined, api: Api): Promise<boolean> {
  const shown = (files ?? []).filter(isShown);
  if (shown.length === 0 || typeof caches === "undefined") return true;
  const held = await Promise.all(shown.map(async (file) => await heldFile(file) !== null || await bring(file, api) !== null));
  return held.every(Boolean);
}

/** From this phone, else the server's; null when neither gives it. */
export async function formFile(file: AttachedRef, api: Api): Promise<Blob | null> {
  return await heldFile(file) ?? bring(file, api);
}

async function heldFile({ sha256: hash }: AttachedRef): Promise<Blob | null> {
  const reply = typeof caches === "undefined" ? undefined : await (await caches.open(CACHE)).match(addressOf(hash));
  return reply ? reply.blob() : null;
}

async function bring({ sha256: hash }: AttachedRef, api: Api): Promise<Blob | null> {
  const reply = await api.file(hash);
  if (reply.kind !== "ok" || await sha256(reply.value) !== hash) return null;
  const blob = new Blob([reply.value]);
  if (typeof caches !== "undefined") await (await caches.open(CACHE)).put(addressOf(hash), new Response(blob));
  return blob;
}

/** What no form names any more goes. */
export async function dropFilesBut(wanted: readonly AttachedRef[]): Promise<void> {
  if (typeof caches === "undefined" || !await caches.has(CACHE)) return;
  const kept = new Set(wanted.map(({ sha256: hash }) => addressOf(hash)));
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) if (!kept.has(new URL(request.url).pathname)) await cache.delete(request);
}
