// What this browser has held of ours, noted beside the stores: a browser that throws away a damaged IndexedDB throws away all of it, and
// what is left looks like a phone that was never enrolled (w3c/IndexedDB#30); one whose log was cut looks like the phone of an hour ago.

const KEY = "lantoa-known";

/** Account → how many records its device had counted; no name, no record. */
export function witnessed(): Record<string, number> {
  try {
    const known = JSON.parse(localStorage.getItem(KEY) ?? "{}") as unknown;
    return known && typeof known === "object" && !Array.isArray(known) ? known as Record<string, number> : {};
  } catch {
    return {};
  }
}

/** Null: the person knows that this store is lost. */
export function witness(account: string, counted: number | null): void {
  const { [account]: before, ...others } = witnessed();
  if (before === (counted ?? undefined)) return;
  try {
    localStorage.setItem(KEY, JSON.stringify(counted === null ? others : { ...others, [account]: counted }));
  } catch { /* no second opinion then */ }
}

/** How many records a store lacks that it held once. */
export const wentBack = (account: string, counted: number): number => Math.max(0, (witnessed()[account] ?? 0) - counted);
