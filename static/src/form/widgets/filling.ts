// A form being filled: the engine, its draft, and whether the last answer is kept. One at a time on the screen.
// What an answer means is the engine's matter; where a draft lies is drafts.ts's.

import { signal, type Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { DraftRow, MediaRow, Photo } from "../../drafts.ts";
import type { Registers } from "../../registers.ts";
import type { FormModel, Language } from "../../shapes.ts";
import type { Engine } from "../engine.ts";

export type SaveState = { kind: "new" } | { kind: "saving" } | { kind: "saved"; at: Date } | { kind: "failed"; full: boolean };

/** What the widgets need of the world outside: passed in, so that a widget touches no store and no clock itself. */
export interface Doors {
  now(): Date;
  save(draft: DraftRow): Promise<void>;
  addCode(code: string): Promise<{ name: string; label: string }>;
  addPhoto(question: string, take: (now: Date) => Promise<Photo>): Promise<MediaRow>;
  dropPhoto(id: string): Promise<void>;
  photo(id: string): Promise<{ url: string; size: number } | null>;
}

export class Filling {
  readonly saved: Signal<SaveState>;
  /** Goes up with every change; a widget that reads it is drawn again. */
  readonly version = signal(0);
  /** Questions whose page or field was left: only these are told that they don't fit. */
  readonly left = new Set<string>();
  /** Set by "finish" with gaps: from then on missing answers are marked on the pages too. */
  readonly tried = signal(false);
  readonly scroll = new Map<string, number>();
  returnTo: string | null = null;
  private dirty = false;
  private writing: Promise<void> | null = null;

  constructor(
    readonly draft: DraftRow, readonly model: FormModel, readonly engine: Engine, readonly registers: Registers,
    readonly language: Language, readonly doors: Doors, stored: boolean,
  ) {
    this.saved = signal(stored ? { kind: "saved", at: new Date(draft.saved_at) } : { kind: "new" });
    engine.subscribe(() => this.changed());
  }

  private changed(): void {
    this.version.value += 1;
    void this.keep();
  }

  /** Every answer as it is given; answers given while one is being written go together in the next. */
  keep(): Promise<void> {
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
    const at = this.doors.now();
    this.draft.answers = this.engine.answers();
    this.draft.saved_at = at.toISOString();
    try {
      await this.doors.save(this.draft);
      return { kind: "saved", at };
    } catch (fault) {
      return { kind: "failed", full: fault instanceof Error && fault.name === "StorageFull" };
    }
  }

  get(path: string): string {
    void this.version.value;
    return this.engine.get(path);
  }

  set(path: string, value: string): void {
    if (this.engine.get(path) !== value) this.engine.set(path, value);
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
