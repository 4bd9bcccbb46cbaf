// The way from the first screens into the filling part, which may still be on its way.

import { signal, type ReadonlySignal } from "@preact/signals";
import { whenRead } from "../session.ts";

type Part = typeof import("./filling.tsx");
const here = signal<Part | null>(null);
/** Null until it has come. */
export const filling: ReadonlySignal<Part | null> = here;
let asked: Promise<Part> | null = null;

/** Asked for once; again when it did not come. */
export function askForFilling(): Promise<Part> {
  return asked ??= import("./filling.tsx").then((part) => here.value = part, (fault: unknown) => { asked = null; throw fault; });
}

/** `version`: of a trial; the current one otherwise. A press that comes before the store was read is obeyed when it was. */
export const beginForm = (formId: string, version?: string): Promise<void> =>
  Promise.all([askForFilling(), whenRead()]).then(([part, there]) => (there ? part.beginForm(formId, version) : undefined));

type TrialPart = typeof import("../form/widgets/rare_trial.tsx");
const tried = signal<TrialPart | null>(null);
export const trial: ReadonlySignal<TrialPart | null> = tried;
export const askForTrial = (): Promise<TrialPart> => import("../form/widgets/rare_trial.tsx").then((part) => tried.value = part);
