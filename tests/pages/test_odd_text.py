"""Text that no keyboard makes and a payload can hold: kept byte for byte, shown on every page that names it."""

import pytest
from flask import Flask

from server.db import transaction
from server.people import enrolment
from tests.make import World
from tests.pages.conftest import OpenDesk
from tests.phone import Phone, Sealed
from tests.settable_clock import SettableClock
from tests.sync.make import OUTREACH, receipt_of, wire
from tests.sync.test_records import resealed

MARK = "@@"
PLACE = {"place": {"place_name": f"Nhà {MARK} văn hóa"}}
ODD = ["\\ud800", "\\udfff\\ud800", "\\u0000", "\\u202e", "\\ud83d\\ude00"]


@pytest.fixture
def phone(app: Flask, world: World, clock: SettableClock) -> Phone:
    made = Phone(wire(app), clock)
    with app.app_context(), transaction() as session:
        code = enrolment.issue(session, world.accounts["officer"], world.units["A"], clock())
    assert made.enrol(code).status == 201
    return made


def sent(phone: Phone, odd: str) -> Sealed:
    """A record with this JSON escape in an answer, and in a code that was typed."""
    answers = OUTREACH | PLACE | {"managed": {"members_count": "2", "members": f"a1 new:{'9f' * 16}:31{MARK}"}}
    plain = phone.seal(answers)
    record: Sealed = resealed(phone, plain, payload=plain.payload.replace(MARK, odd))
    assert receipt_of(phone.send(record))["status"] == "stored"
    return record


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("path", ["/desk/records", "/desk/records/{record}", "/desk/plan", "/desk/registers/pending"])
def test_odd_text_breaks_no_page(phone: Phone, at_desk: OpenDesk, odd: str, path: str) -> None:
    record = sent(phone, odd)
    page = at_desk("chief").get(path.format(record=record.record_id))
    assert page.status_code == 200
    assert "\0" not in page.text


@pytest.mark.parametrize("odd", ODD)
def test_odd_text_can_be_accepted_and_told_to_the_phone(phone: Phone, at_desk: OpenDesk, odd: str) -> None:
    record = sent(phone, odd)
    browser = at_desk("chief")
    assert browser.post(f"/desk/records/{record.record_id}/decision", {"outcome": "accepted"}).status_code == 303
    assert [news["outcome"] for news in phone.changes().json()["reviews"]] == ["accepted"]
