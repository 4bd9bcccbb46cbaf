"""People, phones, codes, modes and declared totals, as the forms of the desk change them."""

import re
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import select

from server.db import db, transaction
from server.models.people import Account, Device
from server.models.registers import Declaration, Item
from server.models.units import Unit
from server.people import enrolment
from server.people.enrolment import Asking
from server.registers import items
from sync.encoding import base64url
from sync.problems import Problem
from tests import make
from tests.make import World
from tests.pages.conftest import OpenDesk
from tests.settable_clock import SettableClock

PENDING = "c0" * 16
DER, SPKI = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
P256 = base64url(ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(DER, SPKI))


@pytest.fixture
def officer(app: Flask, world: World) -> str:
    with app.app_context():
        return db.session.get_one(Account, world.accounts["officer"]).uid


@pytest.fixture
def pending(app: Flask, world: World) -> str:
    with app.app_context(), transaction() as session:
        return items.add_pending(session, PENDING, "A-0099", world.units["A"], make.NOON)


def test_a_code_is_shown_once_with_its_picture(app: Flask, officer: str, at_desk: OpenDesk) -> None:
    browser = at_desk("chief")
    page = browser.post(f"/desk/people/{officer}/code").text
    code = re.search(r'class="code bigcode">([0-9A-Z-]+)<', page)
    assert code
    assert 'class="qr"' in page
    assert code[1] not in browser.get(f"/desk/people/{officer}").text


def test_a_code_of_the_desk_dies_after_ten_minutes(
    app: Flask, officer: str, at_desk: OpenDesk, clock: SettableClock
) -> None:
    page = at_desk("chief").post(f"/desk/people/{officer}/code").text
    code = re.search(r'class="code bigcode">([0-9A-Z-]+)<', page)
    assert code
    clock.at += timedelta(minutes=11)
    asking = Asking(code[1], P256, "máy", "0.1.0", True, "192.0.2.7")
    with app.app_context(), pytest.raises(Problem, match="enrolment-code-expired"):
        enrolment.redeem(asking, clock())


def test_a_revoked_phone_says_so(app: Flask, world: World, at_desk: OpenDesk) -> None:
    with app.app_context():
        uid = db.session.get_one(Device, world.devices["officer"]).uid
    browser = at_desk("district1")
    answer = browser.post(f"/desk/devices/{uid}/revoke")
    assert answer.status_code == 303
    assert "Đã thu hồi" in browser.get(f"/desk/devices/{uid}").text
    assert browser.post(f"/desk/devices/{uid}/revoke").status_code == 404


def test_a_new_person_of_the_desk_gets_a_password_to_change(app: Flask, at_desk: OpenDesk) -> None:
    form = {"login": "Moi", "name": "Người mới", "role": "reviewer", "unit": "D1@2023-01-01", "office": "Đội trưởng"}
    page = at_desk("admin").post("/desk/people", form).text
    with app.app_context():
        found = db.session.scalars(select(Account).where(Account.login == "moi")).one()
        assert (found.must_change_password, found.office) == (True, "Đội trưởng")
    assert re.search(r"bigcode\">[0-9a-z]{4}(-[0-9a-z]{4}){3}<", page)


def test_what_is_wrong_with_a_new_person_stands_beside_each_field(at_desk: OpenDesk) -> None:
    form = {"login": "chief", "name": " ", "role": "king", "unit": "A@2023-01-01"}
    answer = at_desk("admin").post("/desk/people", form)
    assert (answer.status_code, answer.text.count('aria-invalid="true"')) == (422, 3)


def test_nobody_closes_their_own_account(app: Flask, world: World, at_desk: OpenDesk) -> None:
    with app.app_context():
        uid = db.session.get_one(Account, world.accounts["admin"]).uid
    assert "Khóa tài khoản" not in at_desk("admin").get(f"/desk/people/{uid}").text


def test_a_confirmed_code_is_in_the_book_with_group_and_date(app: Flask, pending: str, at_desk: OpenDesk) -> None:
    form = {"category": "SG03", "valid_from": "2024-02-01"}
    answer = at_desk("chief").post(f"/desk/registers/pending/{pending}/confirm", form)
    assert answer.location == "/desk/registers/pending?done=item-confirmed"
    with app.app_context():
        assert db.session.scalars(select(Item.state).where(Item.uid == pending)).one() == "confirmed"


@pytest.mark.parametrize(
    ("form", "where"),
    [
        ({"category": "SG03", "valid_from": "31/2/2024"}, "e-valid_from"),
        ({"category": "SG03", "valid_from": "2024-12-31"}, "e-valid_from"),
        ({"category": "nothing", "valid_from": "2024-02-01"}, "e-category"),
    ],
)
def test_a_code_is_not_confirmed_with_a_wrong_group_or_day(
    form: dict[str, str], where: str, pending: str, at_desk: OpenDesk
) -> None:
    answer = at_desk("chief").post(f"/desk/registers/pending/{pending}/confirm", form)
    assert (answer.status_code, f'id="{where}"' in answer.text) == (422, True)


def test_a_code_typed_differently_is_joined_to_its_person(
    app: Flask, world: World, pending: str, at_desk: OpenDesk
) -> None:
    form = {"into": str(world.items["a1"])}
    assert at_desk("chief").post(f"/desk/registers/pending/{pending}/merge", form).status_code == 303
    with app.app_context():
        found = db.session.scalars(select(Item).where(Item.uid == pending)).one()
        assert (found.state, found.alias_of_id) == ("alias", world.items["a1"])


def test_a_code_is_not_joined_to_a_person_of_another_commune(world: World, pending: str, at_desk: OpenDesk) -> None:
    form = {"into": str(world.items["c1"])}
    assert at_desk("province").post(f"/desk/registers/pending/{pending}/merge", form).status_code == 422


@pytest.mark.parametrize(
    ("permission", "status", "mode"), [("", 422, "declared"), ("Công văn 12, 5/1/2024", 303, "register")]
)
def test_a_roll_needs_its_written_permission(
    permission: str, status: int, mode: str, app: Flask, world: World, at_desk: OpenDesk
) -> None:
    answer = at_desk("admin").post("/desk/t2/D@2023-01-01", {"mode": "register", "permission": permission})
    assert answer.status_code == status
    with app.app_context():
        assert db.session.get_one(Unit, world.units["D"]).t2_mode == mode


TOTALS = {"as_of": "2024-06-01", "denominator": "24", "numerator": "11", "source": "Báo cáo 12"}


def declaration(world: World, unit: str = "D@2023-01-01", **changes: str) -> dict[str, str]:
    ids = {"indicator": str(world.indicators["T2"]), "period": str(world.periods["year"])}
    return TOTALS | ids | {"unit": unit} | changes


def test_declared_totals_stand_beside_the_figure(app: Flask, world: World, at_desk: OpenDesk) -> None:
    browser = at_desk("staff")
    assert browser.post("/desk/declarations", declaration(world)).status_code == 303
    assert "11 / 24" in browser.get("/desk/declarations").text
    assert "bullet__value--declared" in browser.get("/desk/plan").text.partition("</tbody>")[0]


@pytest.mark.parametrize(
    "changes", [{"numerator": "25"}, {"as_of": "2024-12-31"}, {"source": ""}, {"denominator": "-1"}]
)
def test_totals_that_cannot_be_are_told_beside_their_field(
    changes: dict[str, str], app: Flask, world: World, at_desk: OpenDesk
) -> None:
    answer = at_desk("staff").post("/desk/declarations", declaration(world, **changes))
    assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)
    with app.app_context():
        assert db.session.scalars(select(Declaration.id)).all() == []


@pytest.mark.parametrize("unit", ["A@2023-01-01", "Z@2023-01-01"])
def test_a_commune_with_a_roll_or_none_at_all_declares_nothing(unit: str, world: World, at_desk: OpenDesk) -> None:
    assert at_desk("staff").post("/desk/declarations", declaration(world, unit)).status_code == 404
