"""People: accounts with their roles and phones, and who is signed in."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from server.models.people import Account, Device, Grant
from server.people.principal import GrantSpan, Principal
from tests.make.base import NOON, YEAR_FIRST, World

PEOPLE = (
    ("officer", "A", "officer"),
    ("colleague", "A", "officer"),
    ("officer_c", "C", "officer"),
    ("chief", "A", "reviewer"),
    ("district1", "D1", "reviewer"),
    ("district2", "D2", "reviewer"),
    ("staff", "P", "staff"),
)


def account(
    session: Session, made: World, name: str, unit: str = "A", roles: Sequence[str] = (), rapporteur: str | None = None
) -> int:
    """An account of that unit with these roles over it, and a phone."""
    row = _account(made, name, made.units[unit], rapporteur)
    session.add(row)
    session.flush()
    made.accounts[name] = row.id
    for role in roles:
        session.add(Grant(account_id=row.id, role=role, unit_id=made.units[unit], valid_from=YEAR_FIRST))
    device = _device(made, row.id, made.units[unit])
    session.add(device)
    session.flush()
    made.devices[name] = device.id
    return row.id


def _account(made: World, name: str, unit_id: int, rapporteur: str | None) -> Account:
    return Account(
        uid=f"{made.next():032x}",
        login=name,
        name=f"Người {name}",
        office="Trung úy",
        unit_id=unit_id,
        rapporteur_uid=rapporteur,
        created_at=NOON,
    )


def _device(made: World, account_id: int, unit_id: int) -> Device:
    return Device(
        uid=f"{made.next():032x}",
        account_id=account_id,
        unit_id=unit_id,
        public_key="",
        token_hash=f"{made.next():064x}",
        token_issued_at=NOON,
        state="active",
        enrolled_at=NOON,
    )


def principal(made: World, name: str, unit: str = "P", roles: Sequence[str] = ("reviewer",)) -> Principal:
    """`name` signed in, with these roles over the unit."""
    grants = tuple(GrantSpan(role, made.units[unit]) for role in roles)
    return Principal(made.accounts[name], name, name, f"Người {name}", "Trung úy", made.units[unit], grants, "csrf")


def people(session: Session, made: World) -> None:
    for name, unit, role in PEOPLE:
        account(session, made, name, unit, [role])
    account(session, made, "province", "P", ["reviewer"], rapporteur="speaker")
