// Where the person is: the hash of the address, so that the phone's own back button works and a link can be kept.

import { signal } from "@preact/signals";

export interface Place { path: string[]; query: URLSearchParams }

export const place = signal<Place>(read());

function read(): Place {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}

let deep = 0;

export function startRouter(): void {
  addEventListener("hashchange", () => { place.value = read(); });
}

export const hrefOf = (...path: string[]): string => `#/${path.map(encodeURIComponent).join("/")}`;

export function go(...path: string[]): void {
  deep += 1;
  location.hash = hrefOf(...path);
}

/** The same, without leaving a step to come back to: after finishing, deleting, saving. */
export function replace(...path: string[]): void {
  history.replaceState(history.state, "", hrefOf(...path));
  place.value = read();
}

/** A place inside this place (a picker, the camera): back closes it. */
export function open(query: Record<string, string>): void {
  deep += 1;
  location.hash = `${hrefOf(...place.value.path)}?${new URLSearchParams(query)}`;
}

/** One step back; to `otherwise` when the app was opened right here. */
export function back(...otherwise: string[]): void {
  if (deep <= 0) return replace(...otherwise);
  deep -= 1;
  history.back();
}
