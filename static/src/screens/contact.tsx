// The line that says whether the server is there: judged by its signed answer, never by what the phone believes of its network.

import { systemClock } from "../clock.ts";
import { moment } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import { syncState } from "../session.ts";
import { Icon } from "../ui/icon.tsx";

export function Contact() {
  const { phase, problem, last_contact_at, records, photos } = syncState.value;
  const at = last_contact_at ? moment(new Date(last_contact_at), systemClock.now()) : "";
  if (phase === "records" || phase === "photos") {
    const now = phase === "records" ? records : photos;
    return <><Icon name="up" small />{t("phone.sending", { n: Math.min(now.done + 1, now.total), of: now.total })}</>;
  }
  if (problem || !at) return <><Icon name="nosignal" small />{at ? t("net.offline", { at }) : problem ? t("net.offline.never") : t("net.never")}</>;
  return <><Icon name="signal" small />{t("net.online", { at })}</>;
}
