// How long to wait after a failure: doubling, with jitter, so that a hundred phones under one mast don't come in step.

const FIRST_MS = 1_000;
export const LONGEST_MS = 15 * 60_000;
export const LONGEST_ITEM_MS = 6 * 3_600_000;
/** From this many failures on, a person is asked to look; the item goes on being tried. */
export const NEEDS_HELP_AFTER = 8;

/** `random` is in [0, 1). The first failure waits about a second. */
export function pauseMs(failures: number, random: number, longest = LONGEST_MS): number {
  const doubled = Math.min(longest, FIRST_MS * 2 ** Math.min(Math.max(failures - 1, 0), 30));
  return Math.round(doubled * (0.5 + random / 2));
}

/** Due now; a moment further away than any pause was written by a clock that has since been set back: due too. */
export const isDue = (dueAt: number, now: number): boolean => dueAt <= now || dueAt > now + LONGEST_ITEM_MS;
