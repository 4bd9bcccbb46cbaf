// What home needs to stand before the store was opened: whose phone this is and which forms can be begun. No figure, no count, no
// name, no record: what could be stale or tell something is left to the store. Kept outside of it, removed when it may not be shown.
import type { Desk } from "./session.ts";

const KEY = "lantoa-glance";
interface Kept { version: string; desk: Desk }

/** The desk as it may be drawn before the store was read; null where home would have something else to say first. */
export function glanceOf(desk: Desk): Desk | null {
  if (desk.revoked || desk.tooOld || desk.forms.some((form) => form.trial)) return null;
  const { unit_label, parent_label, unit_kind, zone, account, t2_mode } = desk.me;
  const me = { unit_label, parent_label, unit_kind, zone, account, t2_mode, name: "", unit: "", organisation: "", rapporteur: "" };
  const forms = desk.forms.filter((form) => form.current).map(({ form_id, version, title, current, sha256, size }) => ({ form_id, version, title, current, sha256, size }));
  return { account: desk.account, me, demo: desk.demo, forms, figures: [], people: [], tooOld: false, revoked: false, clock_offset_ms: null };
}

/** For the next start; null takes away what is there. */
export function keepGlance(desk: Desk | null, version: string): void {
  const glance = desk && glanceOf(desk);
  try {
    if (glance) localStorage.setItem(KEY, JSON.stringify({ version, desk: glance } satisfies Kept));
    else localStorage.removeItem(KEY);
  } catch { /* without it the next start waits for the store */ }
}

/** What this very version of the program has kept. */
export function keptGlance(version: string): Desk | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as Kept | null;
    return kept?.version === version ? kept.desk : null;
  } catch {
    return null;
  }
}
