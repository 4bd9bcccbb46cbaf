"""The first start on the plain preset, years after its plan: the officer records, the desk shows the last period."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from server.clock import day_of
from server.commands.start import FIRST_ADMINISTRATOR, start
from server.db import db, transaction
from server.models.people import Account
from server.models.records import Finding, Record
from server.plan import presets
from tests.pages import make as desks
from tests.phone import Phone
from tests.plan import make
from tests.settable_clock import SettableClock
from tests.sync.make import receipt_of, wire

LATER = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


@pytest.fixture
def told(app: Flask, clock: SettableClock) -> str:
    """What `start welcome` said."""
    clock.at = LATER
    with app.app_context():
        presets.load(make.SHIPPED)
    answer = app.test_cli_runner().invoke(start, ["welcome"])
    assert answer.exit_code == 0, answer.output
    with app.app_context(), transaction() as session:
        session.execute(update(Account).values(must_change_password=False))  # that page has tests of its own
    return answer.output


def test_the_desk_opens_on_the_plans_last_period_with_figures(app: Flask, told: str) -> None:
    page = desks.desk(app, FIRST_ADMINISTRATOR).get("/desk/plan").text
    assert ("Tỉnh Sóc Trăng" in page, "2024" in page) == (True, True)
    assert len(re.findall(r"unit=94\d", page)) >= 11  # every district leads on


def test_the_first_officer_can_record_today(app: Flask, told: str, clock: SettableClock) -> None:
    phone = Phone(wire(app), clock)
    found = re.search(r"^Code: (\S+)", told, re.MULTILINE)
    assert found
    assert phone.enrol(found[1]).status == 201
    own = phone.enrolled["changes"]["me"]["unit"]
    answers = {"place": {"session_date": day_of(LATER).isoformat(), "commune": own}}
    record = phone.seal(answers, held_on=day_of(LATER))
    assert receipt_of(phone.send(record))["status"] == "stored"
    with app.app_context(), transaction() as session:
        asked = select(Finding.code).join(Record, Record.id == Finding.record_pk)
        codes = set(session.scalars(asked.where(Record.record_id == record.record_id)))
        assert session.scalar(select(Account.id).where(Account.login == "canbo")) is not None
        db.session.remove()
    assert codes <= {"required"}
