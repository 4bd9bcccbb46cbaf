// Saved, then sent: the first is said when the transaction was complete, the second when the server has signed.
// It reads the store, not the moment: it says the same after the app was killed.

import { bytes, clock, day } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import { lists, type RecordView } from "../session.ts";
import { Screen } from "../ui/frame.tsx";
import { Icon, Rings } from "../ui/icon.tsx";
import { Button, Status } from "../ui/parts.tsx";
import { go, place, replace } from "../ui/router.ts";
import { beginForm } from "./begin.ts";
import { titleOf } from "./own_record.tsx";
import { receiptNumber, statusWord } from "./words.ts";

export function Saved() {
  const id = place.value.path[1] ?? "";
  const view = lists.value.records.find((one) => one.record_id === id || one.root_id === id);
  const sent = view?.receipt != null;
  return (
    <Screen name={sent ? "sent" : "saved"} title={sent ? t("sent.title") : t("saved.title")} water>
      <Rings kind={sent ? "sent" : "saved"} class="water-rings" />
      <main class="body">
        <div class="saved-disc"><Icon name={sent ? "shield" : "check"} /></div>
        <div class="lede" role="status">
          <h1>{sent ? t("sent.title") : t("saved.title")}</h1>
          {sent ? <p>{t("sent.sub", { at: clock(new Date(view.receipt!.received_at)) })}</p> : <p>{t("saved.sub1")}<br />{t("saved.sub2")}</p>}
        </div>
        {view && <Card view={view} />}
      </main>
      <div class="actions actions-plain">
        {view && sent && <Button kind="onwater-quiet" onClick={() => go("record", view.root_id)}>{t("sent.receipt")}</Button>}
        {view && !sent && <Button kind="onwater-quiet" onClick={() => void beginForm(view.form_id, view.outline.trial ? view.form_version : undefined)}>{t("saved.again")}</Button>}
        <Button kind="onwater" grow onClick={() => replace("home")}>{t("go.done")}</Button>
      </div>
    </Screen>
  );
}

function Card({ view }: { view: RecordView }) {
  const { receipt, photos } = view;
  const pictures = photos.total > 0 ? (receipt ? t("photo.there", { n: `${photos.sent}/${photos.total}` }) : `${t("photo.count", { n: photos.total })}, ${bytes(photos.bytes)}`) : "";
  const line = [receipt ? t("sent.receipt.is", { no: receiptNumber(receipt.content_sha256) }) : day(view.outline.held_on), pictures].filter(Boolean).join(" · ");
  const next = view.outline.trial ? t("trial.saved") : receipt?.status === "held" ? t("sent.held") : receipt ? t("sent.review") : t("saved.count");
  return (
    <div class="card push" data-record={view.record_id}>
      <div class="row spread"><b>{titleOf(view)}</b><Status word={statusWord(view)} /></div>
      <p class="muted">{line}</p>
      <p class="gain"><Icon name={receipt ? "clock" : "rings"} /><span>{next}</span></p>
    </div>
  );
}
