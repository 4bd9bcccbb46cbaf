"""Reads JSON objects strictly and gathers every fault with its JSON Pointer, instead of stopping at the first.

A `Reader` gives back a value of the wanted kind in any case (a stand-in where there is a fault), so that
the caller can build its dataclass in one go and then ask `faults`.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, NoReturn, TypeVar

from sync.encoding import ID, SHA256, from_instant
from sync.problems import Fault, Problem

INT_MAX = 2**53 - 1
T = TypeVar("T")
_DAY = re.compile(r"(19|20|21)\d\d-\d\d-\d\d")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def read_json(data: bytes | str) -> Any:
    """The JSON document in `data`; Problem `json-invalid` when it is none (also NaN, and nesting too deep)."""
    try:
        return json.loads(data, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Problem("json-invalid", detail=_short(error)) from error


def _short(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]


def pointer(base: str, name: str | int) -> str:
    """`base` with one more step (RFC 6901)."""
    return f"{base}/{str(name).replace('~', '~0').replace('/', '~1')}"


@dataclass(slots=True)
class Reader:
    """One JSON object at `base`; members that nobody asks for are left alone (a newer phone may send them)."""

    members: dict[str, Any]
    base: str = ""
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def over(cls, document: Any, base: str = "", faults: list[Fault] | None = None) -> "Reader":
        """A reader over any JSON value; one that is no object is a fault, and reads as an empty object."""
        reader = cls(document if isinstance(document, dict) else {}, base, [] if faults is None else faults)
        if not isinstance(document, dict):
            reader.faults.append(Fault(base, "must be an object"))
        return reader

    def fault(self, name: str, detail: str) -> None:
        """Notes a fault of the member `name`."""
        self.faults.append(Fault(pointer(self.base, name), detail))

    def text(self, name: str, *, most: int = 200, least: int = 1, printable: bool = True) -> str:
        """A string of `least` to `most` characters; without control characters where `printable`."""
        value = self.members.get(name)
        if not isinstance(value, str):
            self.fault(name, "must be a string")
        elif not least <= len(value) <= most:
            self.fault(name, f"must have {least} to {most} characters")
        elif printable and _CONTROL.search(value):
            self.fault(name, "must not contain control characters")
        else:
            return value
        return ""

    def text_or_none(self, name: str, *, most: int = 2000) -> str | None:
        """A string, or None where it is null or missing. Line breaks are allowed."""
        if self.members.get(name) is None:
            return None
        value = self.text(name, most=most, least=0, printable=False)
        if re.search(r"[\x00\ud800-\udfff]", value):
            self.fault(name, "must be Unicode text without NUL")
            return None
        return value

    def matching(self, name: str, pattern: re.Pattern[str], what: str) -> str:
        """A string that fits the whole pattern."""
        value = self.members.get(name)
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        self.fault(name, f"must be {what}")
        return ""

    def identity(self, name: str) -> str:
        """128 random bits as 32 lower-case hex digits."""
        return self.matching(name, ID, "32 lower-case hex digits")

    def digest(self, name: str) -> str:
        """SHA-256 as 64 lower-case hex digits."""
        return self.matching(name, SHA256, "64 lower-case hex digits")

    def one_of(self, name: str, words: Iterable[str]) -> str:
        """One of `words`."""
        words = tuple(words)
        value = self.members.get(name)
        if isinstance(value, str) and value in words:
            return value
        self.fault(name, "must be one of: " + ", ".join(words))
        return words[0]

    def integer(self, name: str, *, least: int = 0, most: int = INT_MAX) -> int:
        """A JSON integer (never a boolean, never 1.0)."""
        value = self.members.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.fault(name, f"must be an integer from {least} to {most}")
        return least

    def number_or_none(self, name: str) -> int | float | None:
        """A finite JSON number, or None where it is null or missing."""
        value = self.members.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= INT_MAX:
            self.fault(name, "must be a number or null")
            return None
        return value

    def flag(self, name: str) -> bool:
        """A JSON boolean."""
        value = self.members.get(name)
        if isinstance(value, bool):
            return value
        self.fault(name, "must be true or false")
        return False

    def day(self, name: str) -> date:
        """A calendar day, YYYY-MM-DD, from 1900 to 2199."""
        return self._parsed(name, _day, "must be a day, YYYY-MM-DD", _EPOCH.date())

    def instant(self, name: str) -> datetime:
        """An instant, RFC 3339 UTC with milliseconds."""
        return self._parsed(name, from_instant, "must be RFC 3339 UTC with milliseconds", _EPOCH)

    def rows(self, name: str, *, most: int) -> list[Any]:
        """A JSON array of at most `most` values."""
        value = self.members.get(name)
        if isinstance(value, list) and len(value) <= most:
            return value
        self.fault(name, f"must be an array of at most {most} values")
        return []

    def _parsed(self, name: str, parse: Callable[[str], T], detail: str, stand_in: T) -> T:
        value = self.members.get(name)
        try:
            if isinstance(value, str):
                return parse(value)
        except ValueError:
            pass
        self.fault(name, detail)
        return stand_in


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError("not YYYY-MM-DD from 1900 to 2199")
    return date.fromisoformat(text)
