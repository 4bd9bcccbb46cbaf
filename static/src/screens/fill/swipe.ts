// A swipe to the side turns the page of a form. It takes nothing from what moves sideways itself, from typing or selecting.

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

export interface Swiped { previous?: (() => void) | undefined; next?: (() => void) | undefined }

const FAR_PX = 64, SLOW_MS = 700;
const OWN = "input[type=range], canvas, video, textarea, [contenteditable], [data-own-swipe]";

export function useSwipe(body: RefObject<HTMLElement | null>, swiped: Swiped | undefined): void {
  const turn = useRef(swiped);
  turn.current = swiped;
  useEffect(() => {
    const element = body.current;
    if (!element) return;
    let from: PointerEvent | null = null;
    const down = (event: PointerEvent) => { from = event.isPrimary && event.pointerType !== "mouse" && !isTaken(event.target as Element, element) ? event : null; };
    const up = (event: PointerEvent) => {
      const began = from;
      from = null;
      if (!began || began.pointerId !== event.pointerId || event.timeStamp - began.timeStamp > SLOW_MS || !getSelection()?.isCollapsed) return;
      const [x, y] = [event.clientX - began.clientX, Math.abs(event.clientY - began.clientY)];
      if (Math.abs(x) < FAR_PX || y > Math.abs(x) / 2) return;
      if (x < 0) turn.current?.next?.();
      else turn.current?.previous?.();
    };
    const stop = () => { from = null; };
    const heard: [string, (event: PointerEvent) => void][] = [["pointerdown", down], ["pointerup", up], ["pointercancel", stop]];
    for (const [name, hear] of heard) element.addEventListener(name as "pointerup", hear);
    return () => { for (const [name, hear] of heard) element.removeEventListener(name as "pointerup", hear); };
  }, []);
}

/** Somebody types there, or it moves sideways by itself. */
function isTaken(target: Element, body: Element): boolean {
  if (target.closest(OWN) || target === document.activeElement && target.matches("input:not([type=radio], [type=checkbox])")) return true;
  for (let at: Element | null = target; at && at !== body; at = at.parentElement) if (at.scrollWidth > at.clientWidth + 1 && getComputedStyle(at).overflowX !== "visible") return true;
  return false;
}
