// A new token is on trial until the server has answered to it; until then the old one is kept (P-04).
import { needMeta, write, type Identity } from "./db.ts";
import type { Round } from "./exchange.ts";

export const tokenToUse = ({ token, next_token }: Identity): string => next_token ?? token;

// P-04: an answer to the new token, and only that, ends the old one.
export async function newTokenWorked(round: Round): Promise<void> {
  const { next_token } = await needMeta(round.db, "identity");
  if (next_token && round.api.token === next_token) await choose(round, next_token, next_token);
}

/** The server does not know the new token (it lost it, or never kept it). True: the old one is in use again. */
export async function backToOldToken(round: Round): Promise<boolean> {
  const { token, next_token } = await needMeta(round.db, "identity");
  if (!next_token || round.api.token !== next_token) return false;
  await choose(round, next_token, token);
  round.api = round.api.under(token);
  return true;
}

async function choose({ db }: Round, tried: string, token: string): Promise<void> {
  await write(db, ["meta"], "strict", async (tx) => {
    const { next_token, ...identity } = await tx.store.get("identity") as Identity;
    if (next_token === tried) await tx.store.put({ ...identity, token }, "identity"); // else: enrolled anew meanwhile
  });
}
