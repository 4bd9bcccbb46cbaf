"""The one place that tells the time. Tests pass their own clock to `create_app`.

A day is always a day in the plan's zone (D11); instants are aware UTC.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

Clock = Callable[[], datetime]

PLAN_ZONE = "Asia/Ho_Chi_Minh"


def system_clock() -> datetime:
    """The instant, aware, UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The instant by the clock of the running app (aware UTC)."""
    clock: Clock = current_app.extensions["lantoa_clock"]
    return clock()


def day_of(instant: datetime, zone: str = PLAN_ZONE) -> date:
    """The calendar day of `instant` in `zone`."""
    return instant.astimezone(ZoneInfo(zone)).date()


def today(zone: str = PLAN_ZONE) -> date:
    """Today in the plan's zone."""
    return day_of(now(), zone)
