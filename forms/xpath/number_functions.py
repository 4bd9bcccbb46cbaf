"""Functions over numbers; see functions.py."""

import math
from collections.abc import Callable

from forms.xpath.arguments import amount, numbers, rounded
from forms.xpath.scope import Scope
from forms.xpath.values import NAN, Value


def round_(scope: Scope, value: Value, places: Value | None = None) -> float:
    given = amount(scope, value)
    digits = 0 if places is None else amount(scope, places)
    if given != given or digits != digits or math.isinf(given) or abs(digits) > 20:
        return given
    scale = 10.0 ** abs(int(digits))
    return rounded(given * scale) / scale if digits >= 0 else rounded(given / scale) * scale


def whole(turn: Callable[[float], int]) -> Callable[[Scope, Value], float]:
    def run(scope: Scope, value: Value) -> float:
        given = amount(scope, value)
        if given != given or math.isinf(given):
            return given
        return float(turn(given)) or math.copysign(0.0, given)  # the whole part of -0.5 is -0, as on the phone

    return run


def sum_(scope: Scope, nodes: Value) -> float:
    total = 0.0
    for given in numbers(scope, (nodes,)):  # one after the other, as the phone adds
        total += given
    return total


def extreme(pick: Callable[[list[float]], float]) -> Callable[..., float]:
    def run(scope: Scope, *values: Value) -> float:
        amounts = numbers(scope, values)
        return NAN if not amounts or any(given != given for given in amounts) else pick(amounts)

    return run


def sqrt(scope: Scope, value: Value) -> float:
    given = amount(scope, value)
    return math.sqrt(given) if given >= 0 else NAN
