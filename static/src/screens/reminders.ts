// What still has to follow a finished record: book codes that nobody knew in the hall (U51).
// The form itself counts them; the record's own bytes say how many.

import { effect, signal } from "@preact/signals";
import { accountDb } from "../db.ts";
import { desk, lists, type RecordView } from "../session.ts";

export interface Missing { root_id: string; n: number }
/** Records whose codes are still to come, newest first. */
export const missingCodes = signal<Missing[]>([]);

/** The calculation by which a form says that codes are missing. */
const COUNTED = "members_missing";
const LOOKED_AT = 30;
const known = new Map<string, number>();

export function startReminders(): void {
  effect(() => {
    const account = desk.value?.account;
    const open = lists.value.records.filter((view) => view.can_correct && !view.outline.trial && !view.replaced_by).slice(0, LOOKED_AT);
    if (account) void look(account, open);
  });
}

async function look(account: string, views: RecordView[]): Promise<void> {
  const found: Missing[] = [];
  for (const view of views) {
    const n = known.get(view.record_id) ?? await countIn(account, view.record_id);
    known.set(view.record_id, n);
    if (n > 0) found.push({ root_id: view.root_id, n });
  }
  missingCodes.value = found;
}

async function countIn(account: string, recordId: string): Promise<number> {
  const row = await (await accountDb(account)).get("outbox", recordId);
  const { calculated = {} } = JSON.parse(row?.sealed.payload ?? "{}") as { calculated?: Record<string, string> };
  const path = Object.keys(calculated).find((key) => key.endsWith(`/${COUNTED}`));
  return path ? Number(calculated[path]) || 0 : 0;
}
