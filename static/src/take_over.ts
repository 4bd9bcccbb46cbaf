// When a newer service worker may begin: not while a draft is on the screen of any window (surroundings.ts, holdDraft).

declare const self: ServiceWorkerGlobalScope;

/** The name of the lock of a draft that some window has open. */
export async function openDraft(): Promise<string | undefined> {
  return (await navigator.locks?.query())?.held?.find(({ name }) => name?.startsWith("lantoa-draft-"))?.name;
}

/** At once, or when the last open draft was left. */
export async function takeOver(): Promise<void> {
  for (let open; (open = await openDraft());) await navigator.locks.request(open, () => undefined);
  await self.skipWaiting();
}
