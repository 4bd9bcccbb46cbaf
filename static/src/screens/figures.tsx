// Figures of the own unit as the server told them: a share with its mark, or the plain word that there is no denominator.
// Counts of persons under management from 1 to 4 are not written out: a bystander could name them (README of the look, D33).

import { number } from "../i18n/format.ts";
import { t, words } from "../i18n/index.ts";
import type { FigureNews } from "../shapes.ts";
import { Meter } from "../ui/parts.tsx";

const FEW = 5;

export interface Shown { share: number | null; text: string; few: boolean; over: boolean }

/** `mode` is there only where persons under management are counted. */
export function shownOf(figure: FigureNews): Shown {
  const { numerator, denominator, mode } = figure;
  if (denominator === null || denominator === 0) return { share: null, text: "–", few: false, over: false };
  const few = mode !== null && ((numerator > 0 && numerator < FEW) || denominator < FEW);
  if (few) return { share: null, text: "<5", few, over: false };
  if (numerator > denominator) return { share: 100, text: number(numerator), few: false, over: true };
  const share = (numerator / denominator) * 100;
  return { share, text: `${number(share, 0)}%`, few: false, over: false };
}

/** What home shows: the shares, at most two. */
export const headlines = (figures: FigureNews[]): FigureNews[] => figures.filter((figure) => figure.measure === "percent").slice(0, 2);

export function sentenceOf(figure: FigureNews): string {
  const shown = shownOf(figure);
  if (shown.few) return t("commune.few");
  if (shown.share === null) return t("commune.nodenominator");
  const counts = { n: figure.numerator, of: figure.denominator! };
  return figure.target === null ? t("commune.meter.plain", counts) : t("commune.meter", { ...counts, mark: figure.target });
}

export function FigureLine({ figure }: { figure: FigureNews }) {
  const shown = shownOf(figure);
  return (
    <span class="stack figure-line">
      <span class="row spread"><span>{words(figure.short) || words(figure.label)}</span><b>{shown.share === null && !shown.few ? t("commune.nodenominator") : shown.text}</b></span>
      <Meter share={shown.share} mark={shown.share === null ? null : figure.target} sentence={sentenceOf(figure)} />
    </span>
  );
}

/** How many more until the mark, rounded up: a mark half reached is not reached. */
export const missingTo = ({ numerator, denominator, target }: FigureNews): number | null =>
  denominator === null || denominator === 0 || target === null ? null : Math.max(0, Math.ceil((denominator * target) / 100 - 1e-9) - numerator);
