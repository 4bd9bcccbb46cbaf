// Own records, one line and one status word each; what needs the officer stands first.

import { systemClock } from "../clock.ts";
import { nearDay } from "../i18n/format.ts";
import { t, type Key } from "../i18n/index.ts";
import { desk, forms, lists, type RecordView } from "../session.ts";
import type { DraftRow } from "../drafts.ts";
import { AppBar, Screen, Tabs } from "../ui/frame.tsx";
import { Icon, Mark, Rings } from "../ui/icon.tsx";
import { Button, Status } from "../ui/parts.tsx";
import { go, hrefOf, place } from "../ui/router.ts";
import { beginForm } from "./begin.ts";
import { Help, titleOf } from "./own_record.tsx";
import { statusWord, unitWord } from "./words.ts";

const KINDS: Record<string, { word: Key; has: (view: RecordView) => boolean }> = {
  waiting: { word: "home.waiting", has: (view) => ["waiting", "sending", "needs_help"].includes(view.status) },
  returned: { word: "home.returned", has: (view) => view.status === "returned" },
  help: { word: "status.help", has: (view) => view.status === "needs_help" },
  draft: { word: "home.drafts", has: () => false },
  sent: { word: "home.sent", has: (view) => ["sent", "accepted"].includes(view.status) },
};

export function Records() {
  const { drafts, records } = lists.value;
  const kind = place.value.path[1] ?? "all";
  const me = desk.value!.me;
  if (drafts.length + records.length === 0) return <NoRecords unit={unitWord(me.unit_kind)} />;
  const shownDrafts = kind === "all" || kind === "draft" ? drafts : [];
  const shown = kind === "all" ? records : records.filter((view) => KINDS[kind]?.has(view));
  const care = shown.filter(needsCare);
  const rest = shown.filter((view) => !needsCare(view));
  return (
    <Screen name="records" title={t("records.title")} tabs>
      <AppBar title={t("records.title")} />
      <main class="body">
        <Filters kind={kind} />
        {care.length > 0 && <h2 class="section-name">{t("records.care")}</h2>}
        {care.length > 0 && <ul class="card card-flush rows">{care.map((view) => <Line key={view.record_id} view={view} />)}</ul>}
        {shownDrafts.length > 0 && <h2 class="section-name">{t("home.drafts")}</h2>}
        {shownDrafts.length > 0 && <ul class="card card-flush rows">{shownDrafts.map((draft) => <DraftLine key={draft.record_id} draft={draft} />)}</ul>}
        {rest.length > 0 && <h2 class="section-name">{t("records.recent")}</h2>}
        {rest.length > 0 && <ul class="card card-flush rows">{rest.map((view) => <Line key={view.record_id} view={view} />)}</ul>}
        {care.length + shownDrafts.length + rest.length === 0 && <p class="muted">{t("records.none.kind")}</p>}
      </main>
      <Tabs now="records" unit={unitWord(me.unit_kind)} />
    </Screen>
  );
}

const needsCare = (view: RecordView): boolean => view.status === "returned" || view.status === "needs_help";

function Filters({ kind }: { kind: string }) {
  const { drafts, records } = lists.value;
  const counted = Object.entries(KINDS).map(([name, { word, has }]) => ({ name, word: t(word), n: name === "draft" ? drafts.length : records.filter(has).length }));
  return (
    <div class="chips chips-scroll" role="radiogroup" aria-label={t("records.title")}>
      {[{ name: "all", word: t("records.all"), n: -1 }, ...counted].filter(({ name, n }) => n !== 0 || name === kind).map(({ name, word, n }) => (
        <label class="pick">
          <input type="radio" name="kind" checked={name === kind} onChange={() => (name === "all" ? go("records") : go("records", name))} />
          <span class="chip"><Icon name="check" small class="when-on" />{word}{n >= 0 && ` ${n}`}</span>
        </label>
      ))}
    </div>
  );
}

function Line({ view }: { view: RecordView }) {
  return (
    <li>
      <a class="item record" href={hrefOf("record", view.root_id)} data-record={view.record_id}>
        <span class="record-line"><b>{titleOf(view)}</b>{view.photos.total > 0 && <PhotoCount {...view.photos} />}</span>
        <span class="record-line"><span>{nearDay(view.outline.held_on, systemClock.now())}</span><Status word={statusWord(view)} /></span>
      </a>
      {view.status === "needs_help" && <Help view={view} />}
    </li>
  );
}

function PhotoCount({ sent, total }: { sent: number; total: number }) {
  return <span class="photo-count"><Icon name="image" small /><span class="sr-only">{t("records.photos")} </span>{sent}/{total}</span>;
}

function DraftLine({ draft }: { draft: DraftRow }) {
  const page = draft.review ? ["fix", "0"] : [];
  return (
    <li>
      <a class="item record" href={hrefOf("fill", draft.record_id, ...page)} data-draft={draft.record_id}>
        <span class="record-line"><b>{titleOf(draft)}</b></span>
        <span class="record-line"><span>{draft.outline.held_on && nearDay(draft.outline.held_on, systemClock.now())}</span><Status word="draft" /></span>
      </a>
    </li>
  );
}

function NoRecords({ unit }: { unit: string }) {
  const main = forms.value[0];
  return (
    <Screen name="records-empty" title={t("records.title")} tabs>
      <AppBar title={t("records.title")} />
      <main class="body empty-body">
        <div class="empty"><Rings kind="quiet" class="empty-rings" /><Mark /></div>
        <h2>{t("records.none")}</h2>
        <p class="muted">{t("records.none.sub")}</p>
      </main>
      {main && <div class="actions actions-plain"><Button kind="primary" icon="pencil" onClick={() => void beginForm(main.form_id)}>{t("home.record")}</Button></div>}
      <Tabs now="records" unit={unit} />
    </Screen>
  );
}
