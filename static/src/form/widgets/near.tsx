// Long pages: only what is near the screen is drawn. What is further stands as its bare words, so that the page has
// its length, find-in-page finds them, and a jump to one draws it. What was drawn stays drawn.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useForm } from "./filling.ts";
import { idle } from "./turns.ts";

/** From so many children on a list is drawn in parts. */
export const LONG = 24;
const PART = 8;
/** How far below and above the screen is near: a thumb's flick. */
const MARGIN = "1500px 0px";
const SOON_MS = 300;

interface NearListProps<T> { items: T[]; keyOf: (item: T) => string; wordsOf: (item: T) => string; holds: (item: T, path: string) => boolean; draw: (item: T) => ComponentChildren }

/** The items in order; from LONG on in parts that are drawn when the screen comes near them. */
export function NearList<T>({ items, keyOf, wordsOf, holds, draw }: NearListProps<T>) {
  const { returnTo } = useForm();
  if (items.length < LONG) return <>{items.map(draw)}</>;
  const parts = Array.from({ length: Math.ceil(items.length / PART) }, (_, n) => items.slice(n * PART, (n + 1) * PART));
  const wanted = returnTo ? parts.findIndex((part) => part.some((item) => holds(item, returnTo))) : -1;
  return <>{parts.map((part, n) => <Near key={keyOf(part[0]!)} name={keyOf(part[0]!)} now={n === 0 || Math.abs(n - wanted) < 2} lines={() => part.map(wordsOf)} draw={() => part.map(draw)} />)}</>;
}

interface NearProps { name: string; now: boolean; lines: () => string[]; draw: () => ComponentChildren }

function Near({ name, now, lines, draw }: NearProps) {
  const { heights } = useForm();
  const [drawn, come] = useState(now);
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = place.current!;
    if (drawn) return () => void heights.set(name, element.offsetHeight);
    const known = heights.get(name);
    if (known) element.style.height = `${known}px`;
    const left = whenNear(element, () => { element.style.height = ""; come(true); });
    return left;
  }, [drawn]);
  return <div ref={place} class={drawn ? "near" : "near ahead"} data-ahead={drawn ? undefined : lines().length}>{drawn ? draw() : lines().map((line) => <p>{line}</p>)}</div>;
}

const watching = new WeakMap<Element, IntersectionObserver>();
const waiting = new WeakMap<Element, () => void>();

function whenNear(element: Element, come: () => void): () => void {
  const page = element.closest(".body") ?? document.documentElement;
  let observer = watching.get(page);
  if (!observer) watching.set(page, (observer = new IntersectionObserver(seen, { root: page.matches(".body") ? page : null, rootMargin: MARGIN })));
  waiting.set(element, come);
  observer.observe(element);
  return () => observer.unobserve(element);
}

/** What is in sight at once; what is only near one by one, when the thumb rests. */
function seen(entries: IntersectionObserverEntry[]): void {
  for (const { isIntersecting, target, boundingClientRect: { top, bottom } } of entries) {
    if (!isIntersecting) continue;
    const come = () => waiting.get(target)?.();
    if (top < innerHeight && bottom > 0) come();
    else idle(come, SOON_MS);
  }
}
