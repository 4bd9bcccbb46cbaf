// Which language the person reads: the choice kept on this phone, as far as its words are here.
// Vietnamese is in the program; English is a part of its own, asked for when it is chosen.

import { computed, effect, signal } from "@preact/signals";
import { holdParts } from "../parts.ts";
import { settings } from "../settings.ts";
import { APP_VERSION } from "../surroundings.ts";
import type { Language } from "../shapes.ts";

type English = typeof import("./en.ts").en;
const inner = signal<English | null>(null);
/** Null until the part has come. */
export const english = inner;

export const language = computed((): Language => (inner.value ? settings.value.language : "vi"));

/** Resolves when the words of the chosen language are here; rejects when they did not come. */
export async function bringWords(chosen: Language): Promise<void> {
  if (chosen !== "en" || inner.value) return;
  inner.value = (await import("./en.ts")).en;
  void holdParts(["en"], APP_VERSION).catch(() => undefined);
}

/** Whenever it is chosen, also in another way than by the switch. */
effect(() => { bringWords(settings.value.language).catch(() => undefined); });
