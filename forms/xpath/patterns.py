"""Patterns of regex(): what Python and the phone's JavaScript read alike, and what is wrong with others.

Classes are ASCII (\\d \\w \\s, as in ODK Collect) but for \\p{L}, \\p{Lu}, \\p{Ll}, \\p{M} and \\p{N}. "." takes a line
break too: a guard must not be passed by pressing Enter.
"""

import re
import sys
import unicodedata
from functools import lru_cache

from forms.xpath.endless import is_endless

_UNICODE = re.compile(r"\\(?P<not>[pP])\{(?P<kind>L|Lu|Ll|M|N)\}")
_PART = re.compile(r"\\[pP]\{[^}]*\}|\\.|\[|\]", re.DOTALL)
_ONE_SIDED = re.compile(
    r"\(\?[aiLmsux-]+[:)]|\(\?P[<=>]|\(\?#|\(\?\(|\(\?>|\(\?<[A-Za-z]"  # flags, names, comments, atomic groups
    r"|(?<!\\)[*+?]\+|\{\d+(?:,\d*)?\}\+|\{,\d|\\[AZzGQEhHRXK]|\\[UNuxa](?![0-9a-fA-F])"
)
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_SETS = re.compile(r"\[:|--|&&|~~|\|\|")  # inside [ ]: set operations for some, letters for others


@lru_cache(maxsize=512)
def pattern_of(text: str) -> re.Pattern[str] | None:
    """The pattern, None if it is none (see pattern_fault)."""
    try:
        return _read(text)
    except (re.error, RecursionError, OverflowError):
        return None


def pattern_fault(text: str) -> Exception | None:
    """Why it is no pattern, or none that both sides read alike; an EndlessPattern for one that may never end."""
    try:
        _read(text)
    except (re.error, RecursionError, OverflowError) as error:
        return error
    return None


class EndlessPattern(re.error):
    """Some text would keep the matcher busy for ever."""


def _read(text: str) -> re.Pattern[str]:
    if one_sided := _one_sided(text):
        raise re.error(f"{one_sided} is not read alike everywhere")
    written = _with_letters(text)
    pattern = re.compile(written, re.ASCII | re.DOTALL)
    if is_endless(written):
        raise EndlessPattern("a repetition in a repetition")
    return pattern


def _one_sided(text: str) -> str | None:
    bare = text.replace("\\\\", "  ")
    for marks in _CLASS.findall(bare):
        if found := _SETS.search(marks[1:-1]):
            return found.group()
    found = _ONE_SIDED.search(_CLASS.sub("[]", bare))
    return found.group() if found else None


def _with_letters(text: str) -> str:
    r"""\p{L} and its kin written out, in a class or as a class."""
    inside = False

    def written(part: re.Match[str]) -> str:
        nonlocal inside
        mark, found = part.group(), _UNICODE.fullmatch(part.group())
        if mark in ("[", "]"):
            nested, inside = inside and mark == "[", mark == "["
            return "\\[" if nested else mark
        if not found:
            return mark
        if found["not"] == "P" and inside:
            raise re.error(f"{mark} inside [ ]")
        letters = _ranges(found["kind"])
        return letters if inside else f"[{'^' if found['not'] == 'P' else ''}{letters}]"

    return _PART.sub(written, text)


@lru_cache(maxsize=8)
def _ranges(kind: str) -> str:
    """Every character of a general category, as ranges of a class."""
    found: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if not unicodedata.category(chr(code)).startswith(kind):
            continue
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in found)
