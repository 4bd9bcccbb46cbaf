// "Máy này": what still waits and when it goes, what the server signed, the phone's room, and how the screen looks.

import { useEffect, useState } from "preact/hooks";
import { systemClock } from "../clock.ts";
import { bytes, clock, moment } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import { promptInstall } from "../install.ts";
import { APP_VERSION } from "../surroundings.ts";
import { changeSettings, desk, lists, pauseSync, refresh, resumeSync, settings, startEnrol, storage, switchAccount, syncNow, syncState, type Theme } from "../session.ts";
import { AppBar, Screen, Tabs } from "../ui/frame.tsx";
import { Icon } from "../ui/icon.tsx";
import { Banner, Bar, Button, Row } from "../ui/parts.tsx";
import { Sheet, toast, toastFault } from "../ui/sheet.tsx";
import { Contact, Trouble } from "./contact.tsx";
import { Languages } from "./enrol.tsx";
import { unitWord } from "./words.ts";

const LOW_BYTES = 150_000_000;

export function Phone() {
  const me = desk.value!.me;
  const busy = ["asking", "records", "photos", "news"].includes(syncState.value.phase);
  const paused = syncState.value.phase === "paused";
  useEffect(() => { void refresh(); }, []);
  return (
    <Screen name="phone" title={t("phone.title")} tabs>
      <AppBar title={t("phone.title")}><p><Contact /></p></AppBar>
      <main class="body">
        <Trouble />
        <Outgoing />
        <Kept />
        <Look />
        <People />
        <p class="muted">{t("phone.version", { v: APP_VERSION })}</p>
      </main>
      <div class="actions actions-plain">
        {busy ? <Button kind="secondary" grow onClick={pauseSync}>{t("phone.pause")}</Button>
          : <Button kind="primary" icon="refresh" onClick={() => void send(paused)}>{t("phone.send")}</Button>}
      </div>
      <Tabs now="phone" unit={unitWord(me.unit_kind)} />
    </Screen>
  );
}

async function send(paused: boolean): Promise<void> {
  const before = syncState.value.waiting;
  await (paused ? resumeSync() : syncNow());
  const { problem, waiting } = syncState.value;
  if (problem) return toastFault(t("phone.sync.fault"));
  toast(waiting < before ? t("phone.sent.n", { n: before - waiting }) : t("phone.synced"));
}

/** A number is always beside the bar; the voice speaks at the start, the half and the end only. */
function Outgoing() {
  const { phase, waiting, waiting_photos, waiting_bytes, records, photos, bytes: sent, next_try_at, others } = syncState.value;
  const going = phase === "records" || phase === "photos";
  const now = phase === "records" ? records : photos;
  const share = sent.total > 0 ? sent.done / sent.total : 0;
  return (
    <section class="card stack" data-waiting={waiting}>
      <div class="row spread">
        <h2 class="card-title row"><Icon name={going ? "up" : waiting > 0 ? "clock" : "check"} />
          {going ? t("phone.sending", { n: Math.min(now.done + 1, now.total), of: now.total }) : waiting > 0 ? t("phone.waiting", { n: waiting }) : t("phone.waiting.0")}</h2>
        {going && <b>{Math.round(share * 100)}%</b>}
      </div>
      {going && <Bar share={share} />}
      {going && <p class="muted">{bytes(sent.done)}/{bytes(sent.total)}</p>}
      {!going && waiting_photos > 0 && <p>{t("phone.photos", { n: waiting_photos, size: bytes(waiting_bytes) })}</p>}
      {!going && <p class="muted">{waiting > 0 && next_try_at ? t("phone.next", { at: clock(new Date(next_try_at)) }) : t("phone.auto")}</p>}
      {others > 0 && <p class="muted">{t("phone.others", { n: others })}</p>}
      <span class="sr-only" role="status">{going ? `${Math.floor(share * 2) * 50}%` : ""}</span>
    </section>
  );
}

function Kept() {
  const { last_contact_at } = syncState.value;
  const receipts = lists.value.records.filter((view) => view.receipt).length;
  const room = storage.value;
  const low = room?.free != null && room.free < LOW_BYTES;
  const ask = async () => { await navigator.storage?.persist?.(); await refresh(); };
  return (
    <>
      {low && <Banner tone="attn" title={t("phone.storage.low")}>{t("phone.storage.low.sub", { n: bytes(room!.free!) })}</Banner>}
      <ul class="card card-flush rows">
        <li><Row icon="shield" title={last_contact_at ? t("phone.signed", { at: moment(new Date(last_contact_at), systemClock.now()) }) : t("phone.signed.never")} sub={t("phone.receipts", { n: receipts })} /></li>
        <li>
          <Row icon="store" title={room?.free != null ? t("phone.storage", { n: bytes(room.free) }) : t("phone.storage.unknown")}
            sub={room?.used != null ? t(room.persisted ? "phone.storage.kept" : "phone.storage.unkept", { n: bytes(room.used) }) : ""} />
        </li>
        {room && !room.persisted && <li><Row icon="lock" title={t("phone.keep")} onClick={() => void ask()} /></li>}
        <li><Install /></li>
      </ul>
    </>
  );
}

function Install() {
  const [telling, tell] = useState(false);
  if (matchMedia("(display-mode: standalone)").matches) return null;
  const install = () => { if (!promptInstall()) tell(true); };
  return (
    <>
      <Row icon="phone" title={t("phone.install")} sub={t("phone.install.sub")} onClick={install} />
      {telling && <Sheet title={t("phone.install")} onClose={() => tell(false)}><p class="sheet-body">{t("phone.install.how")}</p></Sheet>}
    </>
  );
}

function Look() {
  const { theme, contrast } = settings.value;
  return (
    <section class="card stack look" aria-labelledby="look">
      <h2 class="card-title" id="look">{t("phone.settings")}</h2>
      <p id="look-language">{t("phone.language")}</p>
      <Languages />
      <p id="look-theme">{t("phone.theme")}</p>
      <div class="segments" role="radiogroup" aria-labelledby="look-theme">
        {(["system", "light", "dark"] as Theme[]).map((one) => (
          <label class="pick">
            <input type="radio" name="theme" value={one} checked={theme === one} onChange={() => changeSettings({ theme: one })} />
            <span class="chip"><Icon name="check" small class="when-on" />{t(`phone.theme.${one}`)}</span>
          </label>
        ))}
      </div>
      <label class="notice-check">
        <input class="tick" type="checkbox" checked={contrast === "more"} onChange={(event) => changeSettings({ contrast: event.currentTarget.checked ? "more" : "system" })} />
        <span class="box" aria-hidden="true"><Icon name="check" /></span>
        <span class="grow"><b>{t("phone.sun")}</b><span class="sub">{t("phone.sun.sub")}</span></span>
      </label>
    </section>
  );
}

/** Shared phones: who is on it now, and the way to another (U23). No rank, no unit: only which one of them. */
function People() {
  const { people, account, me } = desk.value!;
  const [choosing, choose] = useState(false);
  return (
    <ul class="card card-flush rows">
      <li><Row icon="user" title={me.name} sub={t("phone.account")} onClick={() => choose(true)} /></li>
      {choosing && (
        <Sheet title={t("phone.switch")} onClose={() => choose(false)}>
          <p class="muted">{t("phone.switch.sub")}</p>
          <ul class="rows">
            {people.filter((other) => other !== account).map((other, n) => (
              <li><Row icon="user" title={t("phone.person", { n: n + 2 })} sub={other.slice(0, 8)} onClick={() => { choose(false); void switchAccount(other).catch(() => toastFault(t("phone.switch.fault"))); }} /></li>
            ))}
            <li><Row icon="plus" title={t("phone.switch.add")} onClick={startEnrol} /></li>
          </ul>
        </Sheet>
      )}
    </ul>
  );
}
