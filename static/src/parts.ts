// Parts of the program that not everybody needs: which ones a form names, and holding them on the phone so that they are there without
// a network. Their files are listed in parts.json (static/build.mjs); importing them is form/widgets/rare.tsx's matter, English i18n's.
import type { Choice, FormModel, Node, Question } from "./shapes.ts";
import { sha256 } from "./keys.ts";

export type Part = "rare_select" | "rare_value" | "rare_media" | "rare_draw";
export type FunctionPart = "rare_functions" | "rare_hashes";

const FAMILIES: [Part, RegExp][] = [
  ["rare_draw", /^image .*\b(annotate|draw|signature)\b/],
  ["rare_media", /^(audio|file|barcode|geopoint) /],
  ["rare_value", /^(range|time|dateTime) |^(integer|decimal) .*\bthousands-sep\b|^date .*\b(year|month-year|no-calendar)\b/],
  ["rare_select", /^rank |^select_\w+ .*\b(minimal|quick|quickcompact|columns|columns-\w+|likert|no-buttons|compact|compact-\w+|list-nolabel|label)\b/],
];

/** The part whose widget answers this question, if it is a rare one. */
export function partOf({ type, appearance = "", options }: Pick<Question, "type" | "appearance" | "options">, pictured = false): Part | undefined {
  if (pictured && options) return "rare_select";
  return FAMILIES.find(([, pattern]) => pattern.test(`${type} ${appearance}`))?.[0];
}

/** Whether choices of this question are shown with pictures or sounds. */
export function isPictured(model: FormModel, { options }: Pick<Question, "options">): boolean {
  const list = model.choices[options?.choices ?? ""];
  if (!list) return false;
  if (!pictured.has(list)) pictured.set(list, list.some((choice) => choice.media));
  return pictured.get(list)!;
}
/** Lists of thousands are asked about by hundreds of questions. */
const pictured = new WeakMap<Choice[], boolean>();

const FUNCTIONS: [FunctionPart, RegExp][] = [
  ["rare_functions", /^(substring|translate|ends-with|uuid|boolean-from-string|(weighted-)?checklist|indexed-repeat|date-time|decimal-time|version|pow|exp(10)?|log(10)?|a?(sin|cos|tan)|atan2|pi|(enclosed-)?area|distance|geofence)$/],
  ["rare_hashes", /^(digest|base64-decode|randomize)$/],
];

/** The rare parts whose functions this form calls; a model that does not say what it calls (format 1) is looked through. */
export function functionPartsOf(model: FormModel): FunctionPart[] {
  const called = model.functions ?? [...JSON.stringify(model).matchAll(/\["f","([^"]+)"/g)].map(([, name]) => name!);
  return FUNCTIONS.filter(([, pattern]) => called.some((name) => pattern.test(name))).map(([part]) => part);
}

/** The rare parts without which this form can't be filled. */
export const partsOf = (model: FormModel): (Part | FunctionPart)[] => [...functionPartsOf(model), ...widgetPartsOf(model)];

export function widgetPartsOf(model: FormModel): Part[] {
  const found = new Set<Part>();
  const visit = (node: Node): void => {
    if (node.kind !== "question") return node.children.forEach(visit);
    const part = partOf(node, isPictured(model, node));
    if (part) found.add(part);
    if (node.media || node.guidance || isPictured(model, node)) found.add("rare_media");
  };
  model.children.forEach(visit);
  return [...found].sort();
}

// ── Holding ───────────────────────────────────────────────────────────────────

interface Listed { version: string; parts: Record<string, { url: string; sha256: string }[]> }
const LIST = "/static/dist/parts.json";
/** Beside the app's own cache, so that an install that fails takes nothing away; swept together with it (sw.ts). */
const partsCache = (version: string): string => `lantoa-app-${version}-parts`;
const mark = (part: string): string => `/parts/${part}`;

/** A part could not be had: no network, a portal's page, or a newer program on the server. */
export class PartMissing extends Error { override name = "PartMissing" }

/** All of them with all their files are on this phone when this resolves; PartMissing otherwise. */
export async function holdParts(parts: readonly string[], version: string): Promise<void> {
  if (parts.length === 0 || typeof caches === "undefined") return;
  const cache = await caches.open(partsCache(version));
  const held = await Promise.all(parts.map((part) => cache.match(mark(part))));
  const lacking = parts.filter((_, n) => !held[n]);
  if (lacking.length > 0) await bring(lacking, await listOf(version), cache);
}

/** What the version before held, for a version that is being installed; a part that it no longer has is left out. */
export async function holdAgain(version: string): Promise<void> {
  const held = await partsHeld();
  if (held.length === 0) return;
  const listed = await listOf(version);
  await bring(held.filter((part) => listed[part]), listed, await caches.open(partsCache(version)));
}

async function bring(parts: readonly string[], listed: Listed["parts"], cache: Cache): Promise<void> {
  await Promise.all(parts.map(async (part) => {
    const files = listed[part];
    if (!files) throw new PartMissing(part);
    await Promise.all(files.map(async ({ url, sha256: wanted }) => cache.put(url, await checked(url, wanted))));
    await cache.put(mark(part), new Response(part)); // last: it says that the files are there
  }));
}

async function listOf(version: string): Promise<Listed["parts"]> {
  const listed = await fetch(LIST, { cache: "no-cache", credentials: "omit" }).then((reply) => reply.json() as Promise<Listed>).catch(() => undefined);
  if (listed?.version !== version) throw new PartMissing(LIST);
  return listed.parts;
}

async function checked(url: string, wanted: string): Promise<Response> {
  const reply = await fetch(url, { credentials: "omit", redirect: "error" }).catch(() => undefined);
  const bytes = await reply?.clone().arrayBuffer();
  if (!reply?.ok || !bytes || await sha256(bytes) !== wanted) throw new PartMissing(url);
  return reply;
}

/** The parts that any version of the program holds on this phone. */
async function partsHeld(): Promise<string[]> {
  const held = (await caches.keys()).filter((name) => name.startsWith("lantoa-app-") && name.endsWith("-parts"));
  const marks = await Promise.all(held.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)));
  return [...new Set(marks.flat().filter((path) => path.startsWith(mark(""))).map((path) => path.slice(mark("").length)))];
}

/** What somebody needs who has a register that is too long for memory. */
export const LONG_REGISTERS = ["rare_registers"];

/** When an app that was here before has opened: versions that nobody reads any more may go, and all words come to stay. */
export async function tidy(version: string): Promise<void> {
  await globalThis.navigator?.serviceWorker?.ready.then(({ active }) => active?.postMessage("tidy"));
  await holdParts(["en", "rare_trial", ...LONG_REGISTERS], version).catch(() => undefined);
}
