// A form being filled: the engine, its draft, and whether the last answer is kept. One at a time on the screen.
// What an answer means is the engine's matter; where a draft lies is drafts.ts's.

import { batch, computed, signal, type Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { DraftRow, Media, MediaRow, Place } from "../../drafts.ts";
import type { Opened } from "../../opening.ts";
import type { Registers } from "../../registers.ts";
import { language, wordsIn } from "../../i18n/index.ts";
import type { FormModel, Item, Words } from "../../shapes.ts";
import type { Engine } from "../engine.ts";
import { pagesOf, type Page } from "./pages.ts";
import { otherThanShown } from "./shown.ts";

export type SaveState = { kind: "new" } | { kind: "saving" } | { kind: "saved"; at: Date } | { kind: "failed"; full: boolean };

export interface Picture { url: string; size: number; kind?: string }

/** What the widgets need of the world outside: passed in, so that a widget touches no store and no clock itself. */
export interface Doors {
  now(): Date;
  save(opened: Opened): Promise<void>;
  /** Only the draft's row as it stands: where the person is. */
  mark(draft: DraftRow): Promise<void>;
  addCode(code: string, trial: boolean): Promise<Item>;
  addMedia(draft: DraftRow, question: string, media: Media): Promise<MediaRow>;
  dropMedia(id: string): Promise<void>;
  photo(id: string): Promise<Picture | null>;
  /** A file that travels beside the form: a picture or a sound of a label. */
  file(model: FormModel, name: string): Promise<Picture | null>;
}

export class Filling {
  readonly saved: Signal<SaveState>;
  /** Goes up with every change: for what looks at the whole form. A question looks at its own place (`at`). */
  readonly version = signal(0);
  /** The pages that apply now; the same list as long as they are the same pages. */
  readonly pages: Signal<Page[]>;
  /** Questions whose page or field was left: only these are told that they don't fit. */
  readonly left = new Set<string>();
  /** Set by "finish" with gaps: from then on missing answers are marked on the pages too. */
  readonly tried = signal(false);
  /** What the part that was left last still lacks: said on the next one. */
  readonly told = signal<{ page: string; text: string } | null>(null);
  /** Codes entered since the form was opened: its registers were read before. */
  readonly fresh: Item[] = [];
  readonly scroll = new Map<string, number>();
  /** How high what was drawn has been: its place stays that high while it is far away. */
  readonly heights = new Map<string, number>();
  returnTo: string | null = null;
  /** The way on from this page, for a question that goes on by itself. */
  onward: (() => void) | null = null;
  /** Ends the listening: this form is no longer on the screen. */
  readonly stop: () => void;
  private dirty = false;
  private closed = false;
  private writing: Promise<void> | null = null;
  private readonly underway = new Set<Promise<unknown>>();
  private readonly spots = new Map<string, Signal<number>>();

  constructor(readonly opened: Opened, readonly doors: Doors) {
    this.saved = signal(opened.stored ? { kind: "saved", at: new Date(opened.draft.saved_at) } : { kind: "new" });
    this.stop = opened.engine.subscribe((paths) => this.changed(paths));
    let before: Page[] = [];
    this.pages = computed(() => {
      void this.version.value;
      const now = pagesOf(this.model, this.engine);
      return before = now.length === before.length && now.every((page, n) => page === before[n]) ? before : now;
    });
  }

  get draft(): DraftRow { return this.opened.draft; }
  get model(): FormModel { return this.opened.model; }
  get engine(): Engine { return this.opened.engine; }
  get registers(): Registers { return this.opened.registers; }

  /** Words of the form, in the language it is filled in. */
  words(words: Words | undefined): string { return wordsIn(words, this.opened.language.value); }

  /** For `lang`: missing where the form speaks as the app does; "" where the language has a name but no code. */
  get lang(): string | undefined {
    const now = this.opened.language.value;
    return now === language.value ? undefined : /^[a-z]{2,3}$/.test(now) ? now : "";
  }

  speak(wanted: string): void {
    this.draft.language = wanted;
    this.opened.language.value = wanted;
    this.engine.languageChanged();
    this.redraw();
    void this.keep();
  }

  private changed(paths: string[]): void {
    batch(() => {
      this.version.value += 1;
      for (const path of paths) this.climb(path);
    });
    void this.keep();
  }

  /** Goes up when something of this place itself changed: its answer, whether it applies, its choices, its rows. */
  at(path: string): Signal<number> { return this.spot(path); }

  /** The same for this place and everything in it. */
  under(path: string): Signal<number> { return this.spot(`${path}/*`); }

  private spot(key: string): Signal<number> {
    let spot = this.spots.get(key);
    if (spot) return spot;
    const made = signal(0);
    this.spots.set(key, made);
    const isOther = otherThanShown(this, key);
    if (!key.endsWith("/*")) this.engine.watch(key, () => { if (isOther()) made.value += 1; });
    return made;
  }

  private bump(key: string): void {
    const spot = this.spots.get(key);
    if (spot) spot.value += 1;
  }

  private climb(path: string): void {
    for (let place = path; place; place = place.slice(0, place.lastIndexOf("/"))) {
      this.bump(`${place}/*`);
      if (place.endsWith("]")) this.bump(`${place.slice(0, place.lastIndexOf("["))}/*`);
    }
  }

  /** Everything on the screen again: other words, or rows that moved up. */
  redraw(): void {
    batch(() => {
      this.version.value += 1;
      for (const spot of this.spots.values()) spot.value += 1;
    });
  }

  /** A row is taken out; those after it move up, with what was said of them. */
  removeRow(repeat: string, n: number): void {
    this.engine.removeRepeat(repeat, n);
    for (const path of this.left) if (path.startsWith(`${repeat}[`)) this.left.delete(path);
    this.redraw();
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
      await settledDown();
      this.saved.value = { kind: "saving" };
      this.dirty = false;
      this.saved.value = await this.once();
    }
  }

  private async once(): Promise<SaveState> {
    try {
      await this.doors.save(this.opened);
      return { kind: "saved", at: new Date(this.draft.saved_at) };
    } catch (fault) {
      if (fault instanceof Error && fault.name === "AlreadyFinished") return { kind: "saved", at: new Date(this.draft.saved_at) };
      return { kind: "failed", full: fault instanceof Error && fault.name === "StorageFull" };
    }
  }

  /** Where the person is: kept beside the answers of a draft that has some. */
  here(place: Partial<Place>): void {
    this.draft.place = { page: "", ...this.draft.place, ...place, open: true };
    this.mark();
  }

  /** The person has left the form: the app does not come back to it by itself. */
  close(): void {
    if (!this.draft.place || this.closed) return;
    this.draft.place.open = false;
    // At once: whoever leaves the form may leave the app with the next tap.
    if (this.opened.stored && !this.dirty) void this.doors.mark(this.draft).catch(() => undefined);
    else this.mark();
  }

  private mark(): void {
    if (this.opened.stored && !this.closed) void settledDown().then(async () => { if (!this.closed && !this.dirty) await this.doors.mark(this.draft); }).catch(() => undefined);
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

  get(path: string): string { return this.engine.get(path); }

  set(path: string, value: string): void {
    if (this.engine.get(path) !== value) this.engine.set(path, value);
  }

  /** A code that the register lacked: from now on it can be chosen like the others. */
  async addCode(typed: string): Promise<Item> {
    const item = await this.doors.addCode(typed, this.opened.trial);
    this.fresh.push(item);
    return item;
  }

  /** The person is done with these for now: what is wrong with them may be said. */
  leave(paths: Iterable<string>): void {
    batch(() => {
      this.version.value += 1;
      for (const path of paths) {
        if (this.left.has(path)) continue;
        this.left.add(path);
        this.bump(path);
        this.climb(path);
      }
    });
  }
}

/** What a part of the screen looks at: drawn again when it changes. Without one: every change. */
export interface Scope { readonly value: unknown }
export const STILL: Scope = { value: 0 };

const Context = createContext<Filling | null>(null);
const Looking = createContext<Scope | null>(null);
export const FillingProvider = Context.Provider;
export const ScopeProvider = Looking.Provider;

/** Several places as one. */
export function placesOf(filling: Filling, paths: string[]): Scope {
  return { get value() { for (const path of paths) void filling.at(path).value; return 0; } };
}

/** The form, looked at as the nearest ScopeProvider says. */
export function useFilling(): Filling {
  const scope = useContext(Looking);
  const filling = useForm();
  void (scope ?? filling.version).value;
  return filling;
}

/** The form without looking at anything of it: what is drawn from it must say itself what it looks at. */
export function useForm(): Filling {
  const filling = useContext(Context);
  if (!filling) throw new Error("a widget outside a form");
  return filling;
}

/** After the work of this answer, and no later: a window that closes at once must not lose it. */
const settledDown = (): Promise<void> => new Promise((done) => { setTimeout(done); });
