// One page of a form: bar with the word of the draft, progress, heading, questions, and the way on.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { clock } from "../../i18n/format.ts";
import { t, words } from "../../i18n/index.ts";
import { useFilling, useForm, type Filling } from "../../form/widgets/filling.ts";
import { PageNodes } from "../../form/widgets/nodes.tsx";
import type { Page } from "../../form/widgets/pages.ts";
import { holds, idOf, questionsIn } from "../../form/widgets/walk.ts";
import { AppBar, IconButton, Screen } from "../../ui/frame.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Banner, Bar, Button } from "../../ui/parts.tsx";
import { unwind } from "../../ui/router.ts";
import { Sheet, toast } from "../../ui/sheet.tsx";
import { discardDraft } from "../../recording.ts";
import { stateOf } from "./gaps.ts";
import { useSwipe, type Swiped } from "./swipe.ts";

export interface Step { key: string; title: string; page: Page | null }

interface FormScreenProps {
  steps: Step[]; now: Step; title: string; lang?: string | undefined; row?: string; onGo: (key: string) => void; onClose: () => void; onSwipe?: Swiped;
  actions: ComponentChildren; children: ComponentChildren;
}

/** What every page of the form shares; folded pages stand beside the walk and have no piece of the progress. */
export function FormScreen({ steps, now, title, lang, row, onGo, onClose, onSwipe, actions, children }: FormScreenProps) {
  const filling = useForm();
  const [jumping, jump] = useState(false);
  const walk = steps.filter((step) => !step.page?.folded);
  const n = row ? 0 : walk.indexOf(now) + 1;
  const place = row ?? now.key;
  const body = useKeptPlace(now.key, row);
  useSwipe(body, onSwipe);
  return (
    <Screen name={`fill ${place}`} title={title} keepFocus={filling.returnTo !== null}>
      <AppBar title={(filling.opened.trial ? `${t("trial")}: ` : "") + formTitle(filling.draft.intent === "correct", words(filling.model.title))} before={<IconButton icon="close" label={t("fill.close")} onClick={onClose} />}
        after={<IconButton icon="list" label={t("fill.jump")} onClick={() => jump(true)} />}><SavedWord /></AppBar>
      <section class="formhead" aria-labelledby="page">
        {n > 0 && <Progress n={n} of={walk.length} />}
        <h2 data-heading id="page"><span lang={lang}>{title}</span> {n > 0 && <small class="nowrap">{t("fill.part", { n, of: walk.length })}</small>}</h2>
        <Told now={now} onGo={onGo} />
      </section>
      <main class="body body-form" ref={body}><Unsaved />{children}</main>
      {actions}
      {jumping && <Jump steps={steps} now={now} onGo={(key) => { jump(false); onGo(key); }} onClose={() => jump(false)} />}
    </Screen>
  );
}

const formTitle = (correcting: boolean, title: string): string => (correcting ? t("fill.correct") : title);

/** What a page is called: its heading, or as `inList` the question it asks; cut ones by their numbers. */
export function titleOfPage(filling: Filling, page: Page, inList = true): string {
  if (page.from && page.to) return t(page.from === page.to ? "fill.question" : "fill.questions", { n: page.from, to: page.to });
  return filling.words((inList && page.name) || page.label);
}

interface FormPageProps { steps: Step[]; now: Step; aside: ComponentChildren; onGo: (key: string) => void; onNext: () => void; onPrevious: () => void; onClose: () => void }

export function FormPage({ steps, now, aside, onGo, onNext, onPrevious, onClose }: FormPageProps) {
  const filling = useForm();
  const { page } = now;
  const nodes = page?.nodes ?? [];
  const leave = (then: () => void) => () => {
    filling.leave(questionsIn(nodes, filling.engine).map((found) => found.path));
    if (page) tell(filling, page);
    then();
  };
  const [previous, next] = [leave(onPrevious), leave(onNext)];
  filling.onward = next;
  return (
    <FormScreen steps={steps} now={now} title={page ? titleOfPage(filling, page, false) : now.title} lang={page?.from ? undefined : filling.lang} onGo={(key) => leave(() => onGo(key))()} onClose={onClose}
      onSwipe={{ previous: now === steps[0] ? undefined : previous, next }} actions={(
      <div class="actions">
        <Button kind="secondary" square icon="back" label={t("go.previous")} onClick={previous} />
        <Button kind="primary" end="arrow" onClick={next}>{t("go.next")}</Button>
      </div>
    )}>
      {aside}
      <PageNodes nodes={nodes} />
    </FormScreen>
  );
}

/** Nothing holds a person back; but what a part still lacks is said when it is left. */
function tell(filling: Filling, page: Page): void {
  const { missing, wrong } = stateOf(filling, [page]).get(page)!;
  const [n, what] = [wrong || missing, titleOfPage(filling, page)];
  filling.told.value = n > 0 ? { page: page.key, text: t(wrong > 0 ? "fill.left.wrong" : "fill.left.missing", { n, what }) } : null;
}

/** The way back to it. */
function Told({ now, onGo }: { now: Step; onGo: (key: string) => void }) {
  const told = useForm().told.value;
  return <div role="status">{told && told.page !== now.key && now.page && <button class="told" type="button" onClick={() => onGo(told.page)}><Icon name="alert" small />{told.text}</button>}</div>;
}

/** "Đã lưu nháp 09:31": only after the transaction was complete. */
function SavedWord() {
  const state = useForm().saved.value;
  const text = state.kind === "saved" ? t("fill.saved", { at: clock(state.at) }) : state.kind === "saving" ? t("fill.saving") : state.kind === "new" ? t("fill.new") : t("fill.unsaved");
  return <p role="status">{state.kind === "saved" && <Icon name="check" small />}{state.kind === "failed" && <Icon name="alert" small />}{text}</p>;
}

function Unsaved() {
  const filling = useForm();
  if (filling.saved.value.kind !== "failed") return null;
  return (
    <Banner tone="error" title={t("fill.unsaved")} alert>
      <p>{t("fill.unsaved.sub")}</p>
      <Button kind="quiet" small icon="refresh" onClick={() => void filling.keep()}>{t("go.retry")}</Button>
    </Banner>
  );
}

/** Up to so many parts have a piece each; a longer way is one line. */
const PIECES = 12;

function Progress({ n, of }: { n: number; of: number }) {
  const said = t("fill.part.aria", { n, of });
  if (of > PIECES) return <div class="progress progress-line" role="img" aria-label={said}><Bar share={n / of} /></div>;
  return (
    <div class="progress" role="img" aria-label={said}>
      {Array.from({ length: of }, (_, i) => <i class={i + 1 < n ? "is-done" : i + 1 === n ? "is-now" : ""} />)}
    </div>
  );
}

/** Asked once more in place: a draft with its photos can't be brought back. */
function Delete({ onCancel }: { onCancel: () => void }) {
  const filling = useFilling();
  const drop = async () => {
    filling.release();
    await filling.settled();
    await discardDraft(filling.draft.record_id);
    unwind("home");
    toast(t("fill.deleted"));
  };
  return (
    <Banner tone="error" title={t("fill.delete.ask")} alert>
      <p>{t("fill.delete.sub")}</p>
      <div class="row wrap"><Button kind="error" small onClick={() => void drop()}>{t("fill.delete")}</Button><Button kind="quiet" small onClick={onCancel}>{t("go.cancel")}</Button></div>
    </Banner>
  );
}

function Jump({ steps, now, onGo, onClose }: { steps: Step[]; now: Step; onGo: (key: string) => void; onClose: () => void }) {
  const filling = useFilling();
  const [deleting, ask] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const states = stateOf(filling, steps.flatMap(({ page }) => page ?? []));
  useEffect(() => list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }), []);
  if (deleting) return <Sheet title={t("fill.delete")} onClose={onClose}><Delete onCancel={() => ask(false)} /></Sheet>;
  return (
    <Sheet title={t("fill.jump")} onClose={onClose}>
      {filling.model.languages.length > 1 && <Languages />}
      <ul class="rows" ref={list}>{steps.map((step) => <li><JumpRow step={step} state={step.page ? states.get(step.page) : undefined} current={step === now} onGo={() => onGo(step.key)} /></li>)}</ul>
      <Button kind="quiet" small icon="trash" onClick={() => ask(true)}>{t("fill.delete")}</Button>
    </Sheet>
  );
}

function JumpRow({ step, state, current, onGo }: { step: Step; state: { missing: number; wrong: number } | undefined; current: boolean; onGo: () => void }) {
  const filling = useFilling();
  const begun = !state || answered(filling, step.page!);
  const attn = state !== undefined && state.missing + state.wrong > 0 && (begun || filling.tried.value || wasLeft(filling, step.page!));
  const said = !state ? "" : state.wrong ? t("check.wrong", { n: state.wrong }) : state.missing ? t("fill.state.missing", { n: state.missing }) : t(begun ? "fill.state.ok" : "check.none");
  return (
    <button class="item" type="button" aria-current={current ? "step" : undefined} onClick={onGo}>
      <Icon name={current ? "pencil" : attn ? "alert" : begun && !state?.missing ? "check" : "minus"} class={attn ? "attn" : begun ? "lead" : "muted"} />
      <span class="grow"><b lang={step.page && !step.page.from ? filling.lang : undefined}>{step.title}</b>{said && <span class="sub">{said}</span>}</span>
      <Icon name="next" small class="muted" />
    </button>
  );
}

/** What nobody has come to yet lacks its answers, and needs no alarm. */
const wasLeft = (filling: Filling, page: Page): boolean => [...filling.left].some((path) => holds(page.nodes, path));
const answered = (filling: Filling, page: Page): boolean => questionsIn(page.nodes, filling.engine).some(({ path }) => filling.engine.get(path) !== "");

/** The languages that the form itself speaks; the app's own words stay. */
function Languages() {
  const filling = useForm();
  const now = filling.opened.language.value;
  return (
    <div class="chips form-languages" role="radiogroup" aria-label={t("fill.language")}>
      {filling.model.languages.map((language) => (
        <label class="pick">
          <input type="radio" name="form-language" checked={language === now} onChange={() => filling.speak(language)} />
          <span class="chip"><Icon name="check" small class="when-on" /><span lang={/^[a-z]{2,3}$/.test(language) ? language : ""}>{ownName(language)}</span></span>
        </label>
      ))}
    </div>
  );
}

/** "km" → "ខ្មែរ"; a language without a code keeps the name that the form gives it. */
function ownName(language: string): string {
  if (language === "km") return "ខ្មែរ"; // not every browser has that one
  const name = /^[a-z]{2,3}$/.test(language) ? new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language : language;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const FIRST_FIELD = "button, input, textarea, select, summary";

/** The page stands where it stood, with the focus on the question one comes back to; and the draft remembers both. */
function useKeptPlace(key: string, row: string | undefined) {
  const filling = useForm();
  const body = useRef<HTMLElement>(null);
  const at = row ?? key;
  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return;
    element.scrollTop = filling.scroll.get(at) ?? 0;
    filling.here({ page: key, row, question: filling.returnTo ? idOf(filling.returnTo) : undefined, scroll: element.scrollTop });
    let resting: ReturnType<typeof setTimeout> | undefined;
    const keep = () => {
      filling.scroll.set(at, element.scrollTop);
      clearTimeout(resting);
      resting = setTimeout(() => filling.here({ scroll: element.scrollTop }), REST_MS);
    };
    const focused = (event: FocusEvent) => {
      const question = (event.target as Element).closest?.("[data-question][id]")?.id;
      if (question) filling.here({ question });
    };
    element.addEventListener("scroll", keep, { passive: true });
    element.addEventListener("focusin", focused);
    return () => { clearTimeout(resting); element.removeEventListener("scroll", keep); element.removeEventListener("focusin", focused); };
  }, [at]);
  useEffect(() => {
    const question = filling.returnTo && document.getElementById(idOf(filling.returnTo));
    filling.returnTo = null;
    if (!question) return;
    question.scrollIntoView({ block: "nearest" });
    (question.querySelector<HTMLElement>(FIRST_FIELD) ?? question).focus({ preventScroll: true });
  }, []);
  return body;
}

const REST_MS = 400;
