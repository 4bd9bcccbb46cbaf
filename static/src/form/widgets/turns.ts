// When drawing that nobody waits for gets its turn.

/** When nothing is to be done for the person, at most so much later. Safari has no such word: there it is soon. */
export function idle(work: () => void, within_ms: number): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(work, { timeout: within_ms });
  else setTimeout(work, 20);
}
