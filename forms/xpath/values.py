"""The four kinds of value and how one turns into another: XPath 1.0, with ODK's differences (X-01… in SUPPORTED.md)."""

import math
import re
from decimal import Decimal

from forms.xpath.dates import days_of
from forms.xpath.nodes import Node

Value = str | float | bool | list[Node]

_NUMBER = re.compile(r"[ \t\r\n]*-?(?:\d+(?:\.\d*)?|\.\d+)[ \t\r\n]*", re.ASCII)
NAN = math.nan


def string(value: Value) -> str:
    """X-01: a node-set is its first node's text, an empty one is ''."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return text_of(value[0]) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value)


def number_text(value: float) -> str:
    """Never an exponent: XPath 1.0, 4.2. Shortest digits that give the same number, as in JavaScript."""
    if value != value:
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value: Value, zone: str) -> float:
    """X-02: '' and other text are NaN; dates and date-times are days since 1970 in the plan's zone."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float | int):
        return value
    text = value if isinstance(value, str) else string(value)
    if not text:
        return NAN
    return float(text) if _NUMBER.fullmatch(text) else days_of(text, zone)


def boolean(value: Value) -> bool:
    """X-03: a node-set is true if its text is not empty, since an unanswered question is an element without text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        return bool(value) and (len(value) > 1 or value[0].children is not None or text_of(value[0]) != "")
    if isinstance(value, str):
        return value != ""
    return value == value and value != 0


def text_of(node: Node) -> str:
    if node.children is None:
        return node.text
    return "".join(text_of(child) for child in node.every_child())
