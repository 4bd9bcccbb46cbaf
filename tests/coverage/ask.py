"""Asks the ledger in the words of a test: short names instead of ids."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server import review
from server.models.coverage import Count
from server.models.plan import Indicator, Period
from server.models.records import Record
from server.models.units import Unit
from tests import make
from tests.make import World


def cells(session: Session) -> dict[tuple[str, str, str], tuple[int, int | None]]:
    """(indicator, period, unit) → (numerator, denominator), of every cached count."""
    session.flush()
    wanted = (
        select(Indicator.key, Period.key, Unit.code, Count.numerator, Count.denominator)
        .join(Indicator, Indicator.id == Count.indicator_id)
        .join(Period, Period.id == Count.period_id)
        .join(Unit, Unit.id == Count.unit_id)
    )
    return {(i, p, u): (n, d) for i, p, u, n, d in session.execute(wanted)}


def numerators(session: Session, world: World, indicator: str, period: str = "year") -> dict[str, int]:
    """unit → numerator where it is not 0."""
    return {u: n for (i, p, u), (n, _) in cells(session).items() if (i, p) == (indicator, period) and n}


def chain_of(session: Session, record_id: str) -> int:
    return session.execute(select(Record.chain_id).where(Record.record_id == record_id)).scalar_one()


def accept(session: Session, world: World, *record_ids: str, at: datetime = make.NOON) -> str:
    for record_id in record_ids:
        decide(session, world, record_id, "accepted", at=at)
    return record_ids[-1]


def decide(
    session: Session,
    world: World,
    record_id: str,
    outcome: str,
    by: str = "province",
    unit: str = "P",
    reason: str | None = None,
    fields: Sequence[str] = (),
    same_as: str | None = None,
    at: datetime = make.NOON,
) -> None:
    target = chain_of(session, same_as) if same_as else None
    who = make.principal(world, by, unit)
    review.decide(session, who, chain_of(session, record_id), outcome, reason, fields, at, same_as=target)
