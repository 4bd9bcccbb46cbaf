// "Xã của tôi": the figures of the own unit, each with its mark and the gap to it, as of the last news from the server.

import { systemClock } from "../clock.ts";
import { moment, number } from "../i18n/format.ts";
import { t, words } from "../i18n/index.ts";
import { desk, lists, syncState } from "../session.ts";
import type { FigureNews } from "../shapes.ts";
import { AppBar, Screen, Tabs } from "../ui/frame.tsx";
import { Banner, FlagWord, Meter } from "../ui/parts.tsx";
import { missingTo, sentenceOf, shownOf } from "./figures.tsx";
import { unitWord } from "./words.ts";

export function Commune() {
  const { me, figures } = desk.value!;
  const at = syncState.value.last_contact_at;
  const unreviewed = lists.value.records.filter((view) => ["waiting", "sending", "sent", "needs_help"].includes(view.status) && !view.outline.trial).length;
  const title = [me.unit_label, me.parent_label].filter(Boolean).join(", ");
  return (
    <Screen name="commune" title={title} tabs>
      <AppBar title={title}><p>{at ? t("commune.asof", { at: moment(new Date(at), systemClock.now()) }) : t("net.never")}</p></AppBar>
      <main class="body" tabIndex={0}>
        {figures.length === 0 && <Banner>{t("commune.none")}</Banner>}
        {unreviewed > 0 && figures.length > 0 && <Banner icon="clock">{t("commune.waiting", { n: unreviewed })}</Banner>}
        {figures.map((figure) => (figure.measure === "percent" ? <Target figure={figure} /> : <Plain figure={figure} />))}
        {figures.some((figure) => figure.measure === "percent") && (
          <p class="legend">
            <span><svg aria-hidden="true"><rect class="done" width="20" height="14" rx="3" /></svg>{t("commune.legend")}</span>
            {marksOf(figures).map((mark) => <span><FlagWord>{t("home.mark", { n: mark })}</FlagWord></span>)}
          </p>
        )}
      </main>
      <Tabs now="commune" unit={unitWord(me.unit_kind)} />
    </Screen>
  );
}

const marksOf = (figures: FigureNews[]): number[] =>
  [...new Set(figures.filter((figure) => figure.measure === "percent").flatMap((figure) => (figure.target === null ? [] : [figure.target])))];

function Target({ figure }: { figure: FigureNews }) {
  const shown = shownOf(figure);
  return (
    <section class="card target-card" data-figure={figure.indicator}>
      <div class="target-head"><h2>{words(figure.short) || words(figure.label)}</h2><b>{shown.text}</b></div>
      <Meter share={shown.share} mark={shown.share === null ? null : figure.target} sentence={sentenceOf(figure)} />
      <p class="muted">{shown.few || shown.share === null ? sentenceOf(figure) : t("commune.of", { n: figure.numerator, of: figure.denominator! })}</p>
      {shown.over && <Banner tone="attn">{t("commune.over", { n: figure.numerator, of: figure.denominator! })}</Banner>}
      <Gap figure={figure} />
      <p class="muted">{[words(figure.period), figure.mode && t(`commune.${figure.mode}`)].filter(Boolean).join(" · ")}</p>
    </section>
  );
}

function Gap({ figure }: { figure: FigureNews }) {
  const missing = missingTo(figure);
  if (missing === null || shownOf(figure).few || figure.target === null) return null;
  if (missing === 0) return <p class="target-gap">{t("commune.met", { mark: figure.target })}</p>;
  return <p class="target-gap">{t("commune.gap", { n: missing, mark: figure.target, what: words(figure.counted_in) })}</p>;
}

function Plain({ figure }: { figure: FigureNews }) {
  return (
    <section class="card target-card" data-figure={figure.indicator}>
      <div class="target-head"><h2>{words(figure.short) || words(figure.label)}</h2><b>{number(figure.numerator)}</b></div>
      <p class="muted">{[words(figure.counted_in), words(figure.period)].filter(Boolean).join(" · ")}</p>
    </section>
  );
}
