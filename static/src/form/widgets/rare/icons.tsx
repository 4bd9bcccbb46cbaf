// Icons that only rare widgets show, drawn like those of ui/icon_paths.ts.

const PATHS = {
  downward: "M12 4v15M5.5 12.5L12 19l6.5-6.5",
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  sound: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11",
  mic: "M9.5 6a2.5 2.5 0 0 1 5 0v5.5a2.5 2.5 0 0 1 -5 0zM6 11.5a6 6 0 0 0 12 0M12 17.5v3",
  stop: "M7 7h10v10H7z",
  clip: "M8.5 12.5l5.6-5.6a3 3 0 0 1 4.2 4.2l-7.4 7.4a5 5 0 0 1-7.1-7.1l7-7",
  barcode: "M4 6v12M7.5 6v12M10.5 6v12M14 6v12M17 6v12M20 6v12",
  help: "M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0M9.6 9.7a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2 1-1.2 1.9M12 16.9v.01",
  undo: "M8.5 5L4 9.5 8.5 14M4 9.5h10.2a5.2 5.2 0 0 1 0 10.5H9",
} as const;

export function RareIcon({ name, small }: { name: keyof typeof PATHS; small?: boolean }) {
  return <svg class={`icon${small ? " icon-s" : ""}`} viewBox="0 0 24 24" aria-hidden="true"><path d={PATHS[name]} stroke-width={name === "grip" ? 3 : undefined} /></svg>;
}
