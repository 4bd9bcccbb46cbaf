// What a range may answer: its steps from one end to the other, as decimal text without rounding dust.

export interface Span { start: number; end: number; step: number }

/** From the question's parameters; a range without them goes from 1 to 10. An end below the start runs downwards. */
export function spanOf(parameters: Record<string, string> | undefined): Span {
  const of = (name: string, otherwise: number): number => { const n = Number(parameters?.[name]); return parameters?.[name] && Number.isFinite(n) ? n : otherwise; };
  const [start, end] = [of("start", 1), of("end", 10)];
  return { start, end, step: Math.abs(of("step", 1)) || 1 };
}

const placesOf = (n: number): number => { const [, part = "", power = "0"] = /^-?\d*(?:\.(\d*))?(?:e-(\d+))?$/.exec(String(n)) ?? []; return part.length + Number(power); };

export const countOf = ({ start, end, step }: Span): number => Math.floor(Math.abs(end - start) / step + 1e-9) + 1;

/** The `n`th answer, counted from 0. */
export function answerAt(span: Span, n: number): string {
  const places = Math.max(placesOf(span.start), placesOf(span.step));
  const value = span.start + (span.end < span.start ? -1 : 1) * n * span.step;
  return String(Number(value.toFixed(places)));
}

/** Which step an answer is; -1: none. */
export function stepOf(span: Span, answer: string): number {
  if (answer === "") return -1;
  const n = Math.round(Math.abs(Number(answer) - span.start) / span.step);
  return n < countOf(span) && Number(answerAt(span, n)) === Number(answer) ? n : -1;
}

const MOST_MARKS = 21;

/** Where a scale is marked: every step, or only as many as can be told apart. */
export function marksOf(span: Span): number[] {
  const last = countOf(span) - 1;
  if (last <= 0) return [0];
  const every = Math.max(1, Math.ceil(last / (MOST_MARKS - 1)));
  return [...Array.from({ length: Math.floor(last / every) + 1 }, (_, n) => n * every).filter((n) => n < last), last];
}
