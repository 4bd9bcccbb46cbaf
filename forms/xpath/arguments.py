"""How functions read their arguments."""

import math

from forms.xpath.scope import Scope
from forms.xpath.values import Value, number, string, text_of


def texts(values: tuple[Value, ...]) -> list[str]:
    """Node-sets open up into the texts of all their nodes."""
    return [text for value in values for text in (map(text_of, value) if isinstance(value, list) else (string(value),))]


def amount(scope: Scope, value: Value) -> float:
    return number(value, scope.world.zone)


def numbers(scope: Scope, values: tuple[Value, ...]) -> list[float]:
    """Node-sets open up into the numbers of all their nodes."""
    zone = scope.world.zone
    return [
        found
        for value in values
        for found in (
            [number(text_of(node), zone) for node in value] if isinstance(value, list) else (number(value, zone),)
        )
    ]


def rounded(value: float) -> float:
    """The nearest whole number, of two the upper one; -0.5 and less than nothing give -0 (XPath 1.0, 4.4)."""
    if value != value or math.isinf(value):
        return value
    below = math.floor(value)
    return float(below + (value - below >= 0.5)) or math.copysign(0.0, value)
