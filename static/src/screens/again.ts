// The app was killed in the middle of a form: its next start goes back there, so that nobody has to look for the draft.

import { effect } from "@preact/signals";
import { lists, stage, unread } from "../session.ts";
import { isHeld } from "../surroundings.ts";
import { go } from "../ui/router.ts";

/** After that long another day has begun, and home is the better place. */
const RECENT_MS = 12 * 3_600_000;

/** Once, and only where the app was opened at no place of its own. */
export function startAgain(): void {
  const stop = effect(() => {
    if (stage.value.kind !== "ready" || unread.value) return;
    queueMicrotask(() => stop());
    if (!location.hash) void comeBack();
  });
}

async function comeBack(): Promise<void> {
  const draft = lists.peek().drafts.find(({ place, saved_at, review }) => place?.open && !review && Date.now() - Date.parse(saved_at) < RECENT_MS);
  if (draft && !await isHeld(draft.record_id) && !location.hash) go("fill", draft.record_id);
}
