"""Rows of the demonstration: the mark on the installation, its people as they sign in."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.models.people import Account, Grant
from server.models.system import Installation
from server.models.units import Unit


@dataclass(frozen=True, slots=True)
class PersonLine:
    login: str
    name: str
    role: str
    unit: dict[str, Any]
    parent: dict[str, Any] | None
    has_password: bool


def mark(session: Session) -> None:
    session.execute(update(Installation).values(demo=True))


def number_of_accounts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Account)) or 0


def people(session: Session) -> list[PersonLine]:
    """Everybody with a role, the desk first, each with the unit of the role."""
    wanted = (
        select(Account, Grant.role, Unit)
        .join(Grant, Grant.account_id == Account.id)
        .join(Unit, Unit.id == Grant.unit_id)
        .order_by(Account.password_hash.is_(None), Account.id)
    )
    rows = session.execute(wanted)
    found = []
    for account, role, unit in rows:
        parent = session.get(Unit, unit.parent_id) if unit.parent_id else None
        named = (dict(unit.label), dict(parent.label) if parent else None)
        found.append(PersonLine(account.login, account.name, role, *named, account.password_hash is not None))
    return found
