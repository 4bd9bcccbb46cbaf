"""Functions over dates and times; see functions.py."""

import math

from forms.xpath import dates
from forms.xpath.arguments import amount
from forms.xpath.scope import Scope
from forms.xpath.values import Value, string


def date_(scope: Scope, value: Value) -> str:
    """A date of a date, a date-time (its local day) or a number of days; anything else is ''."""
    if not isinstance(value, str | list):
        days = amount(scope, value)
        return "" if days != days or math.isinf(days) else dates.date_of_days(math.trunc(days))
    moment = dates.moment_of(string(value), scope.world.zone)
    return moment.day.isoformat() if moment else ""


def date_time(scope: Scope, value: Value) -> str:
    """A date-time; a number counts days from 1970 UTC, as decimal-date-time() gives them."""
    if isinstance(value, str | list):
        return string(value) if dates.moment_of(string(value), scope.world.zone) else ""
    days = amount(scope, value)
    return "" if days != days or math.isinf(days) else dates.date_time_of_days(days, scope.world.zone)


def decimal_date_time(scope: Scope, value: Value) -> float:
    if isinstance(value, str | list):
        return dates.utc_days_of(string(value), scope.world.zone)
    return amount(scope, value)


def decimal_time(scope: Scope, value: Value) -> float:
    return dates.day_fraction_of(string(value), scope.world.zone)


def format_date(scope: Scope, value: Value, pattern: Value) -> str:
    text = string(value) if isinstance(value, str | list) else date_time(scope, value)
    return dates.formatted(text, string(pattern), scope.world.zone, scope.world.language)
