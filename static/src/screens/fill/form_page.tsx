// One page of a form: bar with the word of the draft, progress, heading, questions, and the way on.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { clock } from "../../i18n/format.ts";
import { t, words } from "../../i18n/index.ts";
import { useFilling } from "../../form/widgets/filling.ts";
import { PageNodes } from "../../form/widgets/nodes.tsx";
import { idOf, questionsIn, type Page } from "../../form/widgets/walk.ts";
import { AppBar, IconButton, Screen } from "../../ui/frame.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Banner, Button } from "../../ui/parts.tsx";
import { unwind } from "../../ui/router.ts";
import { Sheet, toast } from "../../ui/sheet.tsx";
import { discardDraft } from "../../recording.ts";
import { gapsIn } from "./gaps.ts";

export interface Step { key: string; title: string; page: Page | null }

interface FormScreenProps { steps: Step[]; now: Step; title: string; onGo: (key: string) => void; onClose: () => void; actions: ComponentChildren; children: ComponentChildren }

/** What every page of the form shares; folded pages stand beside the walk and have no piece of the progress. */
export function FormScreen({ steps, now, title, onGo, onClose, actions, children }: FormScreenProps) {
  const filling = useFilling();
  const [jumping, jump] = useState(false);
  const walk = steps.filter((step) => !step.page?.folded);
  const n = walk.indexOf(now) + 1;
  const body = useKeptScroll(now.key);
  return (
    <Screen name={`fill ${now.key}`} title={title} keepFocus={filling.returnTo !== null}>
      <AppBar title={formTitle(filling.draft.intent === "correct", words(filling.model.title))} before={<IconButton icon="close" label={t("fill.close")} onClick={onClose} />}
        after={<IconButton icon="list" label={t("fill.jump")} onClick={() => jump(true)} />}><SavedWord /></AppBar>
      <section class="formhead" aria-labelledby="page">
        {n > 0 && <Progress n={n} of={walk.length} />}
        <h2 data-heading id="page">{title} {n > 0 && <small class="nowrap">{t("fill.part", { n, of: walk.length })}</small>}</h2>
      </section>
      <main class="body body-form" ref={body}><Unsaved />{children}</main>
      {actions}
      {jumping && <Jump steps={steps} now={now} onGo={(key) => { jump(false); onGo(key); }} onClose={() => jump(false)} />}
    </Screen>
  );
}

const formTitle = (correcting: boolean, title: string): string => (correcting ? t("fill.correct") : title);

interface FormPageProps { steps: Step[]; now: Step; aside: ComponentChildren; onGo: (key: string) => void; onNext: () => void; onPrevious: () => void; onClose: () => void }

export function FormPage({ steps, now, aside, onGo, onNext, onPrevious, onClose }: FormPageProps) {
  const filling = useFilling();
  const nodes = now.page?.nodes ?? [];
  const leave = (then: () => void) => () => {
    filling.leave(questionsIn(nodes, filling.engine).map((found) => found.path));
    then();
  };
  return (
    <FormScreen steps={steps} now={now} title={now.title} onGo={onGo} onClose={onClose} actions={(
      <div class="actions">
        <Button kind="secondary" square icon="back" label={t("go.previous")} onClick={leave(onPrevious)} />
        <Button kind="primary" end="arrow" onClick={leave(onNext)}>{t("go.next")}</Button>
      </div>
    )}>
      {aside}
      <PageNodes nodes={nodes} />
    </FormScreen>
  );
}

/** "Đã lưu nháp 09:31": only after the transaction was complete. */
function SavedWord() {
  const state = useFilling().saved.value;
  const text = state.kind === "saved" ? t("fill.saved", { at: clock(state.at) }) : state.kind === "saving" ? t("fill.saving") : state.kind === "new" ? t("fill.new") : t("fill.unsaved");
  return <p role="status">{state.kind === "saved" && <Icon name="check" small />}{state.kind === "failed" && <Icon name="alert" small />}{text}</p>;
}

function Unsaved() {
  const filling = useFilling();
  if (filling.saved.value.kind !== "failed") return null;
  return (
    <Banner tone="error" title={t("fill.unsaved")} alert>
      <p>{t("fill.unsaved.sub")}</p>
      <Button kind="quiet" small icon="refresh" onClick={() => void filling.keep()}>{t("go.retry")}</Button>
    </Banner>
  );
}

function Progress({ n, of }: { n: number; of: number }) {
  return (
    <div class="progress" role="img" aria-label={t("fill.part.aria", { n, of })}>
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
  if (deleting) return <Sheet title={t("fill.delete")} onClose={onClose}><Delete onCancel={() => ask(false)} /></Sheet>;
  return (
    <Sheet title={t("fill.jump")} onClose={onClose}>
      <ul class="rows">
        {steps.map((step) => {
          const gaps = step.page ? gapsIn(filling, [step.page]).length : 0;
          return (
            <li>
              <button class="item" type="button" aria-current={step === now ? "step" : undefined} onClick={() => onGo(step.key)}>
                <Icon name={step === now ? "pencil" : gaps ? "alert" : "check"} class={gaps ? "attn" : "lead"} />
                <span class="grow"><b>{step.title}</b>{step.page && <span class="sub">{gaps ? t("fill.state.missing", { n: gaps }) : t("fill.state.ok")}</span>}</span>
                <Icon name="next" small class="muted" />
              </button>
            </li>
          );
        })}
      </ul>
      <Button kind="quiet" small icon="trash" onClick={() => ask(true)}>{t("fill.delete")}</Button>
    </Sheet>
  );
}

/** Back from a picker or the camera: the page stands where it stood and the focus is on its question. */
function useKeptScroll(key: string) {
  const filling = useFilling();
  const body = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return;
    element.scrollTop = filling.scroll.get(key) ?? 0;
    const keep = () => filling.scroll.set(key, element.scrollTop);
    element.addEventListener("scroll", keep, { passive: true });
    return () => element.removeEventListener("scroll", keep);
  }, [key]);
  useEffect(() => {
    const question = filling.returnTo && document.getElementById(idOf(filling.returnTo));
    filling.returnTo = null;
    if (!question) return;
    question.scrollIntoView({ block: "nearest" });
    (question.querySelector<HTMLElement>("button, input") ?? question).focus({ preventScroll: true });
  }, []);
  return body;
}
