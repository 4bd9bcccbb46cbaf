"""Accounts and grants: adding people, giving and ending roles, disabling.

A change of role or state ends the desk sessions of that person.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from server import audit
from server.people import passwords
from server.people.principal import DESK_ROLES, ROLES
from server.queries import people, sign_in
from server.queries.people import NewAccount
from sync import problems
from sync.problems import Fault, Problem

UID_BYTES = 16

problems.add("person-invalid", 422, "The person cannot be added like this")


@dataclass(frozen=True, slots=True)
class Person:
    """A person to add: `unit` is a unit's key; without a password people of the desk get one that must be changed.

    Without an organisation it is the police body of the unit, so that nobody has to choose it for every session.
    """

    login: str
    name: str
    role: str
    unit: str
    office: str | None = None
    password: str | None = None
    organisation_uid: str | None = None
    rapporteur_uid: str | None = None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person whose first password is derived already. `one_time`: the one that was made for them."""

    person: Person
    password_hash: str | None
    one_time: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """`one_time_password` is told once, and only for people of the desk."""

    account_id: int
    unit_id: int
    one_time_password: str | None


def prepare(person: Person) -> Newcomer:
    """Derives the first password: to be called before the transaction of `add` opens."""
    one_time = passwords.one_time() if person.role in DESK_ROLES and person.password is None else None
    secret = person.password or one_time
    return Newcomer(person, passwords.derive(secret) if secret else None, one_time)


def add(session: Session, newcomer: Newcomer, at: datetime, today: date, by_id: int | None = None) -> Added:
    """Raises Problem `person-invalid` with all faults."""
    person = newcomer.person
    unit_id = people.unit_id_by_key(session, person.unit)
    if faults := _faults(session, person, unit_id):
        raise Problem("person-invalid", errors=faults)
    assert unit_id is not None  # named in the faults otherwise
    new = NewAccount(
        uid=secrets.token_hex(UID_BYTES),
        login=person.login.strip().lower(),
        name=person.name.strip(),
        unit_id=unit_id,
        office=person.office,
        password_hash=newcomer.password_hash,
        must_change_password=newcomer.one_time is not None,
        organisation_uid=person.organisation_uid or people.only_police_of(session, unit_id, today),
        rapporteur_uid=person.rapporteur_uid,
    )
    account_id = people.add_account(session, new, at)
    people.add_grant(session, account_id, person.role, unit_id, today)
    given = {"role": person.role, "unit": person.unit}
    audit.note(session, "person.added", f"account:{new.uid}", by_id, None, given, at)
    return Added(account_id, unit_id, newcomer.one_time)


def grant(session: Session, account_id: int, role: str, unit_id: int, at: datetime, today: date) -> None:
    people.add_grant(session, account_id, role, unit_id, today)
    sign_in.close_sessions_of(session, account_id)
    audit.note(session, "grant.given", f"account:{account_id}", None, None, {"role": role, "unit_id": unit_id}, at)


def end_grant(session: Session, account_id: int, role: str, unit_id: int, at: datetime, today: date) -> None:
    """The role ends at once: its last day was yesterday."""
    people.end_grants(session, account_id, role, unit_id, today - timedelta(days=1))
    sign_in.close_sessions_of(session, account_id)
    audit.note(session, "grant.ended", f"account:{account_id}", None, None, {"role": role, "unit_id": unit_id}, at)


def disable(session: Session, account_id: int, by_id: int | None, at: datetime) -> None:
    people.set_active(session, account_id, False)
    sign_in.close_sessions_of(session, account_id)
    audit.note(session, "person.disabled", f"account:{account_id}", by_id, None, None, at)


def _faults(session: Session, person: Person, unit_id: int | None) -> list[Fault]:
    login = person.login.strip().lower()
    checks = (
        ("/login", not login or any(c.isspace() for c in login), "A login has at least one character and no spaces."),
        ("/login", bool(people.logins(session, [login])), f"The login {login!r} is taken."),
        ("/name", not person.name.strip(), "A name is needed."),
        ("/role", person.role not in ROLES, f"The role must be one of {', '.join(ROLES)}."),
        ("/unit", unit_id is None, f"There is no single unit {person.unit!r}."),
    )
    faults = [Fault(pointer, detail) for pointer, wrong, detail in checks if wrong]
    if person.password and (fault := passwords.fault_in(person.password, login)):
        faults.append(Fault("/password", fault))
    return faults
