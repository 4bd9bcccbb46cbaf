"""Powers, logarithms and angles (XPath 3.0, 4.8) over elementary.py; see functions.py."""

from collections.abc import Callable

from forms.xpath import elementary
from forms.xpath.arguments import amount
from forms.xpath.elementary import tidy
from forms.xpath.scope import Scope
from forms.xpath.values import Value


def of_one(run: Callable[[float], float]) -> Callable[[Scope, Value], float]:
    return lambda scope, value: tidy(run(float(amount(scope, value))))


def pow_(scope: Scope, value: Value, exponent: Value) -> float:
    return elementary.power(amount(scope, value), amount(scope, exponent))


def exp10(scope: Scope, exponent: Value) -> float:
    return elementary.power(10.0, amount(scope, exponent))


def atan2(scope: Scope, y: Value, x: Value) -> float:
    return tidy(elementary.atan2(float(amount(scope, y)), float(amount(scope, x))))
