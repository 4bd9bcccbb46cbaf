// What an engine is given to work with, and how it tells of files.
import type { Answers, Item } from "../shapes.ts";

export interface EngineContext {
  now: () => Date; zone: string; language: string;
  register: (name: string) => Item[];
  /** deviceid, username …; the engine itself knows start, end, today and uid. */
  preloads?: Record<string, string>;
  /** The answers of the last record of this form that was finished on this phone. */
  lastSaved?: Answers;
}
/** File names in the language in use. */
export interface Media { image?: string; audio?: string; video?: string }
