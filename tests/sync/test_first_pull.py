"""How many bytes a new phone of a commune costs with the shipped plan: the goal is 60 kB."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from flask import Flask
from sqlalchemy import select

from server.app import create_app
from server.config import Config
from server.db import db, transaction
from server.models.units import Unit
from server.people import accounts, enrolment
from server.people.accounts import Person
from server.queries import units
from server.registers import items
from tests.phone import Answer, Phone
from tests.plan import make
from tests.settable_clock import SettableClock
from tests.sync.make import wire

GOAL_BYTES = 60_000
KEEPING = "31673@2023-01-01"
MEMBERS = 120


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Flask]:
    """The shipped plan, and a commune that keeps a roll of 120 persons."""
    config, clock = Config.for_tests(tmp_path), SettableClock(make.OCTOBER)
    app = create_app(config, clock)
    with app.app_context():
        config.make_folders()
        make.load_shipped()
        with transaction() as session:
            commune = units.unit(session, KEEPING)
            assert commune
            units.set_t2_mode(session, commune.id, "register", "12/CV")
            for number in range(MEMBERS):
                uid = hashlib.sha256(str(number).encode()).hexdigest()[:32]  # as random as a phone's: it hardly packs
                items.add_pending(session, uid, f"31673-{number:04}", commune.id, clock())
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def code(app: Flask, unit_key: str, login: str) -> str:
    person = Person(login=login, name="Cán bộ", role="officer", unit=unit_key)
    at = make.OCTOBER
    with app.app_context(), transaction() as session:
        added = accounts.add(session, accounts.prepare(person), at, at.date())
        return enrolment.issue(session, added.account_id, added.unit_id, at)


def packed(phone: Phone, path: str) -> Answer:
    return phone.wire("GET", path, {"Accept-Encoding": "br", **phone.credentials()}, b"")


def enrolled(app: Flask, unit_key: str, login: str) -> tuple[Phone, int]:
    """A new phone, and the bytes of the answer that made it one."""
    made = Phone(wire(app), SettableClock(make.OCTOBER))
    line, sizes = made.wire, []

    def measured(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        answer = line(method, path, headers | {"Accept-Encoding": "br"}, body)
        sizes.append(len(answer.body))
        assert answer.headers["content-encoding"] == "br"
        return Answer(answer.status, answer.headers, brotli.decompress(answer.body))

    made.wire = measured
    assert made.enrol(code(app, unit_key, login)).status == 201
    made.wire = line
    return made, sizes[0]


def test_enrolling_brings_everything_in_less_than_the_goal(province: Flask) -> None:
    phone, size = enrolled(province, KEEPING, "lan")
    told = phone.enrolled["changes"]
    named = {ref["sha256"] for ref in [*told["sets"], *(form for form in told["forms"] if form["current"])]}
    assert set(phone.enrolled["files"]) == named
    assert size <= GOAL_BYTES, size


def test_changes_and_every_file_one_by_one_are_less_than_the_goal(province: Flask) -> None:
    phone, _ = enrolled(province, KEEPING, "lan")
    news = packed(phone, "/sync/changes?since=0&format=2")
    told = phone.changes().json()
    files = [packed(phone, f"/sync/files/{ref['sha256']}") for ref in [*told["forms"], *told["sets"]]]
    assert {answer.status for answer in (news, *files)} == {200}
    total = len(news.body) + sum(len(answer.body) for answer in files)
    assert total <= GOAL_BYTES, total


def test_no_commune_costs_more(province: Flask) -> None:
    """The commune with the most rows in its sets, whichever it is."""
    with province.app_context():
        keys = list(db.session.scalars(select(Unit.key).where(Unit.level == "commune").order_by(Unit.key)))[::12]
    sizes = {key: enrolled(province, key, f"o{n}")[1] for n, key in enumerate(keys)}
    assert max(sizes.values()) <= GOAL_BYTES, sizes
