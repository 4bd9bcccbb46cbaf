"""Brings a whole roll from a CSV file: hamlets, or members of a unit's book. Preview first, then all or nothing.

Members come by book code, category and dates, never by name; only for units whose roll may be kept here (U3).
A code that waited as pending is confirmed by standing in the keeper's file.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from server import audit, coverage
from server.queries import registers as rows
from server.queries import units
from server.queries.registers import ItemLine, NewItem
from server.queries.units import UnitLine
from server.sheet import Line, Reading, SheetFault
from server.text import search_key

HAMLETS, MEMBERS = "hamlets", "members"
HAMLET_COLUMNS = ("unit", "label_vi", "kind", "valid_from", "valid_to")
MEMBER_COLUMNS = ("unit", "code", "category", "valid_from", "valid_to")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z ./-]{0,19}")
_IDENTITY_NUMBER = re.compile(r"[0-9]{9,}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the roll beside what is stored of it."""

    wanted: NewItem
    category: str | None
    stored: ItemLine | None
    categories: frozenset[str] = frozenset()  # as stored

    @property
    def changes(self) -> bool:
        old, new = self.stored, self.wanted
        if old is None or old.state == "pending":
            return True
        if self.category is not None and self.category not in self.categories:
            return True
        return (old.label, old.valid_from, old.valid_to) != (new.label, new.valid_from, new.valid_to) or any(
            old.data.get(name) != value for name, value in new.data.items()
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """What bringing the file would do."""

    register: str
    entries: tuple[Entry, ...]
    faults: tuple[SheetFault, ...]

    @property
    def new(self) -> int:
        return sum(entry.stored is None for entry in self.entries)

    @property
    def changed(self) -> int:
        return sum(entry.stored is not None and entry.changes for entry in self.entries)

    @property
    def same(self) -> int:
        return len(self.entries) - self.new - self.changed


class RollFaults(Exception):
    """A roll that was not brought, and why."""

    def __init__(self, faults: Sequence[SheetFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def preview(session: Session, register: str, file: str, text: str, new_uid: Callable[[], str]) -> Preview:
    """Reads the file against what is stored; writes nothing. `file` is its name in faults."""
    reading = Reading()
    known = {unit.key: unit for unit in units.every(session)}
    if register == HAMLETS:
        entries = _hamlets(session, reading, reading.lines(file, text, HAMLET_COLUMNS), known)
    else:
        entries = _members(session, reading, reading.lines(file, text, MEMBER_COLUMNS), known, new_uid)
    return Preview(register, tuple(entries), tuple(reading.faults))


def bring(session: Session, wanted: Preview, by: int, at: datetime) -> None:
    """Writes what was previewed and moves the figures; raises RollFaults if it has any. Call inside a transaction."""
    if wanted.faults:
        raise RollFaults(wanted.faults)
    moving = [entry for entry in wanted.entries if entry.changes]
    if not moving:
        return
    rows.put_items(session, [entry.wanted for entry in moving], at)
    for entry in moving:
        if entry.stored is not None and entry.stored.state == "pending":
            rows.settle(session, entry.stored.id, "confirmed", entry.wanted.valid_from, by, at)
    _put_categories(session, moving)
    rows.move_stamp(session)
    coverage.items_changed(session, rows.ids_of(session, [entry.wanted.uid for entry in moving]))
    counts = {"new": wanted.new, "changed": wanted.changed}
    audit.note(session, "roll.brought", f"register:{wanted.register}", by, None, counts, at)


def _hamlets(session: Session, reading: Reading, lines: Sequence[Line], known: Mapping[str, UnitLine]) -> list[Entry]:
    stored = {item.uid: item for item in rows.lines(session, HAMLETS)}
    seen: dict[str, int] = {}
    found: list[Entry] = []
    for line in lines:
        unit, span = _commune(reading, line, known), _span(reading, line)
        name, kind = reading.text(line, "label_vi"), reading.text(line, "kind")
        uid = f"{search_key(name).replace(' ', '-')}-{unit.key if unit else ''}"
        _once(reading, line, "label_vi", uid, seen)
        if unit is not None:
            item = NewItem(HAMLETS, uid, {"vi": name}, {"kind": kind}, unit.key, None, *span)
            found.append(Entry(item, None, stored.get(uid)))
    return found


def _members(
    session: Session,
    reading: Reading,
    lines: Sequence[Line],
    known: Mapping[str, UnitLine],
    new_uid: Callable[[], str],
) -> list[Entry]:
    seen: dict[str, int] = {}
    found: list[Entry] = []
    for line in lines:
        unit, span, code = _commune(reading, line, known), _span(reading, line), _code(reading, line)
        category = _category(session, reading, line, span[0])
        if unit is not None and unit.t2_mode != "register":
            reading.fault(line, "unit", f"{unit.key} declares totals: its roll is not kept here without a permission")
        if unit is None or not code:
            continue
        _once(reading, line, "code", f"{unit.key} {rows.norm_code(code)}", seen)
        stored = rows.by_code(session, MEMBERS, unit.id, rows.norm_code(code))
        uid = stored.uid if stored else new_uid()
        item = NewItem(MEMBERS, uid, {"vi": code}, {}, unit.key, code, *span)
        there = rows.categories_of(session, stored.id) if stored else frozenset[str]()
        found.append(Entry(item, category, stored, there))
    return found


def _commune(reading: Reading, line: Line, known: Mapping[str, UnitLine]) -> UnitLine | None:
    unit = known.get(reading.text(line, "unit"))
    if line.get("unit") and (unit is None or unit.level != "commune"):
        reading.fault(line, "unit", f"{line.get('unit')} is no key of a commune")
        return None
    return unit


def _span(reading: Reading, line: Line) -> tuple[date | None, date | None]:
    reading.order(line, "valid_from", "valid_to")
    return reading.day(line, "valid_from"), reading.day(line, "valid_to")


def _code(reading: Reading, line: Line) -> str:
    """A book code; what looks like an identity or telephone number is a fault and its digits are not repeated."""
    code = reading.text(line, "code")
    if _IDENTITY_NUMBER.search(code):
        reading.fault(line, "code", "nine digits or more in a row: this is an identity number, not a code of the book")
        return ""
    if code and not _CODE.fullmatch(code):
        reading.fault(line, "code", "a code has up to 20 letters without marks, digits, points, dashes: no name")
        return ""
    return code


def _category(session: Session, reading: Reading, line: Line, day: date | None) -> str:
    category = reading.text(line, "category")
    if day is None:
        reading.fault(line, "valid_from", "a person of the roll is managed from a day on")
    elif category and not rows.category_in_force(session, category, day):
        reading.fault(line, "category", f"{category} is no category in force on {day}")
    return category


def _once(reading: Reading, line: Line, column: str, value: str, seen: dict[str, int]) -> None:
    if value in seen:
        reading.fault(line, column, f"stands in row {seen[value]} already")
    seen.setdefault(value, line.row)


def _put_categories(session: Session, moving: Sequence[Entry]) -> None:
    rows.put_categories(
        session,
        [
            (entry.wanted.uid, entry.category, entry.wanted.valid_from, entry.wanted.valid_to)
            for entry in moving
            if entry.category is not None
        ],
    )
