// Keys to search and to sort Vietnamese text; the twin of server/text.py, held to it by tests/vectors/text.json (D23).
// Only Latin letters are folded: Khmer keeps every mark, for there a vowel sign is no accent.

const LATIN_MARKS = /[\u0300-\u036f]/g;
const SPACES = /[ \t\n\r\u00a0\u2009\u202f]+/g;
const BREVE = "\u0306", HAT = "\u0302", HORN = "\u031b";
const VARIANTS: Record<string, number> = {
  [`a${BREVE}`]: 1, [`a${HAT}`]: 2, [`e${HAT}`]: 1, [`o${HAT}`]: 1, [`o${HORN}`]: 2, [`u${HORN}`]: 1,
};
const TONES: Record<string, string> = { "\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5" };
const END = "00", GAP = "01";
const TOKEN = /(?<number>[0-9]+)|(?<letter>[a-zđ])(?<marks>[\u0300-\u036f]*)|(?<gap>[\x00-/:-`{-\xbf\u2000-\u206f]+)|(?<other>[^\u0300-\u036f])/gu;

/** What "duong" and "Đường" have in common: lower case, no Latin marks, đ = d, single spaces. */
export function searchKey(text: string): string {
  const bare = text.toLowerCase().normalize("NFD").replace(LATIN_MARKS, "").replaceAll("đ", "d");
  return bare.normalize("NFC").replace(SPACES, " ").replace(/^ +| +$/g, "");
}

/** A key of [0-9a-z] whose plain order is the Vietnamese one; see server/text.py for the reasons. */
export function sortKey(text: string): string {
  const tokens = [...text.toLowerCase().normalize("NFD").matchAll(TOKEN)].map((match) => match.groups ?? {});
  while (tokens[0]?.["gap"]) tokens.shift();
  while (tokens.at(-1)?.["gap"]) tokens.pop();
  return tokens.map(code).join("") + END + tokens.map(tone).join("");
}

type Token = Record<string, string | undefined>;

function code({ number, letter, marks = "", gap, other = "" }: Token): string {
  if (gap) return GAP;
  if (number) {
    const digits = number.replace(/^0+/, "") || "0";
    return `1${Math.min(digits.length, 35).toString(36)}${digits}`;
  }
  if (!letter) return `z9${(other.codePointAt(0) ?? 0).toString(16).padStart(6, "0")}`;
  return letter === "đ" ? "d1" : letter + Math.max(0, ...[...marks].map((mark) => VARIANTS[letter + mark] ?? 0));
}

function tone({ letter, marks = "" }: Token): string {
  if (!letter) return "";
  return [...marks].map((mark) => TONES[mark]).find(Boolean) ?? "0";
}

/** Whether every word of the query occurs in the text. */
export function finds(query: string, text: string): boolean {
  return allIn(searchKey(query).split(" "), searchKey(text));
}

export const allIn = (words: string[], key: string): boolean => words.every((word) => key.includes(word));

/** Where the query's words stand in the text as written: [start, end) pairs in order, to underline them. */
export function hits(query: string, text: string): [number, number][] {
  const { key, from } = folded(text);
  const found = searchKey(query).split(" ").filter(Boolean).flatMap((word): [number, number][] => {
    const at = key.indexOf(word);
    return at < 0 ? [] : [[from[at] ?? 0, from[at + word.length] ?? text.length]];
  });
  return found.sort((a, b) => a[0] - b[0]).reduce<[number, number][]>(joined, []);
}

function joined(done: [number, number][], [start, end]: [number, number]): [number, number][] {
  const last = done.at(-1);
  if (!last || start > last[1]) return [...done, [start, end]];
  last[1] = Math.max(last[1], end);
  return done;
}

/** The text folded letter by letter, and for each folded letter where it stood. */
function folded(text: string): { key: string; from: number[] } {
  let key = "", at = 0;
  const from: number[] = [];
  for (const letter of text) {
    const bare = letter.toLowerCase().normalize("NFD").replace(LATIN_MARKS, "").replaceAll("đ", "d");
    for (let n = 0; n < bare.length; n++) from.push(at);
    key += bare;
    at += letter.length;
  }
  return { key, from };
}
