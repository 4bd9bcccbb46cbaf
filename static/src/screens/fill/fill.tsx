// Filling a form: which page stands where, what the way on is, and what finishing leads to.
// The form stays open in memory between its pages, its pickers and its camera.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { systemClock } from "../../clock.ts";
import { mediaRow } from "../../drafts.ts";
import { CameraPage } from "../../form/widgets/camera.tsx";
import { Filling, FillingProvider, type Doors, type Picture } from "../../form/widgets/filling.ts";
import { loadParts } from "../../form/widgets/rare.tsx";
import { PickerPage } from "../../form/widgets/picker.tsx";
import type { Page } from "../../form/widgets/pages.ts";
import { idOf, imagesIn, nodeAt, questionsIn } from "../../form/widgets/walk.ts";
import { t } from "../../i18n/index.ts";
import type { Engine } from "../../form/engine.ts";
import { PartMissing } from "../../parts.ts";
import * as recording from "../../recording.ts";
import { desk } from "../../session.ts";
import { holdDraft } from "../../surroundings.ts";
import { Screen } from "../../ui/frame.tsx";
import { Button } from "../../ui/parts.tsx";
import { back, go, open as openInside, place, replace, unwind, unwindTo } from "../../ui/router.ts";
import { readRecord } from "../reading.ts";
import { CheckPage } from "./check.tsx";
import { FormPage, titleOfPage, type Step } from "./form_page.tsx";
import { ReturnedPage } from "./returned.tsx";
import { rowAt, RowPage, rowsAround } from "./row_page.tsx";
import { SameAsLast } from "./same.tsx";

interface Open { filling: Filling; before: Engine | null; letGo: () => void }
type State = { kind: "opening" } | { kind: "open"; open: Open } | { kind: "lost"; why: "fill.noform" | "fill.part.offline" } | { kind: "elsewhere"; id: string };

const state = signal<State>({ kind: "opening" });
const CHECK = "check", FIX = "fix", NO_DRAFT = "none";

const doors: Doors = {
  now: () => systemClock.now(), save: recording.saveDraft, mark: recording.markDraft, addCode: recording.addCode, addMedia: recording.addMedia, dropMedia: recording.removeMedia, photo: pictureOf,
  file: (model, name) => recording.formFileUrl(model, name).then((url) => (url ? { url, size: 0 } : null)),
};

export async function pictureOf(id: string): Promise<Picture | null> {
  const account = desk.value?.account;
  const [url, row] = [await recording.photoUrl(id), account ? await mediaRow(account, id) : undefined];
  return url ? { url, size: row?.size ?? 0, ...(row ? { kind: row.kind } : {}) } : null;
}

/** The form that was left last, as long as it still writes: a photo may be made smaller for seconds on an old phone. */
let left: Open | null = null;

async function begin(opening: () => Promise<recording.Opened>, ready?: (open: Open) => void): Promise<Open> {
  const opened = await opening();
  await loadParts(opened.model);
  const { review, replaces } = opened.draft;
  const before = review && replaces ? await readRecord(replaces, opened.draft).then((read) => read.engine, () => null) : null;
  const filling = new Filling(opened, doors);
  const open: Open = { filling, before, letGo: holdDraft(opened.draft.record_id, () => takenAway(filling)) };
  ready?.(open);
  state.value = { kind: "open", open };
  return open;
}

/** Another tab opened the same draft: all that was answered here is in the store, and from now on only that tab writes. */
function takenAway(filling: Filling): void {
  filling.release();
  if (state.value.kind === "open" && state.value.open.filling === filling) state.value = { kind: "elsewhere", id: filling.draft.record_id };
}

function shut(): void {
  if (state.value.kind === "open") leave(state.value.open);
  state.value = { kind: "opening" };
  recording.closeDraft();
}

function leave(open: Open): void {
  left = open;
  open.filling.close();
  void open.filling.settled().finally(() => {
    if (left === open) left = null;
    if (state.value.kind !== "open" || state.value.open !== open) open.letGo();
  });
}

/** A second tap while the form opens opens no second one. */
let starting: Promise<void> | null = null;
const once = (work: () => Promise<void>): Promise<void> => starting ??= work().finally(() => { starting = null; });

const whyLost = (fault: unknown): "fill.noform" | "fill.part.offline" => (fault instanceof PartMissing ? "fill.part.offline" : "fill.noform");

/** A new record of this form; the address then names its draft. */
export const beginForm = (formId: string, version?: string): Promise<void> => once(async () => {
  try {
    const { filling } = await begin(() => recording.startDraft(formId, version));
    go("fill", filling.draft.record_id);
  } catch (fault) {
    state.value = { kind: "lost", why: whyLost(fault) };
    go("fill", NO_DRAFT);
  }
});

/** An own record again: returned ones at the reviewer's words, others from their first page. */
export const beginCorrection = (recordId: string): Promise<void> => once(async () => {
  const { filling } = await begin(() => recording.correct(recordId));
  go("fill", filling.draft.record_id, ...(filling.draft.review ? [FIX, "0"] : []));
});

/** The app goes to the background or ends: the last answer is in the store before. */
function useFlush(): void {
  useEffect(() => {
    const flush = () => { if (state.value.kind === "open") state.value.open.filling.flush(); };
    document.addEventListener("visibilitychange", flush);
    addEventListener("pagehide", flush);
    return () => { document.removeEventListener("visibilitychange", flush); removeEventListener("pagehide", flush); };
  }, []);
}

function openHere(id: string): void {
  shut();
  if (left?.filling.draft.record_id === id && !left.filling.released) {
    recording.keepOpen(id);
    state.value = { kind: "open", open: left };
    return;
  }
  // Not there any more: it was finished or deleted, and the way here is only what the back button remembers.
  void begin(() => recording.openDraft(id), comeBack).catch((fault: unknown) => {
    if (fault instanceof PartMissing) state.value = { kind: "lost", why: whyLost(fault) };
    else replace("home");
  });
}

/** To the page, the rows and the question where the draft was left, unless the address says more. */
function comeBack({ filling }: Open): void {
  const [, id = "", key] = place.value.path;
  const at = filling.draft.place;
  if (!at || filling.draft.review) return;
  const page = filling.pages.value.find((one) => one.key === (key ?? at.page));
  if (key && key !== at.page) return;
  filling.returnTo = questionsIn(page?.nodes ?? [], filling.engine).find(({ path }) => idOf(path) === at.question)?.path ?? null;
  filling.scroll.set(at.row ?? at.page, at.scroll ?? 0);
  if (!key) replace("fill", id, at.page);
  if (!place.value.query.has("row")) for (const row of at.row ? rowsAround(at.row) : []) if (rowAt(filling, row)) openInside({ row });
}

export function Fill() {
  const [, id = "", key = "", spot = "0"] = place.value.path;
  useEffect(() => {
    if (state.value.kind === "open" && state.value.open.filling.draft.record_id === id) return;
    if (id !== NO_DRAFT) openHere(id);
  }, [id]);
  useEffect(() => shut, []);
  useFlush();
  const now = state.value;
  if (now.kind === "lost") return <Lost why={t(now.why)} />;
  if (now.kind === "elsewhere") return <Lost why={t("fill.elsewhere")} sub={t("fill.elsewhere.sub")} onHere={() => openHere(now.id)} />;
  if (now.kind === "opening" || now.open.filling.draft.record_id !== id) return <Screen name="opening" title={t("fill.opening")}><main class="body empty-body"><p role="status">{t("fill.opening")}</p></main></Screen>;
  return <FillingProvider value={now.open.filling}><Pages open={now.open} pageKey={key} spot={Number(spot)} /></FillingProvider>;
}

function Lost({ why, sub, onHere }: { why: string; sub?: string; onHere?: () => void }) {
  return (
    <Screen name="lost" title={why}>
      <main class="body empty-body"><h1 data-heading>{why}</h1>{sub && <p class="muted">{sub}</p>}</main>
      <div class="actions actions-plain">
        <Button kind={onHere ? "secondary" : "primary"} onClick={() => replace("home")}>{t("tab.home")}</Button>
        {onHere && <Button kind="primary" onClick={onHere}>{t("fill.elsewhere.here")}</Button>}
      </div>
    </Screen>
  );
}

function Pages({ open: { filling, before }, pageKey, spot }: { open: Open; pageKey: string; spot: number }) {
  const { draft } = filling;
  void filling.opened.language.value;
  const pages = filling.pages.value;
  const steps = stepsOf(filling, pages);
  const now = steps.find((step) => step.key === pageKey) ?? steps[0]!;
  const inside = insideOf(filling);
  if (inside) return inside;
  const id = draft.record_id;
  const goTo = (key: string) => go("fill", id, key);
  const close = () => unwind("home");
  const finish = () => once(async () => {
    await filling.settled(); // a photo that is still being made smaller belongs to the record, and the last answer to the draft if this fails
    const record = await recording.finish(filling.opened);
    filling.release();
    unwindTo("saved", record.record_id);
  });
  if (pageKey === FIX && draft.review && before) {
    return (
      <ReturnedPage key={spot} pages={pages} review={draft.review} before={before} spot={spot} onSpot={(n) => go("fill", id, FIX, String(n))}
        onAll={() => goTo(pages[0]?.key ?? CHECK)} onFinish={finish} onClose={close} />
    );
  }
  const row = rowAt(filling, place.value.query.get("row") ?? "");
  if (row) return <RowPage key={row.path} row={row} steps={steps} now={now} onGo={goTo} onBack={() => back("fill", id, now.key)} onClose={close} />;
  if (now.key === CHECK) return <CheckPage steps={steps} now={now} pages={pages} onGo={goTo} onFinish={finish} onClose={close} />;
  const walk = steps.filter((step) => !step.page?.folded);
  const next = now.page?.folded ? CHECK : walk[walk.indexOf(now) + 1]?.key ?? CHECK;
  return (
    <FormPage key={now.key} steps={steps} now={now} aside={now === walk[0] && <SameAsLast />} onGo={goTo} onNext={() => goTo(next)}
      onPrevious={() => (now === walk[0] ? close() : back("fill", id))} onClose={close} />
  );
}

function stepsOf(filling: Filling, pages: Page[]): Step[] {
  const step = (page: Page): Step => ({ key: page.key, title: titleOfPage(filling, page), page });
  const [walk, folded] = [pages.filter((page) => !page.folded), pages.filter((page) => page.folded)];
  return [...walk.map(step), { key: CHECK, title: t("fill.check"), page: null }, ...folded.map(step)];
}

/** A picker or the camera over the page: back closes it. */
function insideOf(filling: Filling): ComponentChildren {
  const path = place.value.query.get("pick") ?? place.value.query.get("camera");
  const question = path ? nodeAt(filling.model.children, path) : undefined;
  if (!path || question?.kind !== "question" || !filling.engine.relevant(path)) return null;
  const close = () => { filling.leave([path]); back(...place.value.path); };
  if (place.value.query.has("pick")) return <PickerPage key={path} asked={{ question, path }} onClose={close} />;
  return <CameraPage key={path} images={imagesIn(filling.model.children, path)} onClose={close} />;
}
