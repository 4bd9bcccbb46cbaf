"""Accounts and grants as rows. What a password or a role means is left to `server.people`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.models.people import Account, Grant
from server.models.registers import Item
from server.models.units import Unit
from server.queries.spans import in_force


@dataclass(frozen=True, slots=True)
class AccountRow:
    id: int
    uid: str
    login: str
    name: str
    office: str | None
    unit_id: int
    organisation_uid: str | None
    rapporteur_uid: str | None
    password_hash: str | None
    must_change_password: bool
    active: bool
    language: str


@dataclass(frozen=True, slots=True)
class GrantRow:
    role: str
    unit_id: int


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account begins with; `login` in lower case."""

    uid: str
    login: str
    name: str
    unit_id: int
    office: str | None = None
    password_hash: str | None = None
    must_change_password: bool = False
    organisation_uid: str | None = None
    rapporteur_uid: str | None = None


def account_by_login(session: Session, login: str) -> AccountRow | None:
    account = session.scalar(select(Account).where(Account.login == login))
    return _row(account) if account else None


def account_by_id(session: Session, account_id: int) -> AccountRow | None:
    account = session.get(Account, account_id)
    return _row(account) if account else None


def logins(session: Session, among: Iterable[str]) -> frozenset[str]:
    """Which of these logins are taken."""
    return frozenset(session.scalars(select(Account.login).where(Account.login.in_(list(among)))))


def only_police_of(session: Session, unit_id: int, day: date) -> str | None:
    """The police body of a unit on that day, where there is just one: the organisation that its people work for."""
    of_unit = select(Item.uid, Item.data).where(
        Item.register == "organisations", Item.unit_id == unit_id, *in_force(Item, day)
    )
    found = [uid for uid, data in session.execute(of_unit) if data.get("kind") == "police"]
    return found[0] if len(found) == 1 else None


def add_account(session: Session, new: NewAccount, at: datetime) -> int:
    account = Account(
        uid=new.uid,
        login=new.login,
        name=new.name,
        office=new.office,
        unit_id=new.unit_id,
        organisation_uid=new.organisation_uid,
        rapporteur_uid=new.rapporteur_uid,
        password_hash=new.password_hash,
        must_change_password=new.must_change_password,
        created_at=at,
    )
    session.add(account)
    session.flush()
    return account.id


def set_password(session: Session, account_id: int, password_hash: str, must_change: bool) -> None:
    session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(password_hash=password_hash, must_change_password=must_change)
    )


def set_active(session: Session, account_id: int, active: bool) -> None:
    session.execute(update(Account).where(Account.id == account_id).values(active=active))


def add_grant(session: Session, account_id: int, role: str, unit_id: int, valid_from: date) -> None:
    session.add(Grant(account_id=account_id, role=role, unit_id=unit_id, valid_from=valid_from, valid_to=None))
    session.flush()


def end_grants(session: Session, account_id: int, role: str, unit_id: int, last_day: date) -> None:
    """Ends the grants of this role over this unit that are open; rows stay, they say who could do what on which day."""
    session.execute(
        update(Grant)
        .where(Grant.account_id == account_id, Grant.role == role, Grant.unit_id == unit_id, Grant.valid_to.is_(None))
        .values(valid_to=last_day)
    )


def grants_on(session: Session, account_id: int, day: date) -> tuple[GrantRow, ...]:
    """The grants of an account in force on `day` (both ends inclusive)."""
    rows = session.execute(
        select(Grant.role, Grant.unit_id)
        .where(Grant.account_id == account_id, *in_force(Grant, day))
        .order_by(Grant.id)
    )
    return tuple(GrantRow(role, unit_id) for role, unit_id in rows)


def unit_id_by_key(session: Session, key: str) -> int | None:
    """By the stable key (`31522@2024-09-01`), or by a bare code where only one unit bears it without an end."""
    if (found := session.scalar(select(Unit.id).where(Unit.key == key))) is not None:
        return found
    same = session.scalars(select(Unit.id).where(Unit.code == key).order_by(Unit.valid_to.is_(None).desc())).all()
    endless = session.scalars(select(Unit.id).where(Unit.code == key, Unit.valid_to.is_(None))).all()
    return next(iter(endless if len(endless) == 1 else same if len(same) == 1 else ()), None)


def unit_label(session: Session, unit_id: int) -> str:
    unit = session.get_one(Unit, unit_id)
    return str(unit.label.get("vi") or unit.key)


@dataclass(frozen=True, slots=True)
class UnitRow:
    id: int
    key: str
    label: str


def root_unit(session: Session) -> UnitRow | None:
    """The top of the tree: the one unit without a parent that began last."""
    unit = session.scalar(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.valid_from.desc(), Unit.id))
    return _unit(unit) if unit else None


def first_commune(session: Session, day: date) -> UnitRow | None:
    """The commune with the least key among those in force on `day`, else among all."""
    communes = select(Unit).where(Unit.level == "commune").order_by(Unit.key)
    standing = communes.where(*in_force(Unit, day))
    unit = session.scalar(standing.limit(1)) or session.scalar(communes.limit(1))
    return _unit(unit) if unit else None


def _unit(unit: Unit) -> UnitRow:
    return UnitRow(unit.id, unit.key, str(unit.label.get("vi") or unit.key))


def _row(account: Account) -> AccountRow:
    return AccountRow(
        id=account.id,
        uid=account.uid,
        login=account.login,
        name=account.name,
        office=account.office,
        unit_id=account.unit_id,
        organisation_uid=account.organisation_uid,
        rapporteur_uid=account.rapporteur_uid,
        password_hash=account.password_hash,
        must_change_password=account.must_change_password,
        active=account.active,
        language=account.language,
    )
