// A sheet that comes up from below, and the word of what just happened.
// <dialog> keeps the focus inside, gives it back, and closes on Esc and on the phone's back button.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { IconButton } from "./frame.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { place } from "./router.ts";

interface SheetProps { title: string; onClose: () => void; children: ComponentChildren }

export function Sheet({ title, onClose, children }: SheetProps) {
  const box = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.showModal();
    return () => before?.isConnected && before.focus({ preventScroll: true });
  }, []);
  const onScrim = (event: MouseEvent) => { if (event.target === box.current) onClose(); };
  return (
    <dialog ref={box} class="sheet" aria-labelledby={heading} onCancel={(event) => { event.preventDefault(); onClose(); }} onClose={onClose} onClick={onScrim}>
      <div class="sheet-in">
        <div class="row spread"><h2 id={heading}>{title}</h2><IconButton icon="close" label={t("go.close")} onClick={onClose} /></div>
        {children}
      </div>
    </dialog>
  );
}

const said = signal<{ text: string; on: string; icon: IconName } | null>(null);
let fading: ReturnType<typeof setTimeout> | undefined;
const TOAST_MS = 4000;

/** What just happened; never the only place it is said. */
export const toast = (text: string): void => say(text, "check");
/** The same of something that did not happen: no tick beside it. */
export const toastFault = (text: string): void => say(text, "alert");

function say(text: string, icon: IconName): void {
  said.value = { text, on: location.hash, icon };
  clearTimeout(fading);
  fading = setTimeout(() => { said.value = null; }, TOAST_MS);
}

/** It goes with the screen it was said on. */
export function Toasts() {
  void place.value;
  const now = said.value?.on === location.hash ? said.value : null;
  return (
    <div class="toasts" role="status">
      {now && <p class="toast"><Icon name={now.icon} />{now.text}</p>}
    </div>
  );
}
