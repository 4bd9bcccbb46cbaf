"""The functions that expressions may call.

To add one: write it, put it into FUNCTIONS, SUPPORTED.md, static/src/form/functions.ts and a vector.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from forms.xpath import dates
from forms.xpath.nodes import Node
from forms.xpath.scope import Evaluate, Scope
from forms.xpath.tokens import BLANKS, tokens
from forms.xpath.values import NAN, Value, boolean, number, string, text_of

MANY = 99
VOLATILE = ("random", "uuid")  # never evaluated here: the phone's answer is taken as it is


@dataclass(frozen=True, slots=True)
class Function:
    """`run(scope, *values)`; a lazy one gets closures instead of values."""

    least: int
    most: int
    run: Callable[..., Value]
    lazy: bool = False

    @property
    def takes(self) -> str:
        if self.least == self.most:
            return f"{self.least} arguments"
        return f"{self.least} arguments or more" if self.most == MANY else f"{self.least} to {self.most} arguments"


def _strings(values: tuple[Value, ...]) -> list[str]:
    """Node-sets open up into the texts of all their nodes."""
    return [text for value in values for text in (map(text_of, value) if isinstance(value, list) else (string(value),))]


def _number(scope: Scope, value: Value) -> float:
    return number(value, scope.world.zone)


def _numbers(scope: Scope, values: tuple[Value, ...]) -> list[float]:
    return [number(text, scope.world.zone) for text in _strings(values)]


# ── Strings ──
def _concat(_: Scope, *values: Value) -> str:
    return "".join(_strings(values))


def _join(_: Scope, separator: Value, *values: Value) -> str:
    return string(separator).join(_strings(values))


def _substr(scope: Scope, value: Value, start: Value, end: Value | None = None) -> str:
    """0-based, the end not included; negative counts from the end."""
    text = string(value)
    first, last = _number(scope, start), math.inf if end is None else _number(scope, end)
    if first != first or last != last:
        return ""
    return text[_place(first, len(text)) : _place(last, len(text))]


def _place(at: float, size: int) -> int:
    return (
        int(min(max(math.trunc(at) + (size if at < 0 else 0), 0), size))
        if not math.isinf(at)
        else (size if at > 0 else 0)
    )


def _substring(scope: Scope, value: Value, start: Value, length: Value | None = None) -> str:
    """XPath 1.0, 4.2: 1-based, by rounded positions."""
    first = rounded(_number(scope, start))
    last = math.inf if length is None else first + rounded(_number(scope, length))
    return "".join(letter for at, letter in enumerate(string(value), 1) if at >= first and at < last)


def _before(_: Scope, value: Value, part: Value) -> str:
    head, found, _tail = string(value).partition(string(part)) if string(part) else ("", "", "")
    return head if found else ""


def _after(_: Scope, value: Value, part: Value) -> str:
    return string(value).partition(string(part))[2] if string(part) else string(value)


def _translate(_: Scope, value: Value, letters: Value, others: Value) -> str:
    table: dict[int, str | None] = {}
    into = string(others)
    for at, letter in enumerate(string(letters)):
        table.setdefault(ord(letter), into[at] if at < len(into) else None)
    return string(value).translate(table)


def _normalized(scope: Scope, value: Value | None = None) -> str:
    text = text_of(scope.node) if value is None else string(value)
    return " ".join(re.split(r"[ \t\r\n]+", text.strip(" \t\r\n")))


@lru_cache(maxsize=512)
def pattern_of(text: str) -> re.Pattern[str] | None:
    """The pattern, or None if it is none. "." takes a line break too: a guard must not be passed by pressing Enter."""
    try:
        return re.compile(text, re.ASCII | re.DOTALL)
    except re.error:
        return None


def _regex(_: Scope, value: Value, expression: Value) -> bool:
    """F-regex: the whole value must match, as in ODK Collect."""
    pattern = pattern_of(string(expression))
    return pattern is not None and pattern.fullmatch(string(value)) is not None


# ── Numbers ──
def rounded(value: float) -> float:
    return value if value != value or math.isinf(value) else math.floor(value + 0.5)


def _round(scope: Scope, value: Value, places: Value | None = None) -> float:
    amount = _number(scope, value)
    digits = 0 if places is None else _number(scope, places)
    if amount != amount or digits != digits or math.isinf(amount) or abs(digits) > 20:
        return amount
    scale = 10.0 ** abs(int(digits))
    return rounded(amount * scale) / scale if digits >= 0 else rounded(amount / scale) * scale


def _whole(turn: Callable[[float], int]) -> Callable[[Scope, Value], float]:
    def run(scope: Scope, value: Value) -> float:
        amount = _number(scope, value)
        return amount if amount != amount or math.isinf(amount) else float(turn(amount))

    return run


def _sum(scope: Scope, nodes: Value) -> float:
    total = 0.0
    for amount in _numbers(scope, (nodes,)):  # one after the other, as the phone adds
        total += amount
    return total


def _extreme(pick: Callable[[list[float]], float]) -> Callable[..., float]:
    def run(scope: Scope, *values: Value) -> float:
        amounts = _numbers(scope, values)
        return NAN if not amounts or any(amount != amount for amount in amounts) else pick(amounts)

    return run


def _pow(scope: Scope, value: Value, power: Value) -> float:
    try:
        result = _number(scope, value) ** _number(scope, power)
    except (OverflowError, ZeroDivisionError):
        return math.inf
    return result if isinstance(result, float | int) else NAN


def _sqrt(scope: Scope, value: Value) -> float:
    amount = _number(scope, value)
    return math.sqrt(amount) if amount >= 0 else NAN


# ── Truth ──
def _if(scope: Scope, condition: Evaluate, then: Evaluate, otherwise: Evaluate) -> Value:
    return then(scope) if boolean(condition(scope)) else otherwise(scope)


def _coalesce(scope: Scope, *options: Evaluate) -> str:
    for option in options:
        text = string(option(scope))
        if text:
            return text
    return ""


def _once(scope: Scope, expression: Evaluate) -> Value:
    """The answer that is there stays; only an empty one is made."""
    return scope.current.text or expression(scope)


# ── Node-sets ──
def _count(_: Scope, nodes: Value) -> float:
    return float(len(nodes)) if isinstance(nodes, list) else NAN


def _count_non_empty(_: Scope, nodes: Value) -> float:
    return float(sum(1 for node in nodes if text_of(node))) if isinstance(nodes, list) else NAN


def _position(scope: Scope, nodes: Value | None = None) -> float:
    """With a node: its place among its siblings of the same name, which is its place in the repeat."""
    if nodes is None:
        return float(scope.position)
    if not isinstance(nodes, list) or not nodes:
        return NAN
    return float(_siblings(nodes[0]).index(nodes[0]) + 1)


def _siblings(node: Node) -> list[Node]:
    children = node.parent.children if node.parent is not None else None
    return children.get(node.name, [node]) if children else [node]


def _instance(scope: Scope, name: Value) -> list[Node]:
    return [scope.world.rows(string(name)).root]


def _name(scope: Scope, nodes: Value | None = None) -> str:
    if nodes is None:
        return scope.node.name
    return nodes[0].name if isinstance(nodes, list) and nodes else ""


# ── Selects ──
def _selected(_: Scope, answers: Value, name: Value) -> bool:
    return string(name).strip(BLANKS) in tokens(string(answers))


def _selected_at(scope: Scope, answers: Value, at: Value) -> str:
    found, place = tokens(string(answers)), _number(scope, at)
    return found[int(place)] if 0 <= place < len(found) else ""


def _choice_name(scope: Scope, value: Value, path: Value) -> str:
    return scope.world.choice_label(string(path).strip(BLANKS), string(value))


def _pulldata(scope: Scope, instance: Value, column: Value, key: Value, value: Value) -> str:
    rows = scope.world.rows(string(instance))
    found = rows.where(string(key), string(value))
    return rows[found[0]].get(string(column), "") if found else ""


# ── Dates ──
def _date(scope: Scope, value: Value) -> str:
    """A date of a date, a date-time (its local day) or a number of days; anything else is ''."""
    if not isinstance(value, str | list):
        days = _number(scope, value)
        return "" if days != days or math.isinf(days) else dates.date_of_days(math.trunc(days))
    moment = dates.moment_of(string(value), scope.world.zone)
    return moment.day.isoformat() if moment else ""


def _date_time(scope: Scope, value: Value) -> str:
    """A date-time; a number counts days from 1970 UTC, as decimal-date-time() gives them."""
    if isinstance(value, str | list):
        return string(value) if dates.moment_of(string(value), scope.world.zone) else ""
    days = _number(scope, value)
    return "" if days != days or math.isinf(days) else dates.date_time_of_days(days, scope.world.zone)


def _decimal_date_time(scope: Scope, value: Value) -> float:
    if isinstance(value, str | list):
        return dates.utc_days_of(string(value), scope.world.zone)
    return _number(scope, value)


def _decimal_time(scope: Scope, value: Value) -> float:
    return dates.day_fraction_of(string(value), scope.world.zone)


def _format_date(scope: Scope, value: Value, pattern: Value) -> str:
    text = string(value) if isinstance(value, str | list) else _date_time(scope, value)
    return dates.formatted(text, string(pattern), scope.world.zone, scope.world.language)


def _no_chance(_: Scope, *_values: Value) -> str:
    return ""


FUNCTIONS: dict[str, Function] = {
    "string": Function(0, 1, lambda s, *v: string(v[0]) if v else text_of(s.node)),
    "concat": Function(1, MANY, _concat),
    "join": Function(1, MANY, _join),
    "substr": Function(2, 3, _substr),
    "substring": Function(2, 3, _substring),
    "substring-before": Function(2, 2, _before),
    "substring-after": Function(2, 2, _after),
    "translate": Function(3, 3, _translate),
    "string-length": Function(0, 1, lambda s, *v: float(len(string(v[0]) if v else text_of(s.node)))),
    "normalize-space": Function(0, 1, _normalized),
    "contains": Function(2, 2, lambda _, a, b: string(b) in string(a)),
    "starts-with": Function(2, 2, lambda _, a, b: string(a).startswith(string(b))),
    "ends-with": Function(2, 2, lambda _, a, b: string(a).endswith(string(b))),
    "regex": Function(2, 2, _regex),
    "uuid": Function(0, 1, _no_chance),
    "number": Function(0, 1, lambda s, *v: _number(s, v[0] if v else [s.node])),
    "int": Function(1, 1, _whole(math.trunc)),
    "floor": Function(1, 1, _whole(math.floor)),
    "ceiling": Function(1, 1, _whole(math.ceil)),
    "round": Function(1, 2, _round),
    "abs": Function(1, 1, lambda s, a: abs(_number(s, a))),
    "pow": Function(2, 2, _pow),
    "sqrt": Function(1, 1, _sqrt),
    "sum": Function(1, 1, _sum),
    "min": Function(1, MANY, _extreme(min)),
    "max": Function(1, MANY, _extreme(max)),
    "random": Function(0, 0, _no_chance),
    "if": Function(3, 3, _if, lazy=True),
    "coalesce": Function(1, MANY, _coalesce, lazy=True),
    "once": Function(1, 1, _once, lazy=True),
    "true": Function(0, 0, lambda _: True),
    "false": Function(0, 0, lambda _: False),
    "boolean": Function(1, 1, lambda _, a: boolean(a)),
    "boolean-from-string": Function(1, 1, lambda _, a: string(a) in ("true", "1")),
    "not": Function(1, 1, lambda _, a: not boolean(a)),
    "count": Function(1, 1, _count),
    "count-non-empty": Function(1, 1, _count_non_empty),
    "position": Function(0, 1, _position),
    "last": Function(0, 0, lambda s: float(s.size)),
    "name": Function(0, 1, _name),
    "current": Function(0, 0, lambda s: [s.current]),
    "instance": Function(1, 1, _instance),
    "selected": Function(2, 2, _selected),
    "selected-at": Function(2, 2, _selected_at),
    "count-selected": Function(1, 1, lambda _, a: float(len(tokens(string(a))))),
    "jr:choice-name": Function(2, 2, _choice_name),
    "pulldata": Function(4, 4, _pulldata),
    "today": Function(0, 0, lambda s: s.world.today_text),
    "now": Function(0, 0, lambda s: s.world.now_text),
    "date": Function(1, 1, _date),
    "date-time": Function(1, 1, _date_time),
    "decimal-date-time": Function(1, 1, _decimal_date_time),
    "decimal-time": Function(1, 1, _decimal_time),
    "format-date": Function(2, 2, _format_date),
    "format-date-time": Function(2, 2, _format_date),
}


def call(name: str, arguments: list[Evaluate]) -> Evaluate:
    """A closure that calls the function; KeyError for one that is not in the table."""
    function: Any = FUNCTIONS[name]
    run = function.run
    if function.lazy:
        return lambda s: run(s, *arguments)
    if not arguments:
        return lambda s: run(s)
    if len(arguments) == 1:
        only = arguments[0]
        return lambda s: run(s, only(s))
    if len(arguments) == 2:
        first, second = arguments
        return lambda s: run(s, first(s), second(s))
    return lambda s: run(s, *[argument(s) for argument in arguments])
