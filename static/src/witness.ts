// What this browser has held of ours, noted beside the stores: a browser that throws away a damaged IndexedDB throws away all of it, and
// what is left looks like a phone that was never enrolled (w3c/IndexedDB#30); one whose log was cut looks like the phone of an hour ago.

const KEY = "lantoa-known";

/** `counted`: how many records its device had counted; `lacks`: what its store was found to lack, until somebody has read it. No name, no record. */
type Known = Record<string, { counted: number; lacks?: number }>;

function known(): Known {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "{}") as unknown;
    return found && typeof found === "object" && !Array.isArray(found) ? found as Known : {};
  } catch {
    return {};
  }
}

function keep(all: Known): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch { /* no second opinion then */ }
}

export const witnessed = (): string[] => Object.keys(known());

/** How many records the account's store lacks that it held once; asked with what it has counted now, which is noted. */
export function lackOf(account: string, counted: number): number {
  const all = known();
  const { counted: before = 0, lacks = 0 } = all[account] ?? {};
  const lack = Math.max(lacks, before - counted);
  if (!all[account] || before !== counted || lack !== lacks) keep({ ...all, [account]: { counted, ...(lack > 0 && { lacks: lack }) } });
  return lack;
}

/** The person has read it, or goes on without this store. */
export function forget(account: string): void {
  const { [account]: _, ...others } = known();
  keep(others);
}
