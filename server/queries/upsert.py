"""Brings rows to a wanted state by their key: adds what is missing, changes what differs, leaves the rest alone."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from server.db import Base

K = TypeVar("K", bound=Hashable)
M = TypeVar("M", bound=Base)


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a table's rows."""

    total: int = 0
    added: int = 0
    changed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.total + other.total, self.added + other.added, self.changed + other.changed)

    @property
    def moved(self) -> bool:
        return bool(self.added or self.changed)


def put(session: Session, model: type[M], found: Mapping[K, M], wanted: Mapping[K, Mapping[str, Any]]) -> Tally:
    """`wanted`: key → all columns of the row. Columns not named stay as they are."""
    added = changed = 0
    for key, columns in wanted.items():
        row = found.get(key)
        if row is None:
            session.add(model(**columns))
            added += 1
        elif _changed(row, columns):
            changed += 1
    session.flush()
    return Tally(len(wanted), added, changed)


def _changed(row: Base, columns: Mapping[str, Any]) -> bool:
    differing = {name: value for name, value in columns.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)
