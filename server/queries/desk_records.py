"""Counts of records by state for the desk's frame, always within a scope (a select of unit ids)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from server.models.plan import Term
from server.models.records import Chain
from server.models.registers import Item

Scope = Select[int]


def states(session: Session, units: Scope, first_day: date, last_day: date) -> dict[str, int]:
    """How many records of these units, held in this span, are in which state."""
    rows = session.execute(
        select(Chain.state, func.count())
        .where(Chain.unit_id.in_(units), Chain.held_on.between(first_day, last_day))
        .group_by(Chain.state)
    )
    return dict(iter(rows))


def waiting(session: Session, units: Scope) -> int:
    """How many records of these units wait for a decision, whenever they were held."""
    return session.scalar(select(func.count()).where(Chain.state == "waiting", Chain.unit_id.in_(units))) or 0


@dataclass(frozen=True, slots=True)
class TermLine:
    code: str
    label: dict[str, Any]


def terms(session: Session, list_name: str, day: date) -> list[TermLine]:
    """The words of a list that are in force on `day`."""
    wanted = select(Term).where(
        Term.list_name == list_name,
        or_(Term.valid_from.is_(None), Term.valid_from <= day),
        or_(Term.valid_to.is_(None), Term.valid_to >= day),
    )
    return [TermLine(term.code, term.label) for term in session.scalars(wanted.order_by(Term.position, Term.code))]


def members_of(session: Session, unit_id: int, most: int) -> list[tuple[int, str]]:
    """(id, book code) of the confirmed and pending members of one unit's book."""
    wanted = (
        select(Item.id, Item.code)
        .where(Item.register == "members", Item.unit_id == unit_id, Item.state != "alias", Item.code.is_not(None))
        .order_by(Item.sort_key, Item.id)
    )
    return [(item_id, code or "") for item_id, code in session.execute(wanted.limit(most))]
