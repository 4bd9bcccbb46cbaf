// The line that says whether the server is there: judged by its signed answer, never by what the phone believes of its network.

import { systemClock } from "../clock.ts";
import { clock, day, dayOf, moment } from "../i18n/format.ts";
import { t, type Key } from "../i18n/index.ts";
import { desk, openDraftId, startEnrol, syncState, takeUpdate, unread, updateReady, type SyncProblem } from "../session.ts";
import { Icon } from "../ui/icon.tsx";
import { Banner, Button } from "../ui/parts.tsx";

export function Contact() {
  const { phase, problem, last_contact_at, records, photos } = syncState.value;
  if (unread.value) return null;
  const at = last_contact_at ? moment(new Date(last_contact_at), systemClock.now()) : "";
  if (phase === "records" || phase === "photos") {
    const now = phase === "records" ? records : photos;
    return <><Icon name="up" small />{t("phone.sending", { n: Math.min(now.done + 1, now.total), of: now.total })}</>;
  }
  if (problem && problem !== "offline") return <><Icon name="alert" small />{t(problem === "portal" ? "net.portal" : problem === "busy" ? "net.busy" : "net.stuck")}</>;
  if (problem || !at) return <><Icon name="nosignal" small />{at ? t("net.offline", { at }) : problem ? t("net.offline.never") : t("net.never")}</>;
  return <><Icon name="signal" small />{t("net.online", { at })}</>;
}

/** What keeps records on the phone and doesn't go away by waiting: in plain words, with the way out. */
const TROUBLES: Partial<Record<SyncProblem, readonly [title: Key, sub: Key]>> = {
  portal: ["trouble.portal", "trouble.portal.sub"], unsigned: ["trouble.unsigned", "trouble.unsigned.sub"],
  "enrol-again": ["trouble.enrol", "trouble.enrol.sub"], "device-revoked": ["phone.revoked", "phone.revoked.sub"],
  "store-lost": ["trouble.store", "trouble.store.sub"],
};

export function Trouble() {
  const { problem } = syncState.value;
  const known = TROUBLES[problem ?? (desk.value?.revoked ? "device-revoked" : "offline")];
  return (
    <>
      {known && (
        <Banner tone={problem === "portal" ? "attn" : "error"} title={t(known[0])}>
          <p>{t(known[1])}</p>
          {problem === "enrol-again" && <Button kind="quiet" small end="next" onClick={startEnrol}>{t("empty.go")}</Button>}
        </Banner>
      )}
      <Renewal />
      <WrongClock />
    </>
  );
}

/** A newer app is here, or a form needs one that is still to come: the button asks for it, then lets it in. */
function Renewal() {
  const old = desk.value?.tooOld;
  if (openDraftId.value || !(updateReady.value || old)) return null;
  return <Banner tone={old ? "attn" : "info"} icon="refresh" title={t(old ? "phone.old" : "phone.update")}><Button kind="quiet" small onClick={takeUpdate}>{t("phone.update.go")}</Button></Banner>;
}

const WRONG_MS = 30 * 60_000;

/** The day of a record comes from the phone's clock: half an hour off is told, ten years too. */
function WrongClock() {
  const off = desk.value?.clock_offset_ms ?? 0;
  if (Math.abs(off) < WRONG_MS) return null;
  const right = new Date(systemClock.now().getTime() + off);
  return <Banner tone="attn" icon="clock" title={t("trouble.clock")}>{t("trouble.clock.sub", { at: `${day(dayOf(right))} ${clock(right)}` })}</Banner>;
}
