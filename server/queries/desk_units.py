"""Units and periods as the desk's switches and tables read them, always within a scope (a select of unit ids)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from server.models.plan import FormVersion, Indicator, Period, Plan
from server.models.units import Unit, UnitPath
from server.queries.scope import Scope
from server.queries.spans import in_force
from server.queries.units import UnitLine
from server.queries.units import line_of as _line


@dataclass(frozen=True, slots=True)
class PeriodLine:
    id: int
    key: str
    label: dict[str, Any]
    first_day: date
    last_day: date
    due_before: date | None


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan with its periods in their order."""

    id: int
    label: dict[str, Any]
    first_day: date
    last_day: date
    periods: tuple[PeriodLine, ...]


def unit(session: Session, scope: Scope, key: str) -> UnitLine | None:
    """By key; None when there is none or it lies outside the scope."""
    found = session.scalar(select(Unit).where(Unit.key == key, Unit.id.in_(scope)))
    return None if found is None else _line(found)


def by_ids(session: Session, unit_ids: Iterable[int]) -> list[UnitLine]:
    wanted = select(Unit).where(Unit.id.in_(sorted(set(unit_ids)))).order_by(Unit.sort_key, Unit.id)
    return [_line(found) for found in session.scalars(wanted)]


def predecessors_on(session: Session, unit_id: int, level: str, day: date) -> list[UnitLine]:
    """Units of this level that the unit came from and that stood on the day."""
    wanted = (
        select(Unit)
        .join(UnitPath, UnitPath.unit_id == Unit.id)
        .where(UnitPath.ancestor_id == unit_id, UnitPath.why == "predecessor")
        .where(Unit.level == level, *in_force(Unit, day))
        .order_by(Unit.sort_key, Unit.id)
    )
    return [_line(found) for found in session.scalars(wanted)]


def ancestors(session: Session, scope: Scope, unit_id: int) -> list[UnitLine]:
    """The unit's parents within the scope, the highest first."""
    found: list[UnitLine] = []
    parent_id = session.scalar(select(Unit.parent_id).where(Unit.id == unit_id))
    while parent_id is not None:
        parent = session.scalar(select(Unit).where(Unit.id == parent_id, Unit.id.in_(scope)))
        if parent is None:
            break
        found.insert(0, _line(parent))
        parent_id = parent.parent_id
    return found


def children(session: Session, scope: Scope, unit_id: int, first_day: date, last_day: date) -> list[UnitLine]:
    """Units directly below, in the scope, that were in force on some day of the span."""
    wanted = select(Unit).where(Unit.parent_id == unit_id, Unit.id.in_(scope), *in_force(Unit, first_day, last_day))
    return [_line(found) for found in session.scalars(wanted.order_by(Unit.sort_key, Unit.id))]


def below(
    session: Session, scope: Scope, levels: Collection[str], first_day: date, last_day: date
) -> list[tuple[UnitLine, dict[str, Any] | None]]:
    """All units of these levels in scope, each with its parent's label: for a list to choose from."""
    parent = aliased(Unit)
    wanted = (
        select(Unit, parent.label)
        .join(parent, parent.id == Unit.parent_id, isouter=True)
        .where(Unit.id.in_(scope), Unit.level.in_(levels), *in_force(Unit, first_day, last_day))
        .order_by(parent.sort_key, Unit.sort_key, Unit.id)
    )
    return [(_line(found), label) for found, label in session.execute(wanted)]


def plans(session: Session) -> list[PlanLine]:
    """The plans, the newest last."""
    periods = list(session.scalars(select(Period).order_by(Period.position, Period.id)))
    return [
        PlanLine(
            plan.id,
            plan.label,
            plan.first_day,
            plan.last_day,
            tuple(_period(p) for p in periods if p.plan_id == plan.id),
        )
        for plan in session.scalars(select(Plan).order_by(Plan.last_day, Plan.id))
    ]


def _period(period: Period) -> PeriodLine:
    return PeriodLine(period.id, period.key, period.label, period.first_day, period.last_day, period.due_before)


def without_form(session: Session, plan_id: int) -> frozenset[int]:
    """Indicators of a plan that no published form feeds yet: nothing can be counted for them."""
    loaded = set(session.scalars(select(FormVersion.form_id).where(FormVersion.published_at.is_not(None)).distinct()))
    rows = session.execute(select(Indicator.id, Indicator.feeds).where(Indicator.plan_id == plan_id))
    return frozenset(found for found, feeds in rows if not any(feed.get("form") in loaded for feed in feeds))
