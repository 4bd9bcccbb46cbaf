// An icon beside words. Always hidden from the reading voice: the word next to it says the same.

import { ICONS, type IconName } from "./icon_paths.ts";

export type { IconName };

export function Icon({ name, small, class: more = "" }: { name: IconName; small?: boolean; class?: string }) {
  return (
    <svg class={`icon${small ? " icon-s" : ""} ${more}`} viewBox="0 0 24 24" aria-hidden="true">
      {ICONS[name].split("|").map(drawn)}
    </svg>
  );
}

/** No component: a page of a form has a hundred of them. */
function drawn(outline: string) {
  if (outline.startsWith("*")) return <path d={outline.slice(1)} fill="currentColor" />;
  const [width, d] = outline.includes("!") ? outline.split("!") : [undefined, outline];
  return <path d={d} stroke-width={width} />;
}

/** The mark of Lan Tỏa: a drop and its rings. */
export function Mark({ class: more = "" }: { class?: string }) {
  return (
    <svg class={`mark ${more}`} viewBox="0 0 64 64" aria-hidden="true">
      <rect class="m-ground" width="64" height="64" />
      <circle class="m-drop" cx="32" cy="32" r="4.5" />
      <circle class="m-ring" cx="32" cy="32" r="11.5" stroke-width="3.6" />
      <circle class="m-ring" cx="32" cy="32" r="18.5" stroke-width="2.8" stroke-dasharray="92 24.2" transform="rotate(-62 32 32)" />
      <circle class="m-ring" cx="32" cy="32" r="25.5" stroke-width="2" stroke-dasharray="58 22 58 22.2" transform="rotate(18 32 32)" />
    </svg>
  );
}

type Ring = readonly [d: string, width: number, opacity: number];
const ring = (r: number): string => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;

/** On paper: empty pages and enrolment. */
const QUIET: readonly Ring[] = [
  ["M-54.7 29.1A62 62 0 1 1 54.7 29.1", 2, 1],
  ["M-83.7 27.2A88 88 0 0 1 -12.2 -87.1M12.2 -87.1A88 88 0 0 1 83.7 27.2", 1.7, 0.8],
  ["M-117.4 -12.3A118 118 0 0 1 59 -102.2M79 -87.7A118 118 0 0 1 117.4 12.3", 1.4, 0.6],
  ["M-146.6 -53.4A156 156 0 0 1 -53.4 -146.6M-21.7 -154.5A156 156 0 0 1 150 -43", 1.1, 0.45],
];
/** Saved: broken rings, still on the way. */
const SAVED: readonly Ring[] = [
  [ring(40), 2, 1],
  ["M26.8 -50.3A57 57 0 0 1 35.1 44.9M19.5 53.6A57 57 0 1 1 11.9 -55.8", 1.7, 0.85],
  ["M-67.8 42.4A80 80 0 0 1 22.1 -76.9M42.4 -67.8A80 80 0 0 1 67.8 42.4", 1.4, 0.6],
  ["M-73.6 81.7A110 110 0 0 1 -58.3 -93.3M-30.3 -105.7A110 110 0 0 1 97.1 -51.6M105.7 -30.3A110 110 0 0 1 73.6 81.7", 1.1, 0.45],
  ["M-142.3 -40.8A148 148 0 0 1 -110 -99M-82.8 -122.7A148 148 0 0 1 74 -128.2M99 -110A148 148 0 0 1 142.3 -40.8", 0.9, 0.32],
];
/** Sent: whole rings that go further. */
const SENT: readonly Ring[] = [
  [ring(40), 2, 1], [ring(56), 1.9, 0.95],
  ["M-64.5 40.3A76 76 0 1 1 64.5 40.3", 1.7, 0.8], ["M-75.8 63.6A99 99 0 1 1 75.8 63.6", 1.5, 0.66],
  ["M-115.1 -51.2A126 126 0 0 1 115.1 -51.2", 1.3, 0.52], ["M-139.5 -74.2A158 158 0 0 1 139.5 -74.2", 1.1, 0.4],
  ["M-159.2 -107.4A192 192 0 0 1 159.2 -107.4", 0.9, 0.28],
];
const RINGS = { quiet: QUIET, saved: SAVED, sent: SENT };

export function Rings({ kind, class: more }: { kind: keyof typeof RINGS; class: string }) {
  return (
    <svg class={`rings ${more}`} viewBox="-200 -200 400 400" aria-hidden="true">
      {RINGS[kind].map(([d, width, opacity]) => <g class="ring"><path d={d} stroke-width={width} opacity={opacity} /></g>)}
    </svg>
  );
}
