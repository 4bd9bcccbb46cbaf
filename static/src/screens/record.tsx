// One own record to read: its status, the reviewer's words, the answers as they were sealed, the server's receipt; "Sửa" and "Rút lại".

import { useEffect, useState } from "preact/hooks";
import { systemClock } from "../clock.ts";
import { answerText } from "../form/widgets/answer_text.ts";
import { usePicture } from "../form/widgets/photos.tsx";
import { pagesOf } from "../form/widgets/pages.ts";
import { questionsIn, type Found } from "../form/widgets/walk.ts";
import { bytes, day, moment } from "../i18n/format.ts";
import { t, words } from "../i18n/index.ts";
import type { Opened } from "../opening.ts";
import { withdraw } from "../recording.ts";
import { lists, type RecordView } from "../session.ts";
import { AppBar, IconButton, Screen } from "../ui/frame.tsx";
import { Icon } from "../ui/icon.tsx";
import { Banner, Button, Status } from "../ui/parts.tsx";
import { back, place, replace } from "../ui/router.ts";
import { Sheet, toast, toastFault } from "../ui/sheet.tsx";
import { beginCorrection, pictureOf } from "./fill/fill.tsx";
import { readRecord } from "./reading.ts";
import { Help, titleOf } from "./own_record.tsx";
import { receiptNumber, statusWord } from "./words.ts";

export function RecordScreen() {
  const root = place.value.path[1] ?? "";
  const view = lists.value.records.find((one) => one.root_id === root);
  const [taking, take] = useState(false);
  const leave = () => back("records");
  if (!view) return <Unknown />;
  const begin = () => { void beginCorrection(view.record_id).catch(() => toastFault(t("record.sealed"))); };
  return (
    <Screen name="record" title={titleOf(view)}>
      <AppBar title={titleOf(view)} before={<IconButton icon="back" label={t("go.back")} onClick={leave} />}><p>{day(view.outline.held_on)}</p></AppBar>
      <main class="body" tabIndex={0}>
        <div class="row spread wrap"><Status word={statusWord(view)} /><span class="muted">{t("record.finished", { at: moment(new Date(view.finished_at), systemClock.now()) })}</span></div>
        {view.status === "needs_help" && <section class="card"><Help view={view} /></section>}
        <Review view={view} />
        {view.intent === "withdraw" ? null : <Answers view={view} />}
        <ReceiptCard view={view} />
      </main>
      {(view.can_correct || view.can_withdraw) && (
        <div class="actions">
          {view.can_withdraw && <Button kind="secondary" icon="trash" onClick={() => take(true)}>{t("record.withdraw")}</Button>}
          {view.can_correct && <Button kind="primary" icon="pencil" onClick={begin}>{view.replaced_by ? t("record.continue") : view.status === "returned" ? t("returned.open") : t("record.edit")}</Button>}
        </div>
      )}
      {taking && <TakeBack view={view} onClose={() => take(false)} />}
    </Screen>
  );
}

function Unknown() {
  return (
    <Screen name="record-unknown" title={t("record.lost")}>
      <AppBar title={t("record.title")} before={<IconButton icon="back" label={t("go.back")} onClick={() => replace("records")} />} />
      <main class="body empty-body"><h2 data-heading>{t("record.lost")}</h2></main>
    </Screen>
  );
}

function Review({ view: { review } }: { view: RecordView }) {
  if (!review) return null;
  const attn = ["returned", "rejected", "reversed"].includes(review.outcome);
  return (
    <Banner tone={attn ? "attn" : "info"} icon={attn ? "return" : "accepted"} title={review.reason ?? ""}>
      {review.by}, {moment(new Date(review.at), systemClock.now())}
    </Banner>
  );
}

function Answers({ view }: { view: RecordView }) {
  const [read, got] = useState<Opened | null | undefined>();
  useEffect(() => { readRecord(view.record_id, view).then(got, () => got(null)); }, [view.record_id]);
  if (read === undefined) return null;
  if (read === null) return <Banner>{t("record.sealed")}</Banner>;
  return (
    <>
      {pagesOf(read.model, read.engine).map((page) => {
        const found = questionsIn(page.nodes, read.engine).filter(({ question, path }) => question.type !== "note" && read.engine.get(path) !== "");
        if (found.length === 0) return null;
        return (
          <section class="card" key={page.key}>
            <h2 class="section-name">{words(page.label)}</h2>
            <dl class="answers">{found.map((one) => <Answer key={one.path} found={one} read={read} />)}</dl>
          </section>
        );
      })}
    </>
  );
}

function Answer({ found: { question, path }, read }: { found: Found; read: Opened }) {
  const value = read.engine.get(path);
  return (
    <div class="answer" data-question={question.path}>
      <dt>{read.engine.label(path)}</dt>
      <dd>{/^(image|audio|file)$/.test(question.type) ? <Kept id={value} type={question.type} /> : answerText(question, path, read.engine, read.registers)}</dd>
    </div>
  );
}

/** What an answer of bytes shows: the picture, the sound, or a file to open with its kind and size. */
function Kept({ id, type }: { id: string; type: string }) {
  const kept = usePicture(pictureOf, id);
  if (!kept) return <span class="muted">{kept === null ? t("photo.gone") : "…"}</span>;
  if (type === "image") return <img class="picture" src={kept.url} alt={t("photo.there", { n: 1 })} />;
  if (type === "audio") return <audio class="picture" src={kept.url} controls />;
  return <a class="btn btn-secondary btn-small" href={kept.url} download="">{/\w{1,8}$/.exec(kept.kind ?? "")?.[0].toUpperCase()} {bytes(kept.size)}</a>;
}

function ReceiptCard({ view: { receipt, outline } }: { view: RecordView }) {
  if (!receipt) return <Banner icon="shield">{t("record.receipt.none")}</Banner>;
  return (
    <section class="card row" data-receipt={receipt.status}>
      <Icon name="shield" class="lead" />
      <div class="grow">
        <h2 class="card-title">{t("record.receipt")}</h2>
        <p>{t("record.receipt.no", { no: receiptNumber(receipt.content_sha256) })} · {t("record.receipt.at", { at: moment(new Date(receipt.received_at), systemClock.now()) })}</p>
        <p class="muted">{receipt.status === "held" ? t("sent.held") : t(outline.trial ? "trial.saved" : "record.receipt.check")}</p>
      </div>
    </section>
  );
}

function TakeBack({ view, onClose }: { view: RecordView; onClose: () => void }) {
  const [reason, say] = useState("");
  const [fault, tell] = useState("");
  const submit = async () => {
    if (!reason.trim()) return tell(t("record.need.reason"));
    try {
      await withdraw(view.record_id, reason.trim());
      onClose();
      toast(t("record.withdraw.done"));
    } catch {
      tell(t("check.fault.sub"));
    }
  };
  return (
    <Sheet title={t("record.withdraw.title")} onClose={onClose}>
      <form class="stack sheet-body" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
        <p>{t("record.withdraw.sub")}</p>
        <div class="q">
          <label class="q-label" for="why">{t("record.withdraw.reason")}</label>
          <span class={`field${fault ? " is-fault" : ""}`}>
            <input id="why" maxLength={300} value={reason} autocomplete="off" aria-describedby="why-fault" onInput={(event) => { say(event.currentTarget.value); tell(""); }} />
          </span>
          <div id="why-fault" role="alert">{fault && <p class="q-fault"><Icon name="alert" /><span>{fault}</span></p>}</div>
        </div>
        <div class="actions"><button class="btn btn-error grow" type="submit">{t("record.withdraw.go")}</button></div>
      </form>
    </Sheet>
  );
}
