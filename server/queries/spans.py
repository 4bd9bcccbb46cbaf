"""Rows that hold for a span of days: `valid_to` is the last day, inclusive; an empty end is open."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_


def in_force(table: Any, first_day: date, last_day: date | None = None) -> tuple[ColumnElement[bool], ...]:
    """Conditions: in force on the day, or on some day from the first to the last."""
    last = first_day if last_day is None else last_day
    begun = table.valid_from <= last
    if table.__table__.c.valid_from.nullable:
        begun = or_(table.valid_from.is_(None), begun)
    return begun, or_(table.valid_to.is_(None), table.valid_to >= first_day)
