"""Functions over text; see functions.py."""

import math
import re

from forms.xpath.arguments import amount, rounded, texts
from forms.xpath.patterns import pattern_of
from forms.xpath.scope import Scope
from forms.xpath.values import Value, string, text_of


def concat(_: Scope, *values: Value) -> str:
    return "".join(texts(values))


def join(_: Scope, separator: Value, *values: Value) -> str:
    return string(separator).join(texts(values))


def substr(scope: Scope, value: Value, start: Value, end: Value | None = None) -> str:
    """0-based, the end not included; negative counts from the end."""
    text = string(value)
    first, last = amount(scope, start), math.inf if end is None else amount(scope, end)
    if first != first or last != last:
        return ""
    return text[place(first, len(text)) : place(last, len(text))]


def place(at: float, size: int) -> int:
    return (
        int(min(max(math.trunc(at) + (size if at < 0 else 0), 0), size))
        if not math.isinf(at)
        else (size if at > 0 else 0)
    )


def substring(scope: Scope, value: Value, start: Value, length: Value | None = None) -> str:
    """XPath 1.0, 4.2: 1-based, by rounded positions."""
    first = rounded(amount(scope, start))
    last = math.inf if length is None else first + rounded(amount(scope, length))
    return "".join(letter for at, letter in enumerate(string(value), 1) if at >= first and at < last)


def before(_: Scope, value: Value, part: Value) -> str:
    head, found, _tail = string(value).partition(string(part)) if string(part) else ("", "", "")
    return head if found else ""


def after(_: Scope, value: Value, part: Value) -> str:
    return string(value).partition(string(part))[2] if string(part) else string(value)


def translate(_: Scope, value: Value, letters: Value, others: Value) -> str:
    table: dict[int, str | None] = {}
    into = string(others)
    for at, letter in enumerate(string(letters)):
        table.setdefault(ord(letter), into[at] if at < len(into) else None)
    return string(value).translate(table)


def normalized(scope: Scope, value: Value | None = None) -> str:
    text = text_of(scope.node) if value is None else string(value)
    return " ".join(re.split(r"[ \t\r\n]+", text.strip(" \t\r\n")))


def regex(_: Scope, value: Value, expression: Value) -> bool:
    """F-regex: the whole value must match, as in ODK Collect."""
    pattern = pattern_of(string(expression))
    return pattern is not None and pattern.fullmatch(string(value)) is not None
