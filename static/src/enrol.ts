// Enrolling this phone: the code, the device key, the first news; and where enrolling makes no sense (Zalo, an iPhone's tab).
import { Api, MODEL_FORMAT, slugOf, type Fetch, type Reply } from "./api.ts";
import { stamp, type Clock } from "./clock.ts";
import { accountDb, chooseAccount, makeAccount, meta, type Identity } from "./db.ts";
import { makeDeviceKey, publicSpki } from "./keys.ts";
import { applyChanges, keepFiles } from "./news.ts";
import type { Enrolled } from "./shapes.ts";

export const CODE_LETTERS = 26;

/** Upper case, dashes and spaces out, O → 0, I and L → 1: what the server hashes. */
export const normalEnrolCode = (typed: string): string =>
  typed.toUpperCase().replace(/[\s‐-―-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");

/** Crockford's base32 has no U; nothing is sent that can't be a code. */
export const looksLikeCode = (code: string): boolean => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(code);

/** The code in `#enrol=CODE`, or null. */
export function codeInHash(hash: string): string | null {
  const code = new URLSearchParams(hash.replace(/^#/, "")).get("enrol");
  return code ? normalEnrolCode(code) : null;
}

export type Door = "app" | "tab" | "ios-tab" | "in-app-browser";

/** Where the page runs. Enrolling waits for "app" or "tab"; the others are told how to open it properly (U46, D5). */
export function doorOf(userAgent: string, standalone: boolean, touchPoints = 0): Door {
  if (/\b(Zalo|FBAN|FBAV|FB_IAB|Instagram|Line\/|MicroMessenger|TikTok|musical_ly|Viber)|; wv\)/i.test(userAgent)) return "in-app-browser";
  const apple = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1);
  if (apple && !standalone) return "ios-tab";
  return standalone ? "app" : "tab";
}

export type EnrolProblem = "code-malformed" | "code-unknown" | "code-expired" | "code-used" | "too-many" | "offline" | "portal" | "refused";
export class EnrolFault extends Error {
  override name = "EnrolFault";
  constructor(readonly why: EnrolProblem, readonly retry_after_ms: number | null = null) { super(why); }
}

export interface EnrolTools {
  fetch: Fetch; clock: Clock; appVersion: string; deviceName: string;
  /** Asks the browser to keep our storage; false when it won't say yes. */
  persist: () => Promise<boolean>;
}

/**
 * Spend the code; resolves with the account once everything is in a strict transaction. EnrolFault otherwise.
 * The same officer enrolling again keeps the records that are here; they go on under the new key and token.
 */
export async function enrol(typed: string, tools: EnrolTools): Promise<string> {
  const code = normalEnrolCode(typed);
  if (!looksLikeCode(code)) throw new EnrolFault("code-malformed");
  const keys = await makeDeviceKey();
  const storage_persisted = await tools.persist();
  const request = { code, public_key: await publicSpki(keys), device_name: tools.deviceName, app_version: tools.appVersion, storage_persisted, format: MODEL_FORMAT };
  const reply = await new Api(tools.fetch).enrol(request);
  if (reply.kind !== "ok") throw faultOf(reply);
  await keep(reply.value, keys, tools.clock);
  return reply.value.account;
}

async function keep(enrolled: Enrolled, keys: CryptoKeyPair, clock: Clock): Promise<void> {
  const { account, device_id, token, server_id, epoch, zone, receipt_keys, seal_keys, changes, files } = enrolled;
  const now = clock.now();
  const before = await accountDb(account).then((db) => meta(db, "identity"), () => undefined);
  // An epoch that we don't know makes the first exchange offer everything that is still here.
  const known = before?.server_id === server_id ? before.epoch : before ? -1 : epoch;
  const identity: Identity = { account, device_id, token, server_id, epoch: known, zone, receipt_keys, seal_keys, enrolled_at: stamp(now), state: "active" };
  const db = await makeAccount(account, { identity, keys, me: changes.me });
  await applyChanges(db, changes, now);
  await keepFiles(db, changes, files ?? {});
  await chooseAccount(account);
}

function faultOf(reply: Exclude<Reply<Enrolled>, { kind: "ok" }>): EnrolFault {
  if (reply.kind === "silent") return new EnrolFault("offline");
  if (reply.kind === "portal") return new EnrolFault("portal");
  const why: Record<string, EnrolProblem> = {
    "enrolment-code-unknown": "code-unknown", "enrolment-code-expired": "code-expired", "enrolment-code-used": "code-used", "too-many-attempts": "too-many",
  };
  const { problem } = reply;
  if (problem.status === 429) return new EnrolFault("too-many", reply.retry_after_ms);
  return new EnrolFault(why[slugOf(problem)] ?? "refused", reply.retry_after_ms);
}
