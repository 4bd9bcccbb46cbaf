// Home: what waits, what came back, how far the commune is, and the one big thing to do.

import { useEffect, useState } from "preact/hooks";
import { t, words } from "../i18n/index.ts";
import { desk, forms, lists, syncState, trials, unread } from "../session.ts";
import { settings } from "../settings.ts";
import { Screen, Tabs } from "../ui/frame.tsx";
import { Icon, Mark, type IconName } from "../ui/icon.tsx";
import { Banner, Button, FlagWord, Row } from "../ui/parts.tsx";
import { hrefOf } from "../ui/router.ts";
import { Sheet } from "../ui/sheet.tsx";
import { FigureLine, headlines } from "./figures.tsx";
import { askForTrial, beginForm } from "./begin.ts";
import { Contact, Trouble } from "./contact.tsx";
import { missingCodes } from "./reminders.ts";
import { unitWord } from "./words.ts";

export function Home() {
  const me = desk.value?.me;
  if (!me) return null;
  return (
    <Screen name="home" title={t("tab.home")} tabs>
      <header><a class="appbar home-bar" href={hrefOf("phone")}>
        <Mark class="home-mark" />
        <span class="grow"><h1>{[me.unit_label, me.parent_label].filter(Boolean).join(", ")}</h1><span class="state"><Contact /></span></span>
      </a></header>
      <main class="body home-body">
        <Notices />
        <Counters />
        <CodesToCome />
        <Trials />
        <Teaser />
      </main>
      <Thumb />
      <Tabs now="home" unit={unitWord(me.unit_kind)} />
    </Screen>
  );
}

function Notices() {
  const problem = syncState.value.problem;
  return (
    <>
      {desk.value?.demo && <Banner>{t("app.demo")}</Banner>}
      <Trouble />
      {problem === "storage-full" && <Banner tone="error" title={t("phone.storage.low")} alert>{t("fill.unsaved.sub")}</Banner>}
    </>
  );
}

function Counters() {
  const { counts } = lists.value;
  return (
    <div class="counters">
      <Counter n={counts.waiting + counts.needs_help} word={t("home.waiting")} icon="clock" kind="waiting" attn={counts.needs_help > 0} />
      <Counter n={counts.returned} word={t("home.returned")} icon="return" kind="returned" attn={counts.returned > 0} />
      <Counter n={counts.sent} word={t("home.sent")} icon="check" kind="sent" />
      <Counter n={counts.drafts} word={t("home.drafts")} icon="pencil" kind="draft" />
    </div>
  );
}

function Counter({ n, word, icon, kind, attn }: { n: number; word: string; icon: IconName; kind: string; attn?: boolean }) {
  return (
    <a class={`card counter${attn ? " is-attn" : ""}`} href={hrefOf("records", kind)} data-count={kind}>
      <span><b>{unread.value ? "…" : n}</b><span>{word}</span></span><Icon name={icon} />
    </a>
  );
}

/** Stays until the codes are added, which is a correction of the record. */
function CodesToCome() {
  const [first] = missingCodes.value;
  if (!first) return null;
  const n = missingCodes.value.reduce((sum, one) => sum + one.n, 0);
  return <div class="card card-flush"><Row icon="users" title={t("home.codes", { n })} sub={t("home.codes.sub")} href={hrefOf("record", first.root_id)} /></div>;
}

/** Forms that are tried, beside the one big thing to do; and a code that waits, tried again whenever the server was heard. */
function Trials() {
  const code = settings.value.trial;
  useEffect(() => { if (code) void askForTrial().then((part) => part.spend()).catch(() => undefined); }, [code, syncState.value.last_contact_at]);
  if (!code && trials.value.length === 0) return null;
  return (
    <ul class="card card-flush rows">
      {code && <li><Row icon="qr" title={t("trial.waits")} href={hrefOf("trial")} /></li>}
      {trials.value.map((form) => <li><Row icon="pencil" title={words(form.title)} sub={t("trial")} onClick={() => void beginForm(form.form_id, form.version)} /></li>)}
    </ul>
  );
}

function Teaser() {
  const shown = headlines(desk.value?.figures ?? []);
  const me = desk.value?.me;
  if (!me || shown.length === 0) return null;
  const marks = new Set(shown.map((figure) => figure.target));
  const mark = marks.size === 1 ? shown[0]!.target : null;
  return (
    <a class="card teaser" href={hrefOf("commune")}>
      <span class="row spread">
        <b class="card-title">{t("tab.commune", { unit: unitWord(me.unit_kind) })}</b>
        <span class="row muted">{mark !== null && <FlagWord>{t("home.mark", { n: mark })}</FlagWord>}<Icon name="next" small /></span>
      </span>
      {shown.map((figure) => <FigureLine figure={figure} />)}
    </a>
  );
}

function Thumb() {
  const [choosing, choose] = useState(false);
  const [main, ...others] = forms.value;
  if (!main) return <div class="home-thumb"><Banner icon="signal">{t("home.noforms")}</Banner></div>;
  return (
    <div class="home-thumb">
      <button class="slab" type="button" onClick={() => void beginForm(main.form_id)}>
        <span class="slab-disc"><Icon name="pencil" /></span>
        <span class="grow"><b>{t("home.record")}</b><span>{t("home.record.sub")}</span></span>
      </button>
      {others.length > 0 && <Button kind="quiet" small icon="plus" onClick={() => choose(true)}>{t("home.other")}</Button>}
      {choosing && (
        <Sheet title={t("home.other.title")} onClose={() => choose(false)}>
          <ul class="rows">{others.map((form) => <li><Row icon="pencil" title={words(form.title)} onClick={() => { choose(false); void beginForm(form.form_id); }} /></li>)}</ul>
        </Sheet>
      )}
    </div>
  );
}
