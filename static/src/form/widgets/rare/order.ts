// Putting things in order: lists in, lists out.

/** The items in the order of the answer; what it does not name yet follows as the form lists it. */
export function inOrder(names: readonly string[], answer: string): string[] {
  const given = answer.split(" ").filter((name) => names.includes(name));
  return [...given, ...names.filter((name) => !given.includes(name))];
}

/** The item at `from` taken out and put in at `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const left = list.filter((_, n) => n !== from);
  const at = Math.min(Math.max(to, 0), left.length);
  return [...left.slice(0, at), list[from]!, ...left.slice(at)];
}

/** The row whose middle a pointer has passed: where the dragged one belongs now. */
export function rowAt(middles: readonly number[], from: number, y: number): number {
  return middles.filter((middle, n) => n !== from && middle < y).length;
}
