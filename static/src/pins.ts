// Receipt keys that come after the first: pinned when a key that is pinned already has signed their announcement (P-52).
import { needMeta, write, type Db, type Identity } from "./db.ts";
import { fromBase64url, sha256, signedBy, type PinnedKey } from "./keys.ts";
import type { AnnouncedKey } from "./shapes.ts";

/** What the old key signs when it announces a new one. */
export const announcementText = (server_id: string, { key_id, spki }: PinnedKey): string => ["receipt-key", server_id, key_id, spki].join("\n");

/** Pins whatever a chain of signatures leads to from the keys that are pinned; the rest is left alone. */
export async function pinAnnounced(db: Db, announced: AnnouncedKey[] | undefined): Promise<void> {
  const { server_id, receipt_keys } = await needMeta(db, "identity");
  const pinned = [...receipt_keys];
  for (let found: AnnouncedKey[] | null = null; found === null || found.length > 0; pinned.push(...found)) {
    const unknown = (announced ?? []).filter((key) => !pinned.some(({ key_id }) => key_id === key.key_id));
    const vouched = await Promise.all(unknown.map((key) => isVouched(key, pinned, server_id)));
    found = unknown.filter((_, n) => vouched[n]);
  }
  if (pinned.length === receipt_keys.length) return;
  await write(db, ["meta"], "strict", async (tx) => {
    const identity = await tx.store.get("identity") as Identity;
    // An enrolment meanwhile brought its own keys.
    if (identity.server_id === server_id) await tx.store.put({ ...identity, receipt_keys: pinned.map(({ key_id, spki }) => ({ key_id, spki })) }, "identity");
  });
}

// P-52: a key counts only when a key that is pinned already signed it, and under its own id.
async function isVouched({ key_id, spki, signed_by, signature }: AnnouncedKey, pinned: PinnedKey[], server_id: string): Promise<boolean> {
  if (!signed_by || !signature || !await signedBy(pinned, signed_by, signature, announcementText(server_id, { key_id, spki }))) return false;
  return (await sha256(fromBase64url(spki))).startsWith(key_id) && key_id.length === 16;
}
