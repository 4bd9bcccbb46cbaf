"""The functions that expressions may call.

To add one: write it, put it into FUNCTIONS, SUPPORTED.md, static/src/form/functions.ts and a vector.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from forms.xpath import choosing_functions as choosing
from forms.xpath import date_functions as date
from forms.xpath import node_functions as node
from forms.xpath import number_functions as number
from forms.xpath import select_functions as select
from forms.xpath import text_functions as text
from forms.xpath.arguments import amount
from forms.xpath.scope import Evaluate, Scope
from forms.xpath.tokens import tokens
from forms.xpath.values import Value, boolean, string, text_of

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


def _no_chance(_: Scope, *_values: Value) -> str:
    return ""


FUNCTIONS: dict[str, Function] = {
    "string": Function(0, 1, lambda s, *v: string(v[0]) if v else text_of(s.node)),
    "concat": Function(1, MANY, text.concat),
    "join": Function(1, MANY, text.join),
    "substr": Function(2, 3, text.substr),
    "substring": Function(2, 3, text.substring),
    "substring-before": Function(2, 2, text.before),
    "substring-after": Function(2, 2, text.after),
    "translate": Function(3, 3, text.translate),
    "string-length": Function(0, 1, lambda s, *v: float(len(string(v[0]) if v else text_of(s.node)))),
    "normalize-space": Function(0, 1, text.normalized),
    "contains": Function(2, 2, lambda _, a, b: string(b) in string(a)),
    "starts-with": Function(2, 2, lambda _, a, b: string(a).startswith(string(b))),
    "ends-with": Function(2, 2, lambda _, a, b: string(a).endswith(string(b))),
    "regex": Function(2, 2, text.regex),
    "uuid": Function(0, 1, _no_chance),
    "number": Function(0, 1, lambda s, *v: amount(s, v[0] if v else [s.node])),
    "int": Function(1, 1, number.whole(math.trunc)),
    "floor": Function(1, 1, number.whole(math.floor)),
    "ceiling": Function(1, 1, number.whole(math.ceil)),
    "round": Function(1, 2, number.round_),
    "abs": Function(1, 1, lambda s, a: abs(amount(s, a))),
    "pow": Function(2, 2, number.pow_),
    "sqrt": Function(1, 1, number.sqrt),
    "sum": Function(1, 1, number.sum_),
    "min": Function(1, MANY, number.extreme(min)),
    "max": Function(1, MANY, number.extreme(max)),
    "random": Function(0, 0, _no_chance),
    "if": Function(3, 3, choosing.if_, lazy=True),
    "coalesce": Function(1, MANY, choosing.coalesce, lazy=True),
    "once": Function(1, 1, choosing.once, lazy=True),
    "true": Function(0, 0, lambda _: True),
    "false": Function(0, 0, lambda _: False),
    "boolean": Function(1, 1, lambda _, a: boolean(a)),
    "boolean-from-string": Function(1, 1, lambda _, a: string(a) in ("true", "1")),
    "not": Function(1, 1, lambda _, a: not boolean(a)),
    "count": Function(1, 1, node.count),
    "count-non-empty": Function(1, 1, node.count_non_empty),
    "position": Function(0, 1, node.position),
    "last": Function(0, 0, lambda s: float(s.size)),
    "name": Function(0, 1, node.name_of),
    "current": Function(0, 0, lambda s: [s.current]),
    "instance": Function(1, 1, node.instance),
    "selected": Function(2, 2, select.selected),
    "selected-at": Function(2, 2, select.selected_at),
    "count-selected": Function(1, 1, lambda _, a: float(len(tokens(string(a))))),
    "jr:choice-name": Function(2, 2, select.choice_name),
    "pulldata": Function(4, 4, select.pulldata),
    "today": Function(0, 0, lambda s: s.world.today_text),
    "now": Function(0, 0, lambda s: s.world.now_text),
    "date": Function(1, 1, date.date_),
    "date-time": Function(1, 1, date.date_time),
    "decimal-date-time": Function(1, 1, date.decimal_date_time),
    "decimal-time": Function(1, 1, date.decimal_time),
    "format-date": Function(2, 2, date.format_date),
    "format-date-time": Function(2, 2, date.format_date),
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
