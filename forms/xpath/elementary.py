"""Elementary functions out of + - * / and square roots only, so that every machine gives the same bits.

Libraries of mathematics differ in the last digit, and phone and server compare what they calculated as text: twin of
static/src/form/rare/elementary.ts, operation by operation. Answers are rounded to 15 significant digits (`tidy`).
"""

import math
from decimal import ROUND_HALF_UP, Context

PI = math.pi
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_LN10 = 2.302585092994046
_HALF_PI_PARTS = (1.57079632673412561417e00, 6.07710050630396597660e-11, 2.02226624879595063154e-21)
_ROOT3 = 1.7320508075688772
_MOST_POWER = 1024  # a whole power up to this is a product, beyond it an exponential


def tidy(value: float, digits: int = 15) -> float:
    """Without the last doubtful digits; whole numbers that are exact stay."""
    if not math.isfinite(value) or (value == math.floor(value) and abs(value) <= 2.0**53):
        return value
    return float(Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal_from_float(value))  # as JavaScript rounds


def _series(x: float, divisors: list[float]) -> float:
    """1 + x/d1 (1 + x/d2 (1 + …))"""
    total = 1.0
    for divisor in reversed(divisors):
        total = 1.0 + x / divisor * total
    return total


def _odd_series(z: float, sign: float, terms: int) -> float:
    """1 + sign·z/3 + z²/5 + …"""
    total = 0.0
    for odd in range(2 * terms + 1, 0, -2):
        total = 1.0 / odd + sign * z * total
    return total


def exp(x: float) -> float:
    if x != x:
        return x
    if x > 709.782712893384 or x < -745.2:
        return math.inf if x > 0 else 0.0
    steps = math.floor(x / 0.6931471805599453 + 0.5)
    rest = (x - steps * _LN2_HIGH) - steps * _LN2_LOW
    value = _series(rest, [float(n) for n in range(1, 18)])
    for _ in range(abs(steps)):
        value = value * (2.0 if steps > 0 else 0.5)
    return value


def log(x: float) -> float:
    if x != x or x < 0:
        return math.nan
    if x == 0 or math.isinf(x):
        return -math.inf if x == 0 else x
    steps, part = 0, x
    while part >= 1.4142135623730951:
        part, steps = part / 2.0, steps + 1
    while part < 0.7071067811865476:
        part, steps = part * 2.0, steps - 1
    s = (part - 1.0) / (part + 1.0)
    return steps * _LN2_HIGH + (steps * _LN2_LOW + 2.0 * s * _odd_series(s * s, 1.0, 14))


def log10(x: float) -> float:
    return log(x) / _LN10


def _turned(x: float) -> tuple[int, float, float]:
    """Quarter turns in `x`, and sine and cosine of what is left. Digits are lost beyond a million turns."""
    turns = math.floor(x / (PI / 2.0) + 0.5)
    r = ((x - turns * _HALF_PI_PARTS[0]) - turns * _HALF_PI_PARTS[1]) - turns * _HALF_PI_PARTS[2]
    z = -(r * r)
    sine = r * _series(z, [float(n * (n + 1)) for n in range(2, 20, 2)])
    return turns % 4, sine, _series(z, [float(n * (n + 1)) for n in range(1, 20, 2)])


def sin(x: float) -> float:
    if x != x or math.isinf(x):
        return math.nan
    turns, sine, cosine = _turned(x)
    return (sine, cosine, -sine, -cosine)[turns]


def cos(x: float) -> float:
    if x != x or math.isinf(x):
        return math.nan
    turns, sine, cosine = _turned(x)
    return (cosine, -sine, -cosine, sine)[turns]


def tan(x: float) -> float:
    sine, cosine = sin(x), cos(x)
    return sine / cosine if cosine else math.nan


def atan(x: float) -> float:
    if x < 0:
        return -atan(-x)
    if x > 1.0:
        return PI / 2.0 - atan(1.0 / x)
    if x > 0.2679491924311227:
        return PI / 6.0 + atan((x * _ROOT3 - 1.0) / (_ROOT3 + x))
    return x * _odd_series(x * x, -1.0, 17)


def asin(x: float) -> float:
    if not -1.0 <= x <= 1.0:
        return math.nan
    return math.copysign(PI / 2.0, x) if abs(x) == 1.0 else atan(x / math.sqrt((1.0 - x) * (1.0 + x)))


def acos(x: float) -> float:
    if not -1.0 <= x <= 1.0:
        return math.nan
    return PI if x == -1.0 else 2.0 * atan(math.sqrt((1.0 - x) / (1.0 + x)))


def atan2(y: float, x: float) -> float:
    if x != x or y != y:
        return math.nan
    if math.isinf(x) and math.isinf(y):
        return math.copysign(PI / 4.0 if x > 0 else 3.0 * PI / 4.0, y)
    if x == 0 and y != 0:
        return math.copysign(PI / 2.0, y)
    if y == 0:
        return math.copysign(0.0 if math.copysign(1.0, x) > 0 else PI, y)
    return atan(y / x) if x > 0 else math.copysign(PI, y) + atan(y / x)


def power(base: float, exponent: float) -> float:
    """IEEE 754, as XPath 3.0 says: 1 to any power is 1, anything to the power of 0 is 1."""
    base, exponent = float(base), float(exponent)
    if exponent == 0 or base == 1 or (base == -1 and math.isinf(exponent)):
        return 1.0
    if base != base or exponent != exponent:
        return math.nan
    if math.isinf(exponent):
        return math.inf if (abs(base) > 1) == (exponent > 0) else 0.0
    if exponent == math.floor(exponent):
        return _whole_power(base, exponent)
    if base < 0 and not math.isinf(base):
        return math.nan
    if base == 0 or math.isinf(base):
        return math.inf if (base == 0) == (exponent < 0) else 0.0
    if exponent * 2.0 == math.floor(exponent * 2.0) and abs(exponent) < _MOST_POWER:
        return tidy(math.sqrt(base) * _whole_power(base, math.floor(exponent) * 1.0))
    return tidy(exp(exponent * log(base)), 14)


def _whole_power(base: float, exponent: float) -> float:
    odd = exponent / 2.0 != math.floor(exponent / 2.0)
    if abs(exponent) > _MOST_POWER and base != 0 and not math.isinf(base):
        value = tidy(exp(exponent * log(abs(base))), 14)
        return -value if odd and base < 0 else value
    value, factor, left = 1.0, base, abs(exponent) if abs(exponent) <= _MOST_POWER else 2.0 - odd
    while left >= 1.0:
        if left / 2.0 != math.floor(left / 2.0):
            value = value * factor
        factor, left = factor * factor, math.floor(left / 2.0) * 1.0
    if exponent > 0:
        return tidy(value)
    return tidy(1.0 / value) if value else math.copysign(math.inf, value)
