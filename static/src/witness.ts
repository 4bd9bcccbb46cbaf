// That this browser has held stores of ours, noted beside them: when a browser throws away a damaged IndexedDB it throws away all of
// it, directory and stores, and what is left looks like a phone that was never enrolled (w3c/IndexedDB#30).

const KEY = "lantoa-known";

/** Accounts whose stores were here; no name, no record. */
export function witnessed(): string[] {
  try {
    const known = JSON.parse(localStorage.getItem(KEY) ?? "[]") as unknown;
    return Array.isArray(known) ? known.map(String) : [];
  } catch {
    return [];
  }
}

export function witness(accounts: readonly string[]): void {
  try {
    if (accounts.join() !== witnessed().join()) localStorage.setItem(KEY, JSON.stringify(accounts));
  } catch { /* no second opinion then */ }
}
