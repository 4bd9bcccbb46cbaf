"""The functions that expressions may call.

To add one: write it, put it into FUNCTIONS, SUPPORTED.md, static/src/form/functions.ts (or the rare ones,
rare_functions.ts) and a vector.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from forms.xpath import choosing_functions as choosing
from forms.xpath import date_functions as date
from forms.xpath import elementary
from forms.xpath import geo_functions as geo
from forms.xpath import hash_functions as hashes
from forms.xpath import math_functions as maths
from forms.xpath import node_functions as node
from forms.xpath import number_functions as number
from forms.xpath import select_functions as select
from forms.xpath import text_functions as text
from forms.xpath.arguments import amount
from forms.xpath.scope import Evaluate, Scope
from forms.xpath.tokens import tokens
from forms.xpath.values import Value, boolean, string, text_of

MANY = 999
LATER = {  # of the field's language; told when a form is uploaded (what each needs: forms/words_of_files.py)
    "extract-signed": "signed_text",
    "intersects": "map_line",
    "jr:itext": "text_by_id",
    "property": "own_property",
}
VOLATILE = ("random", "uuid")  # never evaluated here: the phone's answer is taken as it is


@dataclass(frozen=True, slots=True)
class Function:
    """`run(scope, *values)`; a lazy one gets closures instead of values."""

    least: int
    most: int
    run: Callable[..., Value]
    lazy: bool = False
    step: int = 1  # 2: arguments above the least come in pairs

    @property
    def takes(self) -> str:
        """ "2", "1–2", "2+"; of pairs "3, 5, 7" or "2, 4, 6 …"."""
        if self.least == self.most:
            return str(self.least)
        if self.step == 1:
            return f"{self.least}+" if self.most == MANY else f"{self.least}–{self.most}"
        counts = range(self.least, min(self.most, self.least + 2 * self.step) + 1, self.step)
        return ", ".join(map(str, counts)) + (" …" if self.most == MANY else "")

    def accepts(self, count: int) -> bool:
        return self.least <= count <= self.most and (count - self.least) % self.step == 0


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
    "pow": Function(2, 2, maths.pow_),
    "sqrt": Function(1, 1, number.sqrt),
    "exp": Function(1, 1, maths.of_one(elementary.exp)),
    "exp10": Function(1, 1, maths.exp10),
    "log": Function(1, 1, maths.of_one(elementary.log)),
    "log10": Function(1, 1, maths.of_one(elementary.log10)),
    "sin": Function(1, 1, maths.of_one(elementary.sin)),
    "cos": Function(1, 1, maths.of_one(elementary.cos)),
    "tan": Function(1, 1, maths.of_one(elementary.tan)),
    "asin": Function(1, 1, maths.of_one(elementary.asin)),
    "acos": Function(1, 1, maths.of_one(elementary.acos)),
    "atan": Function(1, 1, maths.of_one(elementary.atan)),
    "atan2": Function(2, 2, maths.atan2),
    "pi": Function(0, 0, lambda _: math.pi),
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
    "checklist": Function(2, MANY, choosing.checklist),
    "weighted-checklist": Function(2, MANY, choosing.weighted_checklist, step=2),
    "count": Function(1, 1, node.count),
    "count-non-empty": Function(1, 1, node.count_non_empty),
    "position": Function(0, 1, node.position),
    "last": Function(0, 0, lambda s: float(s.size)),
    "name": Function(0, 1, node.name_of),
    "current": Function(0, 0, lambda s: [s.current]),
    "instance": Function(1, 1, node.instance),
    "indexed-repeat": Function(3, 7, node.indexed_repeat, step=2),
    "randomize": Function(1, 2, hashes.randomize),
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
    "digest": Function(2, 3, hashes.digest),
    "base64-decode": Function(1, 1, hashes.base64_decode),
    "area": Function(1, 1, geo.area),
    "enclosed-area": Function(1, 1, geo.area),
    "distance": Function(1, MANY, geo.distance),
    "geofence": Function(2, 2, geo.geofence),
    "version": Function(0, 0, lambda s: s.world.form_version),
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
