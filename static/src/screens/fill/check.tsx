// The last page: what is missing first, answerable in place; then what is there; then one button.
// A gap never stops the record: the reviewer will see it.

import { useEffect, useState } from "preact/hooks";
import { useFilling, type Filling } from "../../form/widgets/filling.ts";
import { NearList } from "../../form/widgets/near.tsx";
import { pageWith, type Page } from "../../form/widgets/pages.ts";
import { summaryOf } from "../../form/widgets/said.ts";
import { QuestionView } from "../../form/widgets/question.tsx";
import { idOf, type Found } from "../../form/widgets/walk.ts";
import { t } from "../../i18n/index.ts";
import { Icon } from "../../ui/icon.tsx";
import { Banner, Button } from "../../ui/parts.tsx";
import { FormScreen, titleOfPage, type Step } from "./form_page.tsx";
import { gapsIn } from "./gaps.ts";

interface CheckProps { steps: Step[]; now: Step; pages: Page[]; onGo: (key: string) => void; onFinish: () => Promise<void>; onClose: () => void }

export function CheckPage({ steps, now, pages, onGo, onFinish, onClose }: CheckProps) {
  const filling = useFilling();
  const asked = useAsked(filling, pages);
  const gaps = gapsIn(filling, pages);
  const open = new Set(gaps.map(({ path }) => path));
  const [busy, work] = useState(false);
  const [failed, fail] = useState(false);
  const correcting = filling.draft.intent === "correct" && !filling.draft.review;
  const reasonMissing = correcting && !filling.draft.reason?.trim();
  const save = async () => {
    work(true);
    fail(false);
    await onFinish().catch(() => fail(true));
    work(false);
  };
  const onPrimary = () => {
    if (busy) return;
    if (reasonMissing) return document.getElementById("reason")?.focus();
    if (gaps.length > 0) return toFirst(gaps);
    void save();
  };
  const title = titleOf(gaps, filling);
  return (
    <FormScreen steps={steps} now={now} title={title} onGo={onGo} onClose={onClose} actions={(
      <div class="actions">
        <Button kind="secondary" onClick={onClose}>{t("check.draft")}</Button>
        <Button kind="primary" soft={gaps.length > 0 || reasonMissing || busy} onClick={onPrimary}>{busy ? t("check.saving") : t("check.save")}</Button>
      </div>
    )}>
      {failed && <Banner tone="error" title={t("check.fault")} alert>{t("check.fault.sub")}</Banner>}
      {correcting && <Reason />}
      <NearList items={asked} keyOf={(found) => found.path} wordsOf={(found) => filling.engine.label(found.path)} holds={(found, path) => found.path === path}
        draw={(found) => <InPlace key={found.path} found={found} gap={open.has(found.path)} pages={pages} onGo={onGo} />} />
      {gaps.length > 0 && <Anyway onSave={() => { if (!busy && !reasonMissing) void save(); }} />}
      <h3 class="section-name">{t(gaps.length > 0 ? "fill.jump" : "check.ready")}</h3>
      <ul class="card card-flush rows">
        {pages.map((page) => <li key={page.key}><Summary page={page} onGo={() => onGo(page.key)} /></li>)}
      </ul>
    </FormScreen>
  );
}

function titleOf(gaps: Found[], filling: Filling): string {
  const missing = gaps.filter(({ path }) => filling.engine.get(path) === "").length;
  if (missing > 0) return t("check.missing", { n: missing });
  return gaps.length > 0 ? t("check.wrong", { n: gaps.length }) : t("check.ready.title");
}

/** A question answered here stays here, so that the next tap doesn't hit something that moved up. */
function useAsked(filling: Filling, pages: Page[]): Found[] {
  const [seen] = useState(() => new Map<string, Found>());
  for (const gap of gapsIn(filling, pages)) seen.set(gap.path, gap);
  useEffect(() => {
    filling.tried.value = true;
    const first = gapsIn(filling, pages)[0];
    if (first && !filling.returnTo) toFirst([first]);
  }, []);
  return [...seen.values()].filter((found) => filling.engine.relevant(found.path));
}

function toFirst(gaps: Found[]): void {
  const element = gaps[0] && document.getElementById(idOf(gaps[0].path));
  element?.scrollIntoView({ block: "nearest" });
  element?.focus({ preventScroll: true });
}

function InPlace({ found, gap, pages, onGo }: { found: Found; gap: boolean; pages: Page[]; onGo: (key: string) => void }) {
  const filling = useFilling();
  const page = pageWith(pages, found.path);
  return (
    <div class="in-place">
      <QuestionView question={found.question} path={found.path} missing={gap} />
      {page && gap && <Button kind="quiet" small end="next" onClick={() => onGo(page.key)}>{t("fill.open.part")}: {titleOfPage(filling, page)}</Button>}
    </div>
  );
}

function Anyway({ onSave }: { onSave: () => void }) {
  return (
    <div class="anyway">
      <p class="muted">{t("check.anyway.sub")}</p>
      <Button kind="quiet" small onClick={onSave}>{t("check.anyway")}</Button>
    </div>
  );
}

function Reason() {
  const filling = useFilling();
  const [reason, say] = useState(filling.draft.reason ?? "");
  return (
    <div class="q">
      <label class="q-label" for="reason">{t("check.reason")}</label>
      <p class="q-hint" id="reason-hint">{t("check.reason.hint")}</p>
      <span class="field">
        <input id="reason" maxLength={300} value={reason} aria-describedby="reason-hint" autocomplete="off"
          onInput={(event) => { say(event.currentTarget.value); filling.draft.reason = event.currentTarget.value; filling.leave([]); void filling.keep(); }} />
      </span>
    </div>
  );
}

function Summary({ page, onGo }: { page: Page; onGo: () => void }) {
  const filling = useFilling();
  const text = summaryOf(filling, page.nodes);
  return (
    <button class="item check-row" type="button" onClick={onGo}>
      <Icon name={text ? "check" : page.folded ? "plus" : "minus"} class={text ? "ok" : "muted"} />
      <span class="grow"><span class="sub">{titleOfPage(filling, page)}</span><b class={text ? "" : "calm"}>{text || (page.folded ? t("fill.optional") : t("check.none"))}</b></span>
      <Icon name="next" small class="muted" />
    </button>
  );
}
