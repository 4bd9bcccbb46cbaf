"""Totals that units declare of themselves (U3, U37): adding one, listing them. Rows are only ever added."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.models.people import Account
from server.models.plan import Indicator, Period
from server.models.registers import Declaration
from server.models.units import Unit
from server.queries.scope import Scope
from server.queries.slices import Slice


@dataclass(frozen=True, slots=True)
class NewDeclaration:
    indicator_id: int
    period_id: int
    unit_id: int
    as_of: date
    denominator: int
    numerator: int
    source: str


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration as listed: of whom, how much, from where, by whom."""

    unit: dict[str, Any]
    unit_key: str
    indicator: str
    period: dict[str, Any]
    as_of: date
    denominator: int
    numerator: int
    source: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IndicatorChoice:
    id: int
    key: str
    label: dict[str, Any]


def declarable(session: Session, plan_id: int) -> list[IndicatorChoice]:
    """Indicators of a plan whose base is a roll that a unit may keep elsewhere: those over members."""
    wanted = select(Indicator).where(Indicator.plan_id == plan_id, Indicator.register == "members")
    return [IndicatorChoice(i.id, i.key, i.label) for i in session.scalars(wanted.order_by(Indicator.position))]


def add(session: Session, new: NewDeclaration, by_id: int, at: datetime) -> None:
    session.add(
        Declaration(
            indicator_id=new.indicator_id,
            period_id=new.period_id,
            unit_id=new.unit_id,
            as_of=new.as_of,
            denominator=new.denominator,
            numerator=new.numerator,
            source=new.source,
            declared_at=at,
            declared_by_id=by_id,
        )
    )
    session.flush()


def declared(session: Session, scope: Scope, part: Slice) -> tuple[list[Declared], int]:
    """The newest first."""
    total = session.scalar(select(func.count()).select_from(Declaration).where(Declaration.unit_id.in_(scope))) or 0
    wanted = (
        select(Declaration, Unit.label, Unit.key, Indicator.key, Period.label, Account.name)
        .join(Unit, Unit.id == Declaration.unit_id)
        .join(Indicator, Indicator.id == Declaration.indicator_id)
        .join(Period, Period.id == Declaration.period_id)
        .join(Account, Account.id == Declaration.declared_by_id)
        .where(Declaration.unit_id.in_(scope))
        .order_by(Declaration.declared_at.desc(), Declaration.id.desc())
    )
    rows = session.execute(wanted.offset(part.offset).limit(part.limit))
    return [_declared(row[0], *row[1:]) for row in rows], total


def _declared(
    row: Declaration, unit: dict[str, Any], unit_key: str, indicator: str, period: dict[str, Any], by: str
) -> Declared:
    return Declared(
        unit=unit,
        unit_key=unit_key,
        indicator=indicator,
        period=period,
        as_of=row.as_of,
        denominator=row.denominator,
        numerator=row.numerator,
        source=row.source,
        by=by,
        at=row.declared_at,
    )
