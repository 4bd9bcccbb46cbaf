// A simulated phone: its disk outlives its app, its clock may be wrong, its app dies at any step and is opened again.
import { cryptoOf } from "./crypto.ts";
import { Disk, type Owner } from "./disk.ts";
import type { Chance } from "./chance.ts";
import type { Line } from "./line.ts";
import type { Machine } from "./machine.ts";
import type * as Program from "./program.ts";

export type Load = (surroundings: Record<string, unknown>) => typeof Program;

export class Phone {
  disk = new Disk();
  /** What its clock is off by. */
  skewMs = 0;
  app: App;
  /** Who drains the outbox: one lock for all tabs of the phone. */
  locked = false;
  constructor(readonly name: string, readonly load: Load, readonly machine: Machine, readonly line: Line, readonly chance: Chance) {
    this.app = new App(this);
  }

  /** The app is killed, perhaps by the end of the battery, and opened again. */
  restart(power = false): void {
    this.app.die(power);
    this.locked = false;
    this.app = new App(this);
  }
  now(): Date { return new Date(this.machine.now + this.skewMs); }

  /** Another phone with the same content, keys and token. */
  twin(name: string): Phone {
    const made = new Phone(name, this.load, this.machine, this.line, this.chance);
    made.app.die(false);
    made.disk = this.disk.copy();
    made.app = new App(made);
    return made;
  }
}

/** One run of the app: its modules are loaded anew, so that nothing of the last run's memory is left. */
export class App implements Owner {
  dead = false;
  /** So many steps from now it dies; 0: not by itself. */
  diesAfter = 0;
  power = false;
  readonly program: typeof Program;
  readonly tabs: InstanceType<typeof Program.Syncer>[];

  constructor(readonly phone: Phone) {
    const { disk, chance } = phone;
    this.program = phone.load({
      indexedDB: disk.facade(this), crypto: cryptoOf(chance), CompressionStream: undefined, caches: undefined, navigator: undefined,
      setTimeout: (work: () => void, ms: number) => this.later(work, ms), clearTimeout: (cancel?: () => void) => cancel?.(),
    });
    this.tabs = [new this.program.Syncer(this.tools()), new this.program.Syncer(this.tools())];
  }

  get syncer(): InstanceType<typeof Program.Syncer> { return this.tabs[0]!; }

  tools(): ConstructorParameters<typeof Program.Syncer>[0] {
    const { phone } = this;
    return {
      fetch: (path, init) => this.fetch(path, init), clock: { now: () => phone.now() }, random: () => phone.chance.next(), appVersion: "0.0.0+simulated",
      storage: async () => ({ persisted: true, free: 1e9 }), alone: (work) => this.alone(work), later: (work, ms) => this.later(work, ms), changed: () => undefined,
    };
  }

  /** A point at which the app may be killed. */
  step(_what: string): void {
    if (!this.dead && this.diesAfter > 0 && --this.diesAfter === 0) this.die(this.power);
  }

  die(power: boolean): void {
    if (this.dead) return;
    this.dead = true;
    this.phone.disk.crash(this, power);
  }

  private async fetch(path: string, init?: RequestInit): Promise<Response> {
    this.step("asking");
    if (this.dead) return new Promise(() => undefined);
    const answer = await this.phone.line.fetch(path, init);
    this.step("answered");
    return this.dead ? new Promise(() => undefined) : answer;
  }

  private later(work: () => void, ms: number): () => void {
    return this.phone.machine.later(() => { if (!this.dead) work(); }, ms);
  }

  private async alone(work: () => Promise<void>): Promise<boolean> {
    if (this.phone.locked) return false;
    this.phone.locked = true;
    try {
      await work();
    } finally {
      if (!this.dead) this.phone.locked = false;
    }
    return true;
  }
}
