// A newer worker begins when no window has a draft on its screen, not before.
import { afterEach, expect, test, vi } from "vitest";
import { takeOver } from "./take_over.ts";

interface Held { name: string; end: () => void }
let held: Held[] = [];
const waiting: { name: string; granted: () => void }[] = [];
const skipWaiting = vi.fn(async () => undefined);

/** Locks as windows hold them: a request is granted when the one before has ended. */
function hold(name: string): () => void {
  const end = (): void => { held = held.filter((one) => one.name !== name); waiting.filter((one) => one.name === name).forEach((one) => one.granted()); };
  held.push({ name, end });
  return end;
}

vi.stubGlobal("self", { skipWaiting });
vi.stubGlobal("navigator", { locks: {
  query: async () => ({ held: held.map(({ name }) => ({ name })) }),
  request: (name: string, work: () => void) => new Promise<void>((done) => waiting.push({ name, granted: () => { work(); done(); } })),
} });

afterEach(() => { held = []; waiting.length = 0; skipWaiting.mockClear(); });

const aMoment = () => new Promise((go) => setTimeout(go, 5));

test("without an open draft it begins at once, whatever else is locked", async () => {
  hold("lantoa-outbox");
  await takeOver();
  expect(skipWaiting).toHaveBeenCalledOnce();
});

test("it waits for every draft, also for one that was opened meanwhile", async () => {
  const first = hold("lantoa-draft-a");
  const done = takeOver();
  await aMoment();
  const second = hold("lantoa-draft-b");
  first();
  await aMoment();
  expect(skipWaiting).not.toHaveBeenCalled();
  second();
  await done;
  expect(skipWaiting).toHaveBeenCalledOnce();
});
