"""Builders of units and people for the tests of the service's core."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import cache

from sqlalchemy.orm import Session

from server.models.units import Unit, UnitPath
from server.people import passwords
from server.queries import people
from server.queries.people import NewAccount

AT = datetime(2024, 1, 1, tzinfo=UTC)
FIRST_DAY = date(2024, 1, 1)
PASSWORD = "con thuyền xuôi dòng"


def unit(session: Session, key: str = "94@2004-01-01", parent: int | None = None, level: str = "province") -> int:
    """A unit with the path rows to itself and to everything above it."""
    code, _, day = key.partition("@")
    row = Unit(
        key=key,
        code=code,
        level=level,
        kind="",
        label={"vi": f"Đơn vị {code}"},
        parent_id=parent,
        valid_from=date.fromisoformat(day),
        valid_to=None,
        search_key=key,
        sort_key=key,
    )
    session.add(row)
    session.flush()
    session.add(UnitPath(unit_id=row.id, ancestor_id=row.id, why="self"))
    for above in _ancestors(session, parent):
        session.add(UnitPath(unit_id=row.id, ancestor_id=above, why="parent"))
    session.flush()
    return row.id


def account(
    session: Session,
    login: str = "lan",
    unit_id: int | None = None,
    role: str = "reviewer",
    password: str | None = PASSWORD,
    must_change: bool = False,
) -> int:
    """An active account with one grant over its own unit."""
    home = unit(session) if unit_id is None else unit_id
    new = NewAccount(
        uid=login.encode().hex().ljust(32, "0"),
        login=login,
        name=login.title(),
        unit_id=home,
        password_hash=derived(password) if password else None,
        must_change_password=must_change,
    )
    account_id = people.add_account(session, new, AT)
    people.add_grant(session, account_id, role, home, FIRST_DAY)
    return account_id


@cache
def derived(password: str) -> str:
    """Once for all tests, on a thread of its own: rows are built inside a transaction, where nothing may be derived."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(passwords.derive, password).result()


def _ancestors(session: Session, parent: int | None) -> list[int]:
    found = []
    while parent is not None:
        found.append(parent)
        parent = session.get_one(Unit, parent).parent_id
    return found
