// A returned record: one pinned question after the other, with the reviewer's words above and the old answer under it.

import { useState } from "preact/hooks";
import { answerText } from "../../form/widgets/answer_text.ts";
import { useFilling, type Filling } from "../../form/widgets/filling.ts";
import { QuestionView } from "../../form/widgets/question.tsx";
import type { Page } from "../../form/widgets/pages.ts";
import { questionsIn, type Found } from "../../form/widgets/walk.ts";
import { Engine } from "../../form/engine.ts";
import { dayShort, moment } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import type { ReviewNews } from "../../shapes.ts";
import { AppBar, IconButton, Screen } from "../../ui/frame.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Banner, Button } from "../../ui/parts.tsx";

/** The questions a review names: by path or by name; positions of repeats may be left out. */
export function pinnedOf(filling: Filling, pages: Page[], review: ReviewNews): Found[] {
  const all = pages.flatMap((page) => questionsIn(page.nodes, filling.engine));
  return all.filter(({ question, path }) => review.fields.some((field) => field === path || field === question.path || field === question.name));
}

interface ReturnedProps { pages: Page[]; review: ReviewNews; before: Engine; spot: number; onSpot: (n: number) => void; onAll: () => void; onFinish: () => Promise<void>; onClose: () => void }

export function ReturnedPage({ pages, review, before, spot, onSpot, onAll, onFinish, onClose }: ReturnedProps) {
  const filling = useFilling();
  const [failed, fail] = useState(false);
  const pinned = pinnedOf(filling, pages, review);
  const now = pinned[Math.min(spot, pinned.length - 1)];
  const last = spot >= pinned.length - 1;
  const { outline } = filling.draft;
  const send = () => { onFinish().catch(() => fail(true)); };
  return (
    <Screen name={`returned ${spot}`} title={t("returned.title")} keepFocus={filling.returnTo !== null}>
      <AppBar title={t("returned.title")} before={<IconButton icon="close" label={t("fill.close")} onClick={onClose} />}>
        <p>{[outline.place, outline.held_on && dayShort(outline.held_on)].filter(Boolean).join(", ")}</p>
      </AppBar>
      <main class="body">
        {failed && <Banner tone="error" title={t("check.fault")} alert>{t("check.fault.sub")}</Banner>}
        <section class="pinned" aria-labelledby="why">
          <Why review={review} />
          {now && (
            <div class="pinned-body">
              <QuestionView question={now.question} path={now.path} />
              <Was before={answerText(now.question, now.path, before, filling.registers)} now={answerText(now.question, now.path, filling.engine, filling.registers)} />
            </div>
          )}
        </section>
        {!now && <p>{t("returned.general")}</p>}
        <Message />
        <p class="sr-only" role="status">{pinned.length > 1 ? `${t("returned.spot")} ${spot + 1}/${pinned.length}` : ""}</p>
        <Button kind="quiet" small end="next" onClick={onAll}>{t("returned.all")}</Button>
      </main>
      <div class="actions">
        {pinned.length > 1 && <p class="step-count" aria-hidden="true">{t("returned.spot")} <b>{spot + 1}/{pinned.length}</b></p>}
        {last ? <Button kind="primary" icon="up" onClick={send}>{t("returned.send")}</Button> : <Button kind="primary" end="arrow" onClick={() => onSpot(spot + 1)}>{t("returned.next")}</Button>}
      </div>
    </Screen>
  );
}

function Why({ review }: { review: ReviewNews }) {
  const { doors } = useFilling();
  return (
    <div class="pinned-why">
      <Icon name="return" />
      <div><h2 id="why" data-heading class="pinned-reason">{review.reason ?? t("home.returned")}</h2><p>{review.by}, {moment(new Date(review.at), doors.now())}</p></div>
    </div>
  );
}

function Was({ before, now }: { before: string; now: string }) {
  if (!before || before === now) return null;
  return <p class="was">{t("q.before")}: <s>{before}</s></p>;
}

function Message() {
  const filling = useFilling();
  const [message, say] = useState(filling.draft.reason ?? "");
  return (
    <label class="q">
      <span class="q-label">{t("returned.message")} <small>{t("fill.optional")}</small></span>
      <span class="field">
        <input maxLength={300} placeholder={t("returned.message.hint")} value={message} autocomplete="off"
          onInput={(event) => { say(event.currentTarget.value); filling.draft.reason = event.currentTarget.value; void filling.keep(); }} />
      </span>
    </label>
  );
}
