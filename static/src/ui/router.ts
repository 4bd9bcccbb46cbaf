// Where the person is: the hash of the address, so that the phone's own back button works and a link can be kept.

import { signal } from "@preact/signals";

export interface Place { path: string[]; query: URLSearchParams }

/** The address as it was opened: an enrolment code in it is wiped from the bar at once, but must not be lost on the way to a better browser. */
export const openedAt = location.href;

export const place = signal<Place>(read());

function read(): Place {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}

/** How many steps of ours lie before this one: those that `unwind` and `back` may take. A link of the tabs begins anew. */
const depth = (): number => (history.state as { depth?: number } | null)?.depth ?? 0;

let shown = "";
function show(): void {
  shown = location.hash;
  place.value = read();
}

export function startRouter(): void {
  addEventListener("hashchange", () => { if (location.hash !== shown) show(); });
}

export const hrefOf = (...path: string[]): string => `#/${path.map(encodeURIComponent).join("/")}`;

export const go = (...path: string[]): void => step(hrefOf(...path));

/** A place inside this place (a picker, the camera): back closes it. */
export const open = (query: Record<string, string>): void => step(`${hrefOf(...place.value.path)}?${new URLSearchParams(query)}`);

function step(href: string): void {
  const next = depth() + 1;
  location.hash = href;
  history.replaceState({ depth: next }, "");
  show();
}

/** The same, without leaving a step to come back to. */
export function replace(...path: string[]): void {
  history.replaceState(history.state, "", hrefOf(...path));
  show();
}

/** Another place inside this one, in the stead of the one that is open. */
export function replaceHere(query: Record<string, string>): void {
  history.replaceState(history.state, "", `${hrefOf(...place.value.path)}?${new URLSearchParams(query)}`);
  show();
}

/** One step back; to `otherwise` when the app was opened right here. */
export function back(...otherwise: string[]): void {
  if (depth() > 0) history.back();
  else replace(...otherwise);
}

/** All our steps back, to where this way began: the pages of a finished form must not wait behind the back button. */
export function unwind(...otherwise: string[]): void {
  if (depth() > 0) history.go(-depth());
  else replace(...otherwise);
}

/** As `unwind`, and on to a place that stands where the way began. */
export function unwindTo(...path: string[]): void {
  if (depth() === 0) return replace(...path);
  addEventListener("popstate", () => replace(...path), { once: true });
  history.go(-depth());
}
