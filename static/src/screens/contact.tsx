// The line that says whether the server is there: judged by its signed answer, never by what the phone believes of its network.

import { NEEDS_HELP_AFTER } from "../backoff.ts";
import { systemClock } from "../clock.ts";
import { clock, day, dayOf, moment } from "../i18n/format.ts";
import { t, type Key } from "../i18n/index.ts";
import { desk, openDraftId, readBehind, readLoss, showLost, startEnrol, syncState, takeUpdate, unread, updateReady, type SyncProblem } from "../session.ts";
import { Icon } from "../ui/icon.tsx";
import { Banner, Button } from "../ui/parts.tsx";
import { useHelp } from "./own_record.tsx";

export function Contact() {
  const { phase, last_contact_at, records, photos } = syncState.value;
  const problem = syncState.value.problem === "account-disabled" ? null : syncState.value.problem; // the line is well, and takes all
  if (unread.value) return null;
  const at = last_contact_at ? moment(new Date(last_contact_at), systemClock.now()) : "";
  if (phase === "records" || phase === "photos") {
    const now = phase === "records" ? records : photos;
    return <><Icon name="up" small />{t(phase === "photos" ? "phone.sending.photos" : "phone.sending", { n: Math.min(now.done + 1, now.total), of: now.total })}</>;
  }
  if (problem && problem !== "offline") return <><Icon name="alert" small />{t(problem === "portal" ? "net.portal" : problem === "busy" ? "net.busy" : "net.stuck")}</>;
  if (problem || !at) return <><Icon name="nosignal" small />{at ? t("net.offline", { at }) : problem ? t("net.offline.never") : t("net.never")}</>;
  return <><Icon name="signal" small />{t("net.online", { at })}</>;
}

/** What keeps records on the phone and doesn't go away by waiting: in plain words, with the way out. */
const TROUBLES: Partial<Record<SyncProblem, readonly [title: Key, sub: Key]>> = {
  portal: ["trouble.portal", "trouble.portal.sub"], unsigned: ["trouble.unsigned", "trouble.unsigned.sub"],
  "enrol-again": ["trouble.enrol", "trouble.enrol.sub"], "device-revoked": ["phone.revoked", "phone.revoked.sub"],
  "store-lost": ["trouble.lost", "trouble.lost.sub"], "store-broken": ["trouble.store", "trouble.store.sub"],
};

export function Trouble() {
  const { problem, failures, lost } = syncState.value;
  const rare = !unread.value && (failures >= NEEDS_HELP_AFTER || problem === "account-disabled" || desk.value?.wiped || desk.value?.restored_at);
  const help = useHelp(Boolean(rare)).value;
  const known = TROUBLES[problem ?? (desk.value?.revoked ? "device-revoked" : "offline")];
  return (
    <>
      {rare && help && <help.Rarely />}
      {known && (
        <Banner tone={problem === "portal" ? "attn" : "error"} title={t(known[0])}>
          <p>{t(known[1])}</p>
          {problem === "store-lost" && lost && <Button kind="quiet" small end="next" onClick={() => void showLost(lost)}>{t("trouble.lost.go")}</Button>}
          {problem === "enrol-again" && <Button kind="quiet" small end="next" onClick={startEnrol}>{t("empty.go")}</Button>}
        </Banner>
      )}
      <Lost />
      <Behind />
      {desk.value?.ended && <Banner tone="attn" icon="lock" title={t("shut.title")}>{t("q.shut")}</Banner>}
      <Renewal />
      <WrongClock />
    </>
  );
}

/** What the phone before this one had told of, and never sent. */
function Lost() {
  const loss = desk.value?.loss;
  if (!loss) return null;
  return (
    <Banner tone="error" title={t("loss.title", { n: loss.waiting })}>
      <p>{t("loss.sub", { at: moment(new Date(loss.last_contact_at), systemClock.now()) })}</p>
      <Button kind="quiet" small onClick={() => void readLoss()}>{t("loss.read")}</Button>
    </Banner>
  );
}

/** The store is an older one than this phone has had. */
function Behind() {
  const n = desk.value?.behind;
  if (!n) return null;
  return (
    <Banner tone="error" title={t("behind.title", { n })}>
      <p>{t("behind.sub")}</p>
      <Button kind="quiet" small onClick={() => void readBehind()}>{t("loss.read")}</Button>
    </Banner>
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
