"""Sets of letters as ranges of code points, exact: whether two have a letter in common, and how a phone writes one."""

import sys
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

Letters = tuple[tuple[int, int], ...]  # first and last of each range, in order, none touching the next

EVERY: Letters = ((0, sys.maxunicode),)
_NAMED = ("L", "M", "N", "Lu", "Ll")
_PLAIN = frozenset(map(ord, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))


def united(ranges: Iterable[tuple[int, int]]) -> Letters:
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def others(letters: Letters) -> Letters:
    """Every letter that is not among them."""
    starts = [0, *(last + 1 for _, last in letters)]
    ends = [*(first - 1 for first, _ in letters), sys.maxunicode]
    return tuple((first, last) for first, last in zip(starts, ends, strict=True) if first <= last)


def meet(one: Letters, other: Letters) -> bool:
    a = b = 0
    while a < len(one) and b < len(other):
        if one[a][1] < other[b][0]:
            a += 1
        elif other[b][1] < one[a][0]:
            b += 1
        else:
            return True
    return False


@lru_cache(maxsize=8)
def of_kind(kind: str) -> Letters:
    """Every letter of a general category, as "L" or "Lu"."""
    codes = (code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)).startswith(kind))
    return united((code, code) for code in codes)


def written(letters: Letters) -> str:
    """The set as a class of JavaScript with the flag u: [0-9\\u{1ea0}] or [^a]."""
    if letters == EVERY:
        return "[^]"
    return min(f"[{_inside(letters)}]", f"[^{_inside(others(letters))}]", key=len)


def _inside(letters: Letters) -> str:
    parts = []
    for kind in _NAMED if len(letters) > len(_PLAIN) else ():
        if not meet(of_kind(kind), others(letters)):
            parts.append(f"\\p{{{kind}}}")
            letters = others(united((*others(letters), *of_kind(kind))))
    return "".join([*parts, *(_range(first, last) for first, last in letters)])


def _range(first: int, last: int) -> str:
    return _letter(first) if first == last else f"{_letter(first)}-{_letter(last)}"


def _letter(code: int) -> str:
    return chr(code) if code in _PLAIN else f"\\u{{{code:x}}}"
