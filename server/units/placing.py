"""In which unit a record is filed: the one that its phone named, or what it had become on the record's day (U24)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from server.queries import units as rows
from server.queries.units import UnitLine


@dataclass(frozen=True, slots=True)
class Placed:
    """`note` tells why the unit is another than the one named, or why its dates do not fit."""

    unit_id: int
    note: str | None = None


FILED_UNDER_SUCCESSOR = "filed-under-successor"
BEFORE_THE_UNIT = "before-the-unit-began"


def on_day(session: Session, key: str, day: date) -> Placed | None:
    """Where a record that names `key` belongs on `day`; None: the unit is unknown, or it is not clear what it became.

    A day before the unit began stays with the unit: it holds all its predecessors, and which of them
    was meant only a person can say.
    """
    named = rows.unit(session, key)
    if named is None:
        return None
    if named.in_force(day):
        return Placed(named.id)
    if day < named.valid_from:
        return Placed(named.id, BEFORE_THE_UNIT)
    standing = _standing_successor(session, named, day)
    return None if standing is None else Placed(standing.id, FILED_UNDER_SUCCESSOR)


def _standing_successor(session: Session, ended: UnitLine, day: date) -> UnitLine | None:
    """Follows single successors to the one in force on `day`; a split or an end without successor gives None."""
    seen = {ended.id}
    while not ended.in_force(day):
        nexts = rows.successors(session, ended.id)
        if len(nexts) != 1 or nexts[0].id in seen:
            return None
        ended = nexts[0]
        seen.add(ended.id)
    return ended
