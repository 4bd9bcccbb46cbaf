"""People and devices of a scope: the list, adding a person, an enrolment code with its QR, revoking a device.

Reviewers see their people, give codes and revoke (U26); only administrators add and disable.
"""

from dataclasses import dataclass

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from server import clock
from server.config import Config
from server.db import transaction
from server.pages import qr_pictures
from server.pages.blueprint import desk
from server.pages.frame import page, scope, session, unit_named
from server.pages.paging import pages, part
from server.pages.phrases import gettext
from server.pages.words import said
from server.people import accounts, devices, door, enrolment
from server.people.accounts import Added, Person
from server.people.policy import policy
from server.people.principal import ADMINISTRATOR, REVIEWER, ROLES
from server.queries import desk_people, desk_units
from server.queries.desk_people import DeviceListed, PersonListed
from server.queries.scope import within
from sync.problems import Fault, Problem

KEEPERS = (ADMINISTRATOR, REVIEWER)
LONGEST_SEARCH = 80


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@desk.get("/people")
@policy("desk:administrator,reviewer")
def people() -> ResponseReturnValue:
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    found, total = desk_people.people(session(), scope(*KEEPERS), clock.today(), search, part())
    return page("people.html", section="people", people=found, pages=pages(total), search=search)


@desk.get("/people/new")
@policy("desk:administrator")
def new_person() -> ResponseReturnValue:
    return _new_person({}, {})


@desk.post("/people")
@policy("desk:administrator")
def add_person() -> ResponseReturnValue:
    given = request.form
    unit_in_scope(given.get("unit", ""))
    person = Person(
        given.get("login", ""),
        given.get("name", "")[:120],
        given.get("role", ""),
        given.get("unit", ""),
        given.get("office", "").strip()[:120] or None,
    )
    try:
        added = _add(person)
    except Problem as problem:
        return _new_person(given.to_dict(), _words_of(problem)), problem.status
    return page("person_added.html", section="people", person=person, password=added.one_time_password)


@desk.get("/people/<uid>")
@policy("desk:administrator,reviewer")
def person(uid: str) -> ResponseReturnValue:
    return _person(_known(uid))


@desk.post("/people/<uid>/code")
@policy("desk:administrator,reviewer")
def issue_code(uid: str) -> ResponseReturnValue:
    found = _known(uid)
    with transaction() as writing:
        code = enrolment.issue(writing, found.id, found.unit_id, clock.now(), door.principal().account_id)
    return _person(found, code)


@desk.post("/people/<uid>/disable")
@policy("desk:administrator")
def disable_person(uid: str) -> ResponseReturnValue:
    found = _known(uid, ADMINISTRATOR)
    with transaction() as writing:
        accounts.disable(writing, found.id, door.principal().account_id, clock.now())
    return redirect(url_for("desk.person", uid=uid, done="person-disabled"), 303)


@desk.get("/devices", endpoint="devices")
def list_devices() -> ResponseReturnValue:
    view = unit_named(request.args.get("unit"))
    units = within(view.id)
    found, total = desk_people.devices(session(), units, part())
    phones = desk_people.on_phones(session(), units, clock.now() - desk_people.SILENT_AFTER)
    return page("devices.html", section="people", unit=view, devices=found, pages=pages(total), phones=phones)


@desk.get("/devices/<uid>")
@policy("desk:administrator,reviewer")
def device(uid: str) -> ResponseReturnValue:
    return page("device.html", section="people", device=_device(uid))


@desk.post("/devices/<uid>/revoke")
@policy("desk:administrator,reviewer")
def revoke_device(uid: str) -> ResponseReturnValue:
    found = _device(uid)
    with transaction() as writing:
        devices.revoke(writing, found.uid, door.principal().account_id, clock.now())
    return redirect(url_for("desk.device", uid=uid, done="device-revoked"), 303)


def unit_in_scope(key: str) -> None:
    """An administrator adds people inside their own scope only; elsewhere the unit does not exist for them."""
    if desk_units.unit(session(), scope(ADMINISTRATOR), key) is None:
        raise Problem("not-found")


def qr(code: str) -> Markup:
    """The enrolment link as an inline picture."""
    config: Config = current_app.extensions["lantoa_config"]
    return qr_pictures.of(enrolment.link(config.public_url, code))


def _known(uid: str, *roles: str) -> PersonListed:
    found = desk_people.person(session(), scope(*(roles or KEEPERS)), uid, clock.today())
    if found is None:
        raise Problem("not-found")
    return found


def _device(uid: str) -> DeviceListed:
    found = desk_people.device(session(), scope(*KEEPERS), uid)
    if found is None:
        raise Problem("not-found")
    return found


def _person(found: PersonListed, code: str | None = None) -> str:
    held, _ = desk_people.devices(session(), scope(*KEEPERS), part(), found.id)
    picture = qr(code) if code else None
    return page("person.html", section="people", person=found, devices=held, code=code, qr=picture)


def _add(person: Person) -> Added:
    newcomer = accounts.prepare(person)
    with transaction() as writing:
        return accounts.add(writing, newcomer, clock.now(), clock.today(), door.principal().account_id)


def _new_person(given: dict[str, str], faults: dict[str, str]) -> str:
    levels = ("province", "district", "commune")
    found = desk_units.below(session(), scope(ADMINISTRATOR), levels, clock.today(), clock.today())
    units = [Option(unit.key, said(unit.label) + (f", {said(above)}" if above else "")) for unit, above in found]
    return page("person_new.html", section="people", units=units, roles=ROLES, given=given, faults=faults)


def _words_of(problem: Problem) -> dict[str, str]:
    words = {
        "login": gettext("Tên đăng nhập để trống, có dấu cách hoặc đã có người dùng."),
        "name": gettext("Cần có họ tên."),
        "role": gettext("Chọn một vai trò."),
        "unit": gettext("Chọn một đơn vị."),
    }
    named = (fault.pointer.lstrip("/") for fault in problem.errors if isinstance(fault, Fault))
    return {name: words.get(name, problem.title) for name in named}
