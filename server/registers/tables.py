"""What a unit may know of each register, as rows of strings: the content of the phone's sets and of server-side checks.

`unit` values are unit keys. Members travel by code and dates only; their categories never leave the server (D26, U7).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from server.queries import plan as plans
from server.queries import registers as items
from server.queries import units
from server.queries.registers import ItemLine
from server.queries.units import UnitLine
from server.registers.kept import Kept

Row = tuple[str, ...]
MOST_MEMBERS = 2000  # D26
MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class Table:
    """One register as one unit sees it. `unit`: the key of the unit that it was cut for, None: the same for all."""

    register: str
    unit: str | None
    sensitive_unit_id: int | None
    columns: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A unit, its district and root, and the span of days that may be recorded: from the plan's first day to `day`."""

    unit: UnitLine
    district: UnitLine
    root: UnitLine
    own: frozenset[int]
    day: date
    first_day: date


def view(session: Session, unit_id: int, day: date) -> View | None:
    unit = units.by_id(session, unit_id)
    if unit is None:
        return None
    chain = [unit]
    while (parent_id := chain[-1].parent_id) is not None and (above := units.by_id(session, parent_id)) is not None:
        chain.append(above)
    district = next((u for u in chain if u.level == "district"), chain[-1])
    first_day = plans.first_day(session) or day
    return View(unit, district, chain[-1], units.ids_within(session, unit.id), day, first_day)


def all_of(session: Session, unit_id: int, day: date) -> list[Table]:
    """Every register as the unit sees it; none for an unknown unit. A rare one that has no row is left out."""
    found = [one for register in REGISTERS if (one := table(session, register, unit_id, day)) is not None]
    return [one for one in found if one.rows or one.register not in _RARE]


def table(session: Session, register: str, unit_id: int, day: date) -> Table | None:
    """None for a register or a unit that nobody has heard of. Kept until the register stamp or the day moves."""
    state = items.settled_state(session)
    seen = _views.get(state and (*state, unit_id, day), lambda: view(session, unit_id, day))
    maker = _MAKERS.get(register)
    if maker is None or seen is None:
        return None
    return _tables.get(state and (*state, register, maker.cut_for(seen), day), lambda: maker.make(session, seen))


def _units(session: Session, seen: View) -> Table:
    within = units.ids_within(session, seen.root.id)
    known = {unit.id: unit for unit in units.every(session)}
    rows = [
        (
            unit.key, str(unit.label["vi"]), unit.level, known[unit.parent_id].key if unit.parent_id else "",
            unit.kind, *_span(unit),
        )
        for unit in sorted(_in_view(known.values(), within, seen), key=lambda u: (u.level, u.sort_key, u.key))
    ]  # fmt: skip
    return Table("units", seen.root.key, None, ("name", "label", "level", "parent", "kind", "from", "to"), tuple(rows))


def _hamlets(session: Session, seen: View) -> Table:
    within = units.ids_within(session, seen.root.id)
    there = {unit.id for unit in _in_view(units.every(session), within, seen)}
    rows = [
        (item.uid, _label(item), item.unit)
        for item in _lasting(session, "hamlets", seen)
        if item.unit_id in there and (item.unit_id in seen.own or item.data.get("kind") == "whole")
    ]
    return Table("hamlets", seen.unit.key, None, ("name", "label", "unit"), tuple(rows))


def _provisions(session: Session, seen: View) -> Table:
    rows = [
        (item.uid, _label(item), *(item.data.get(c, "") for c in ("field", "law", "t2")), *_span(item))
        for item in _lasting(session, "provisions", seen)
        if item.data.get("secret") != "yes"
    ]
    return Table("provisions", None, None, ("name", "label", "field", "law", "t2", "from", "to"), tuple(rows))


def _organisations(session: Session, seen: View) -> Table:
    """Bodies without a unit, those of the units above, and those within the own district: one set per district."""
    near = units.ids_within(session, seen.district.id) | {seen.root.id}
    rows = [
        (item.uid, _label(item), item.data.get("kind", ""), item.unit)
        for item in _lasting(session, "organisations", seen)
        if item.unit_id is None or item.unit_id in near
    ]
    return Table("organisations", seen.district.key, None, ("name", "label", "kind", "unit"), tuple(rows))


def _rapporteurs(session: Session, seen: View) -> Table:
    rows = [(item.uid, _label(item), item.unit) for item in _lasting(session, "rapporteurs", seen, seen.own)]
    return Table("rapporteurs", seen.unit.key, None, ("name", "label", "unit"), tuple(rows))


def _members(session: Session, seen: View) -> Table:
    """Empty where the unit declares totals: its phones then hold no code at all (U3)."""
    keeps = seen.unit.t2_mode == "register" and seen.unit.level == "commune"
    found = _lasting(session, "members", seen, seen.own)[:MOST_MEMBERS] if keeps else []
    rows = [(item.uid, _code(item, seen), seen.unit.key, *_span(item)) for item in found]
    return Table("members", seen.unit.key, seen.unit.id, ("name", "label", "unit", "from", "to"), tuple(rows))


def _materials(session: Session, seen: View) -> Table:
    rows = [(item.uid, _label(item)) for item in _lasting(session, "materials", seen)]
    return Table("materials", None, None, ("name", "label"), tuple(rows))


def _facilities(session: Session, seen: View) -> Table:
    """Police bodies whose equipment is checked: those of the own district and of the province."""
    near = units.ids_within(session, seen.district.id) | {seen.root.id}
    rows = [
        (item.uid, _label(item), item.unit, *_span(item))
        for item in _lasting(session, "facilities", seen)
        if item.unit_id is None or item.unit_id in near
    ]
    return Table("facilities", seen.district.key, None, ("name", "label", "unit", "from", "to"), tuple(rows))


def _pilots(session: Session, seen: View) -> Table:
    rows = [(item.uid, _label(item), item.unit) for item in _lasting(session, "pilots", seen)]
    return Table("pilots", None, None, ("name", "label", "unit"), tuple(rows))


@dataclass(frozen=True, slots=True)
class _Maker:
    """`cut_for`: the unit for which the content is cut; units that give the same one share the table."""

    make: Callable[[Session, View], Table]
    cut_for: Callable[[View], int]


_MAKERS = {
    "units": _Maker(_units, lambda seen: seen.root.id),
    "hamlets": _Maker(_hamlets, lambda seen: seen.unit.id),
    "provisions": _Maker(_provisions, lambda seen: 0),
    "organisations": _Maker(_organisations, lambda seen: seen.district.id),
    "rapporteurs": _Maker(_rapporteurs, lambda seen: seen.unit.id),
    "members": _Maker(_members, lambda seen: seen.unit.id),
    "materials": _Maker(_materials, lambda seen: 0),
    "facilities": _Maker(_facilities, lambda seen: seen.district.id),
    "pilots": _Maker(_pilots, lambda seen: 0),
}
_RARE = frozenset({"facilities", "pilots"})  # named by forms that few phones hold: nothing of them travels in vain
REGISTERS = tuple(_MAKERS)
_views: Kept[tuple[str, int, int, date], View | None] = Kept(MOST_KEPT)
_tables: Kept[tuple[str, int, str, int, date], Table] = Kept(MOST_KEPT)


def _in_view(found: Iterable[UnitLine], within: frozenset[int], seen: View) -> list[UnitLine]:
    """Units of the own tree that stood on some day from the plan's first to today."""
    return [
        unit
        for unit in found
        if unit.id in within and unit.valid_from <= seen.day and (unit.valid_to or seen.day) >= seen.first_day
    ]


def _lasting(session: Session, register: str, seen: View, within: frozenset[int] | None = None) -> list[ItemLine]:
    found = items.lines(session, register, within, seen.first_day)
    return [item for item in found if item.valid_from is None or item.valid_from <= seen.day]


def _code(item: ItemLine, seen: View) -> str:
    """The code as it stands in its book; another book than the unit's own is named (U2)."""
    if item.book is None or item.book_id == seen.unit.id:
        return item.code
    return f"{item.code} (sổ {item.book['vi']} cũ)"


def _label(item: ItemLine) -> str:
    return str(item.label["vi"])


def _span(dated: ItemLine | UnitLine) -> Row:
    return tuple("" if day is None else day.isoformat() for day in (dated.valid_from, dated.valid_to))
