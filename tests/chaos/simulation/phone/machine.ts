// Time, timers and turns of the simulated world. Nothing waits for the wall clock: time passes when it is told to.
// Loaded before anything that keeps a setImmediate: fake-indexeddb works through its transactions by it.

const turn = globalThis.setImmediate;
let outstanding = 0;

globalThis.setImmediate = ((work: (...given: unknown[]) => void, ...given: unknown[]) => {
  outstanding += 1;
  return turn(() => { outstanding -= 1; work(...given); });
}) as typeof setImmediate;

/** Until nothing goes on any more but what waits for time. */
export async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 2; quiet = outstanding === 0 ? quiet + 1 : 0) await new Promise((done) => turn(done));
}

/** A few turns only, so that the next act falls into the middle of what goes on. */
export async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await new Promise((done) => turn(done));
}

interface Timer { at: number; order: number; work: () => void }

export class Machine {
  now = Date.parse("2026-11-22T02:00:00.000Z");
  private timers: Timer[] = [];
  private ordered = 0;

  /** Runs `work` when that much time has passed; the answer takes it back. */
  later(work: () => void, ms: number): () => void {
    const timer = { at: this.now + Math.max(0, ms), order: this.ordered++, work };
    this.timers.push(timer);
    return () => { this.timers = this.timers.filter((other) => other !== timer); };
  }

  get next(): number | null {
    return this.timers.length > 0 ? Math.min(...this.timers.map((timer) => timer.at)) : null;
  }

  /** Time passes, with everything that falls due in it, in its order; at most `most` timers. */
  async pass(ms: number, most = 400): Promise<void> {
    const until = this.now + ms;
    for (let n = 0; n < most && (this.next ?? Infinity) <= until; n++) {
      const due = this.timers.reduce((first, timer) => (timer.at < first.at || (timer.at === first.at && timer.order < first.order) ? timer : first));
      this.timers = this.timers.filter((timer) => timer !== due);
      this.now = Math.max(this.now, due.at);
      due.work();
      await settle();
    }
    this.now = until;
  }
}
