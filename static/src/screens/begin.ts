// The way from the first screens into the filling part, which may still be on its way.

import { signal, type ReadonlySignal } from "@preact/signals";

type Part = typeof import("./filling.tsx");
const here = signal<Part | null>(null);
/** Null until it has come. */
export const filling: ReadonlySignal<Part | null> = here;
let asked: Promise<Part> | null = null;

/** Asked for once; again when it did not come. */
export function askForFilling(): Promise<Part> {
  return asked ??= import("./filling.tsx").then((part) => here.value = part, (fault: unknown) => { asked = null; throw fault; });
}

/** `version`: of a trial; the current one otherwise. */
export const beginForm = (formId: string, version?: string): Promise<void> => askForFilling().then((part) => part.beginForm(formId, version));

type TrialPart = typeof import("../form/widgets/rare_trial.tsx");
const tried = signal<TrialPart | null>(null);
export const trial: ReadonlySignal<TrialPart | null> = tried;
export const askForTrial = (): Promise<TrialPart> => import("../form/widgets/rare_trial.tsx").then((part) => tried.value = part);
