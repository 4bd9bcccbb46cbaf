"""Which units a set of grants reaches: the one select by which every query over records and figures filters (D13).

Scope = the granted unit, everything below it, and the predecessors of all these; all three are rows of unit_path.
"""

from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import Select, select

from server.models.units import UnitPath

Scope = Select[int]


class Span(Protocol):
    """A role over a unit."""

    @property
    def role(self) -> str: ...

    @property
    def unit_id(self) -> int: ...


def units_in_scope(grants: Iterable[Span], roles: Iterable[str]) -> Scope:
    """Ids of the units that `grants` reach in any of `roles`; no grant reaches no unit."""
    wanted = frozenset(roles)
    granted = sorted({grant.unit_id for grant in grants if grant.role in wanted})
    return select(UnitPath.unit_id).where(UnitPath.ancestor_id.in_(granted)).distinct()


def within(unit_id: int) -> Scope:
    """Ids of the unit, everything below it and their predecessors."""
    return select(UnitPath.unit_id).where(UnitPath.ancestor_id == unit_id)
