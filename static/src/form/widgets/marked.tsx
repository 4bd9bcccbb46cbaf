// A form's text as its author marked it (XLSForm: strong, leaning, headings, links). It becomes elements, never HTML:
// whatever else stands there is shown as letters. The twin of server/pages/marked.py, held to it by tests/vectors/marked.json.

import type { ComponentChildren } from "preact";

const SIGNS = /[*_#[\\<]/;
/** An escaped sign, a heading, strong, leaning, a link, a tag. Signs inside a word or beside a space are letters. Bounded: a cell may be long. */
const MARK = /\\([\\*_#[\]<])|^#{1,6} +(.{1,999}?)[ #]*(?:\n|$)|\*\*(?=\*?[^\s*])(.{1,999}?)(?<=\S)\*\*(?!\*)|(?<![\p{L}\p{N}_])__(?![\s_])(.{1,999}?)(?<![\s_])__(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}*_])([*_])(?![\s*_])(.{1,999}?)(?<![\s*_])\5(?![\p{L}\p{N}*_])|\[([^\]\n]{1,200})\]\(([^)\s]{1,999})\)|<\/?[a-z][^<>]*>/gmiu;
const DEEPEST = 4;
const SAFE = /^(?:https?|mailto|tel):/i;

type Piece = (sign: string | undefined, head: string | undefined, strong: string | undefined, leaning: string | undefined, words: string, address: string) => ComponentChildren;

function pieces(text: string, piece: Piece): ComponentChildren[] {
  let end = 0;
  const found = [...text.matchAll(MARK)].flatMap(([all, sign, head, stars, lines, , leaning, words = "", address = ""], n, every) => {
    const { index } = every[n]!;
    const before = text.slice(end, index);
    end = index + all.length;
    return [before, piece(sign, head, stars ?? lines, leaning, words, address)];
  });
  return [...found, text.slice(end)];
}

/** Words only: for names, lists and the reading voice. */
export const plain = (text: string, deep = 0): string => (deep < DEEPEST && SIGNS.test(text)
  ? pieces(text, (sign, head, strong, leaning, words, address) =>
    sign ?? (head ? `${plain(head, deep + 1)}\n` : plain(strong ?? leaning ?? "", deep + 1) || (words && `${plain(words, deep + 1)} (${address})`))).join("").trimEnd()
  : text);

const inside = (text: string, deep = 0): ComponentChildren => (deep < DEEPEST && SIGNS.test(text) ? pieces(text, (sign, head, strong, leaning, words, address) => {
  if (head) return <b class="head">{inside(head, deep + 1)}</b>;
  if (strong) return <b>{inside(strong, deep + 1)}</b>;
  if (leaning) return <em>{inside(leaning, deep + 1)}</em>;
  if (SAFE.test(address)) return <a href={address} target="_blank" rel="noreferrer">{inside(words, deep + 1)}</a>;
  return sign ?? (words && `${plain(words, deep + 1)} (${address})`);
}) : text);

/** In whichever direction its letters run. */
export const Marked = ({ text, lang }: { text: string; lang?: string | undefined }) => <span class="marked" dir="auto" lang={lang}>{inside(text)}</span>;
