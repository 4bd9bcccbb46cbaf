"""Dates, times and date-times in XForms lexical form; a zone is always given, the clock is never asked."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_EPOCH = date(1970, 1, 1)
_UTC_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_MS = 86_400_000

MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "vi": tuple(f"Thg {number}" for number in range(1, 13)),
}
DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "vi": ("Th 2", "Th 3", "Th 4", "Th 5", "Th 6", "Th 7", "CN"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """Local wall-clock reading of a date or date-time."""

    day: date
    ms: int  # of the day
    dated_only: bool


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    return ZoneInfo(name)


def is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    return match is not None and _date(match) is not None


def is_time(text: str) -> bool:
    match = _TIME.fullmatch(text)
    return match is not None and _time_ms(match) is not None


def is_date_time(text: str) -> bool:
    return "T" in text and moment_of(text, "UTC") is not None


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _time_ms(match: re.Match[str]) -> int | None:
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return ((hour * 60 + minute) * 60 + second) * 1000 + int((match[4] or "0").ljust(3, "0")[:3])


@lru_cache(maxsize=4096)
def moment_of(text: str, zone: str) -> Moment | None:
    """What a clock on the wall of `zone` shows at `text`; None if it is no date or date-time."""
    head, mark, tail = text.partition("T")
    matched = _DATE.fullmatch(head)
    day = _date(matched) if matched else None
    if day is None or not mark:
        return Moment(day, 0, True) if day else None
    time = _TIME.fullmatch(tail)
    ms = _time_ms(time) if time else None
    if time is None or ms is None:
        return None
    if not time[5]:
        return Moment(day, ms, False)
    return _shifted(day, ms, time[5], zone)


def _shifted(day: date, ms: int, offset: str, zone: str) -> Moment | None:
    hours = 0 if offset == "Z" else int(offset[1:3]) * 60 + int(offset[4:6])
    minutes = -hours if offset[0] == "-" else hours
    try:
        utc = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(milliseconds=ms - minutes * 60_000)
        local = utc.astimezone(zone_of(zone))
    except OverflowError:
        return None
    return Moment(local.date(), _ms_of(local), False)


def _ms_of(local: datetime) -> int:
    return ((local.hour * 60 + local.minute) * 60 + local.second) * 1000 + local.microsecond // 1000


def days_of(text: str, zone: str) -> float:
    """Days since 1970-01-01 on the local calendar: a date is whole, dates subtract exactly; NaN for other text."""
    moment = moment_of(text, zone)
    if moment is None:
        return math.nan
    return (moment.day - _EPOCH).days + moment.ms / _DAY_MS


def utc_days_of(text: str, zone: str) -> float:
    """Days since 1970-01-01T00:00Z; a date means its local midnight."""
    moment = moment_of(text, zone)
    if moment is None:
        return math.nan
    local = datetime(moment.day.year, moment.day.month, moment.day.day, tzinfo=zone_of(zone))
    at = local + timedelta(milliseconds=moment.ms)
    return round((at - _UTC_EPOCH) / timedelta(milliseconds=1)) / _DAY_MS


def day_fraction_of(text: str, zone: str) -> float:
    """06:00 is 0.25; a date-time counts by its local clock; NaN for other text."""
    match = _TIME.fullmatch(text)
    ms = _time_ms(match) if match else None
    if ms is None:
        moment = moment_of(text, zone)
        ms = moment.ms if moment else None
    return math.nan if ms is None else ms / _DAY_MS


def date_of_days(days: float) -> str:
    """The date that many whole days after 1970-01-01; '' if the calendar has none."""
    try:
        return (_EPOCH + timedelta(days=math.floor(days))).isoformat()
    except (OverflowError, ValueError):
        return ""


def date_time_of_days(days: float, zone: str) -> str:
    """Local date-time of a count of days since 1970-01-01T00:00Z; '' if the calendar has none."""
    try:
        utc = _UTC_EPOCH + timedelta(milliseconds=math.floor(days * _DAY_MS + 0.5))
        return date_time_text(utc.astimezone(zone_of(zone)))
    except (OverflowError, ValueError):
        return ""


def date_time_text(local: datetime) -> str:
    """2024-11-22T16:12:05.123+07:00: with its offset, as the ODK specification wants it."""
    minutes = math.floor((local.utcoffset() or timedelta()).total_seconds() / 60 + 0.5)
    sign = "-" if minutes < 0 else "+"
    offset = f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return (
        local.strftime("%Y").rjust(4, "0")
        + local.strftime("-%m-%dT%H:%M:%S")
        + f".{local.microsecond // 1000:03}{offset}"
    )


def formatted(text: str, pattern: str, zone: str, language: str) -> str:
    """format-date and format-date-time; an unknown mark stays as it stands, no date gives ''."""
    moment = moment_of(text, zone)
    if moment is None:
        return ""
    return re.sub(r"(?a)%([%\w])", lambda match: _field(match[1], moment, language) or match[0], pattern)


def _field(mark: str, moment: Moment, language: str) -> str:
    day, ms = moment.day, moment.ms
    hour, minute, second = ms // 3_600_000, ms // 60_000 % 60, ms // 1000 % 60
    fields = {"Y": f"{day.year:04}", "y": f"{day.year % 100:02}", "m": f"{day.month:02}", "n": str(day.month),
              "d": f"{day.day:02}", "e": str(day.day), "H": f"{hour:02}", "h": str(hour), "M": f"{minute:02}",
              "S": f"{second:02}", "3": f"{ms % 1000:03}", "%": "%"}  # fmt: skip
    if mark in "ba":
        names = MONTHS.get(language, MONTHS["vi"]) if mark == "b" else DAYS.get(language, DAYS["vi"])
        return names[day.month - 1 if mark == "b" else day.weekday()]
    return fields.get(mark, "")
