// A form being filled: the engine, its draft, and whether the last answer is kept. One at a time on the screen.
// What an answer means is the engine's matter; where a draft lies is drafts.ts's.

import { signal, type Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { DraftRow, Media, MediaRow } from "../../drafts.ts";
import type { Opened } from "../../opening.ts";
import type { Registers } from "../../registers.ts";
import type { FormModel, Item } from "../../shapes.ts";
import type { Engine } from "../engine.ts";

export type SaveState = { kind: "new" } | { kind: "saving" } | { kind: "saved"; at: Date } | { kind: "failed"; full: boolean };

export interface Picture { url: string; size: number; kind?: string }

/** What the widgets need of the world outside: passed in, so that a widget touches no store and no clock itself. */
export interface Doors {
  now(): Date;
  save(opened: Opened): Promise<void>;
  addCode(code: string): Promise<Item>;
  addMedia(draft: DraftRow, question: string, media: Media): Promise<MediaRow>;
  dropMedia(id: string): Promise<void>;
  photo(id: string): Promise<Picture | null>;
}

export class Filling {
  readonly saved: Signal<SaveState>;
  /** Goes up with every change; a widget that reads it is drawn again. */
  readonly version = signal(0);
  /** Questions whose page or field was left: only these are told that they don't fit. */
  readonly left = new Set<string>();
  /** Set by "finish" with gaps: from then on missing answers are marked on the pages too. */
  readonly tried = signal(false);
  /** Codes entered since the form was opened: its registers were read before. */
  readonly fresh: Item[] = [];
  readonly scroll = new Map<string, number>();
  returnTo: string | null = null;
  /** Ends the listening: this form is no longer on the screen. */
  readonly stop: () => void;
  private dirty = false;
  private closed = false;
  private writing: Promise<void> | null = null;
  private readonly underway = new Set<Promise<unknown>>();

  constructor(readonly opened: Opened, readonly doors: Doors) {
    this.saved = signal(opened.stored ? { kind: "saved", at: new Date(opened.draft.saved_at) } : { kind: "new" });
    this.stop = opened.engine.subscribe(() => this.changed());
  }

  get draft(): DraftRow { return this.opened.draft; }
  get model(): FormModel { return this.opened.model; }
  get engine(): Engine { return this.opened.engine; }
  get registers(): Registers { return this.opened.registers; }

  private changed(): void {
    this.version.value += 1;
    void this.keep();
  }

  /** Every answer as it is given; answers given while one is being written go together in the next. */
  keep(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.dirty = true;
    this.writing ??= this.write().finally(() => { this.writing = null; });
    return this.writing;
  }

  private async write(): Promise<void> {
    while (this.dirty) {
      this.dirty = false;
      this.saved.value = { kind: "saving" };
      this.saved.value = await this.once();
    }
  }

  private async once(): Promise<SaveState> {
    try {
      await this.doors.save(this.opened);
      return { kind: "saved", at: new Date(this.draft.saved_at) };
    } catch (fault) {
      return { kind: "failed", full: fault instanceof Error && fault.name === "StorageFull" };
    }
  }

  /** The page may end now: what waits for its turn goes to the store at once. */
  flush(): void {
    if (!this.dirty || this.closed) return;
    this.dirty = false;
    void this.doors.save(this.opened).catch(() => { this.dirty = true; });
  }

  /** Work that ends in an answer (a photo is made smaller): the form is neither finished nor opened again before it. */
  during<T>(work: Promise<T>): Promise<T> {
    this.underway.add(work);
    return work.finally(() => { this.underway.delete(work); });
  }

  async settled(): Promise<void> {
    while (this.underway.size > 0) await Promise.allSettled(this.underway);
    await this.writing;
  }

  get released(): boolean { return this.closed; }

  /** The draft is another's now (another tab's, or nobody's): nothing more is written. */
  release(): void {
    this.closed = true;
    this.stop();
  }

  get(path: string): string {
    void this.version.value;
    return this.engine.get(path);
  }

  set(path: string, value: string): void {
    if (this.engine.get(path) !== value) this.engine.set(path, value);
  }

  /** A code that the register lacked: from now on it can be chosen like the others. */
  async addCode(typed: string): Promise<Item> {
    const item = await this.doors.addCode(typed);
    this.fresh.push(item);
    return item;
  }

  leave(paths: Iterable<string>): void {
    for (const path of paths) this.left.add(path);
    this.version.value += 1;
  }
}

const Context = createContext<Filling | null>(null);
export const FillingProvider = Context.Provider;

export function useFilling(): Filling {
  const filling = useContext(Context);
  if (!filling) throw new Error("a widget outside a form");
  void filling.version.value;
  return filling;
}
