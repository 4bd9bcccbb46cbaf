"""Forms are the same for everybody at the desk; what is counted or named beside them is told unit by unit."""

import re

import pytest
from flask import Flask
from sqlalchemy import update

from server.db import transaction
from server.models.plan import FormTrial
from server.models.records import Chain
from tests import drafts, make
from tests.make import World
from tests.pages.conftest import OpenDesk
from tests.pages.make import administrator

FORM = "outreach_session"
WHO = pytest.mark.parametrize(("name", "sees"), [("admin", True), ("admin_of_b", False)])


@pytest.fixture
def draft(app: Flask, world: World, waiting: str) -> int:
    """A draft that an officer of commune A tries, beside an accepted record of it; an administrator of B."""
    with app.app_context(), transaction() as session:
        administrator(session, world, "admin_of_b", "B")
        session.execute(update(Chain).values(state="accepted"))
        made = drafts.draft(session, FORM, "9")
        who = {"account_id": world.accounts["officer"], "made_by_id": world.accounts["staff"]}
        moments = {"made_at": make.NOON, "expires_at": make.NOON, "used_at": make.NOON}
        session.add(FormTrial(form_version_id=made, code_hash="c", **who, **moments))
    return made


@WHO
@pytest.mark.usefixtures("draft")
def test_records_of_other_units_are_not_counted_beside_a_form(at_desk: OpenDesk, name: str, sees: bool) -> None:
    browser = at_desk(name)
    assert ("1 đã duyệt" in browser.get("/desk/forms").text) == sees
    shown = re.findall(r'class="num[^"]*">(\d+)</td>', browser.get(f"/desk/forms/of/{FORM}").text)
    assert sorted(shown[::2]) == ["0", "1" if sees else "0"]


@WHO
def test_who_tries_a_form_is_named_to_those_responsible_for_them(
    draft: int, at_desk: OpenDesk, name: str, sees: bool
) -> None:
    assert ("Người officer" in at_desk(name).get(f"/desk/forms/of/{FORM}/{draft}").text) == sees
