"""Keys to search and to sort Vietnamese text, because neither database here has the collation (D23).

`static/src/text.ts` is the twin; `tests/vectors/text.json` is the one file that both must satisfy.
Only Latin letters are folded: Khmer keeps every mark, for there a vowel sign is no accent.
"""

import re
import unicodedata

_LATIN_MARKS = re.compile("[\u0300-\u036f]")
_SPACES = re.compile("[ \t\n\r\u00a0\u2009\u202f]+")

# Letter order: a ă â b c d đ e ê … o ô ơ … u ư …; a letter is its base and a variant.
_BREVE, _HAT, _HORN = "\u0306", "\u0302", "\u031b"
_VARIANTS = {("a", _BREVE): 1, ("a", _HAT): 2, ("e", _HAT): 1, ("o", _HAT): 1, ("o", _HORN): 2, ("u", _HORN): 1}
# Tone order: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}

_END, _GAP = "00", "01"
_LENGTHS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TOKEN = re.compile(
    r"(?P<number>[0-9]+)|(?P<letter>[a-zđ])(?P<marks>[\u0300-\u036f]*)|(?P<gap>[\x00-/:-`{-\xbf\u2000-\u206f]+)|(?P<other>[^\u0300-\u036f])"
)


def search_key(text: str) -> str:
    """What "duong" and "Đường" have in common: lower case, no Latin marks, đ = d, single spaces."""
    bare = _LATIN_MARKS.sub("", unicodedata.normalize("NFD", text.lower())).replace("đ", "d")
    return _SPACES.sub(" ", unicodedata.normalize("NFC", bare)).strip(" ")


def sort_key(text: str) -> str:
    """A key of [0-9a-z] whose plain order is the Vietnamese one: letters first, tones on a tie, 9 before 10.

    No other character occurs in it, so that every collation of every database orders it alike.
    Punctuation separates words and else counts nothing; other scripts come after Latin, by code point.
    """
    tokens = list(_TOKEN.finditer(unicodedata.normalize("NFD", text.lower())))
    while tokens and tokens[0]["gap"]:
        tokens.pop(0)
    while tokens and tokens[-1]["gap"]:
        tokens.pop()
    return "".join(map(_code, tokens)) + _END + "".join(map(_tone, tokens))


def _code(token: re.Match[str]) -> str:
    """No code is the beginning of another, and each begins with 0 (gap), 1 (number) or a letter."""
    if token["gap"]:
        return _GAP
    if token["number"]:
        digits = token["number"].lstrip("0") or "0"
        return "1" + _LENGTHS[min(len(digits), 35)] + digits
    if token["letter"]:
        return _letter(token["letter"], token["marks"])
    return f"z9{ord(token['other']):06x}"


def _letter(letter: str, marks: str) -> str:
    if letter == "đ":
        return "d1"
    return letter + str(max((_VARIANTS.get((letter, mark), 0) for mark in marks), default=0))


def _tone(token: re.Match[str]) -> str:
    if not token["letter"]:
        return ""
    return next((_TONES[mark] for mark in token["marks"] if mark in _TONES), "0")
