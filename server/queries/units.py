"""Rows of units, of what became what, and of the paths between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from server.models.units import Unit, UnitLink, UnitPath
from server.queries.scope import within
from server.queries.spans import in_force
from server.queries.upsert import Tally, put
from server.text import search_key, sort_key


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as a preset says it; `parent` is a key."""

    key: str
    code: str
    level: str
    kind: str
    label: dict[str, str]
    parent: str | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """`predecessor` became (part of) `successor`; both are keys."""

    predecessor: str
    successor: str
    on_date: date
    basis: str


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit as stored."""

    id: int
    key: str
    code: str
    level: str
    kind: str
    label: dict[str, Any]
    parent_id: int | None
    valid_from: date
    valid_to: date | None
    sort_key: str
    t2_mode: str
    t2_permission: str | None

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, order=True)
class PathRow:
    unit_id: int
    ancestor_id: int
    why: str  # self | parent | predecessor


@dataclass(frozen=True, slots=True)
class Edges:
    """All units, who lies in whom, and who became whom."""

    units: tuple[int, ...]
    parents: tuple[tuple[int, int], ...]
    successors: tuple[tuple[int, int], ...]


def put_units(session: Session, rows: Sequence[UnitRow]) -> Tally:
    """Rows in any order: a parent is joined in a second pass."""
    before = frozenset(_by_key(session))
    tally = put(session, Unit, _by_key(session), {row.key: _columns(row) for row in rows})
    moved = _join_parents(_by_key(session), rows)
    return tally + Tally(changed=len(moved & before))


def put_links(session: Session, rows: Sequence[LinkRow]) -> Tally:
    ids = {key: unit.id for key, unit in _by_key(session).items()}
    found = {(link.predecessor_id, link.successor_id): link for link in session.scalars(select(UnitLink))}
    wanted = {(ids[row.predecessor], ids[row.successor]): _link(ids, row) for row in rows}
    return put(session, UnitLink, found, wanted)


def edges(session: Session) -> Edges:
    units = session.execute(select(Unit.id, Unit.parent_id).order_by(Unit.id)).all()
    links = session.execute(select(UnitLink.predecessor_id, UnitLink.successor_id)).all()
    return Edges(
        tuple(unit_id for unit_id, _ in units),
        tuple((unit_id, parent_id) for unit_id, parent_id in units if parent_id is not None),
        tuple((predecessor, successor) for predecessor, successor in links),
    )


def paths(session: Session) -> set[PathRow]:
    return {PathRow(*row) for row in session.execute(select(UnitPath.unit_id, UnitPath.ancestor_id, UnitPath.why))}


def replace_paths(session: Session, rows: Iterable[PathRow]) -> None:
    session.execute(delete(UnitPath))
    columns = [{"unit_id": row.unit_id, "ancestor_id": row.ancestor_id, "why": row.why} for row in sorted(rows)]
    if columns:
        session.execute(insert(UnitPath), columns)


def unit(session: Session, key: str) -> UnitLine | None:
    found = session.scalar(select(Unit).where(Unit.key == key))
    return None if found is None else line_of(found)


def by_id(session: Session, unit_id: int) -> UnitLine | None:
    found = session.get(Unit, unit_id)
    return None if found is None else line_of(found)


def every(session: Session) -> list[UnitLine]:
    return [line_of(found) for found in session.scalars(select(Unit).order_by(Unit.id))]


def standing(session: Session, day: date, level: str | None = None) -> list[UnitLine]:
    """Units in force on `day`, in their order."""
    wanted = select(Unit).where(*in_force(Unit, day))
    if level is not None:
        wanted = wanted.where(Unit.level == level)
    return [line_of(found) for found in session.scalars(wanted.order_by(Unit.sort_key, Unit.id))]


def successors(session: Session, unit_id: int) -> list[UnitLine]:
    linked = select(UnitLink.successor_id).where(UnitLink.predecessor_id == unit_id)
    return [line_of(found) for found in session.scalars(select(Unit).where(Unit.id.in_(linked)).order_by(Unit.id))]


def predecessors(session: Session, unit_id: int) -> list[UnitLine]:
    linked = select(UnitLink.predecessor_id).where(UnitLink.successor_id == unit_id)
    return [line_of(found) for found in session.scalars(select(Unit).where(Unit.id.in_(linked)).order_by(Unit.id))]


def ids_within(session: Session, unit_id: int) -> frozenset[int]:
    """The unit, everything below it, and their predecessors."""
    return frozenset(session.scalars(within(unit_id)))


def set_t2_mode(session: Session, unit_id: int, mode: str, permission: str | None) -> None:
    found = session.get_one(Unit, unit_id)
    found.t2_mode = mode
    found.t2_permission = permission
    session.flush()


def _by_key(session: Session) -> dict[str, Unit]:
    return {found.key: found for found in session.scalars(select(Unit))}


def _columns(row: UnitRow) -> dict[str, Any]:
    name = row.label["vi"]
    return {
        "key": row.key,
        "code": row.code,
        "level": row.level,
        "kind": row.kind,
        "label": row.label,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "search_key": search_key(name),
        "sort_key": sort_key(name),
    }


def _join_parents(stored: Mapping[str, Unit], rows: Sequence[UnitRow]) -> set[str]:
    """Keys of the units that got another parent."""
    moved: set[str] = set()
    for row in rows:
        parent_id = stored[row.parent].id if row.parent else None
        if stored[row.key].parent_id != parent_id:
            stored[row.key].parent_id = parent_id
            moved.add(row.key)
    return moved


def _link(ids: Mapping[str, int], row: LinkRow) -> dict[str, Any]:
    return {
        "predecessor_id": ids[row.predecessor],
        "successor_id": ids[row.successor],
        "on_date": row.on_date,
        "basis": row.basis,
    }


def line_of(found: Unit) -> UnitLine:
    return UnitLine(
        id=found.id,
        key=found.key,
        code=found.code,
        level=found.level,
        kind=found.kind,
        label=dict(found.label),
        parent_id=found.parent_id,
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        sort_key=found.sort_key,
        t2_mode=found.t2_mode,
        t2_permission=found.t2_permission,
    )
