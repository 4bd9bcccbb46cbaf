"""What the desk takes care of where nobody looks: odd input, whose act it was, whom a lock keeps waiting."""

import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update

from server.db import db, transaction
from server.models.people import Grant
from server.models.system import Audit
from server.models.units import Unit, UnitLink
from server.people import passwords
from server.units import paths
from tests import make
from tests.make import World
from tests.pages import make as desks
from tests.pages.conftest import OpenDesk

NEW_PERSON = {"login": "moi", "name": "Người Mới", "role": "reviewer", "office": ""}
ODD_NUMBERS = ["²", "١٢", "9" * 5000, "-1", "1e3"]


@pytest.mark.parametrize("seen", ODD_NUMBERS)
def test_a_number_that_is_none_is_no_fault_of_the_server(waiting: str, at_desk: OpenDesk, seen: str) -> None:
    given = {"outcome": "accepted", "seen": seen}
    assert at_desk("chief").post(f"/desk/records/{waiting}/decision", given).status_code < 500


@pytest.mark.parametrize("number", ODD_NUMBERS)
def test_a_declared_total_that_is_no_number_is_told(world: World, at_desk: OpenDesk, number: str) -> None:
    given = {"unit": "D@2023-01-01", "denominator": number, "numerator": number, "source": "x", "as_of": "2024-06-01"}
    assert at_desk("district2").post("/desk/declarations", given).status_code == 422


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/desk/records?by=a%00b"),
        ("get", "/desk/records/a%00b"),
        ("post", "/desk/sign-in"),
        ("get", "/sync/media/%00"),
    ],
)
def test_nul_reaches_no_query(app: Flask, at_desk: OpenDesk, method: str, path: str) -> None:
    """PostgreSQL has no text with NUL: every query with one would fail there."""
    browser = at_desk("chief")
    answer = browser.get(path) if method == "get" else browser.post(path, {"login": "a\0b", "password": "x"})
    assert answer.status_code == 400


def test_who_added_a_person_stands_in_the_audit(app: Flask, world: World, at_desk: OpenDesk) -> None:
    assert at_desk("admin").post("/desk/people", NEW_PERSON | {"unit": "D1@2023-01-01"}).status_code == 200
    with app.app_context():
        by = db.session.scalars(select(Audit.account_id).where(Audit.action == "person.added")).all()
        db.session.remove()
    assert by == [world.accounts["admin"]]


def test_deriving_a_password_keeps_no_record_waiting(app: Flask, world: World, at_desk: OpenDesk) -> None:
    browser = at_desk("admin")
    with passwords._deriving, passwords._deriving:  # nobody else can derive now
        adding = threading.Thread(
            target=lambda: browser.post("/desk/people", NEW_PERSON | {"unit": "D1@2023-01-01"}), daemon=True
        )
        adding.start()
        while adding.is_alive() and passwords._in_the_room._value == 8:  # type: ignore[attr-defined]
            pass
        with app.app_context(), transaction() as session:
            session.connection().exec_driver_sql("UPDATE installation SET seq = seq")
    adding.join()


def test_only_a_communes_own_reviewer_sees_photos_beside_codes(app: Flask, world: World, at_desk: OpenDesk) -> None:
    """A record of an unknown unit lies at the root: whoever reviews there is no commune's reviewer (U6, D29)."""
    folder = app.extensions["lantoa_config"].media_dir
    with app.app_context(), transaction() as session:
        lost = make.record(session, world, unit="P", members=["a1"], status="held", held_reason="unit-unknown")
        desks.photo(session, world, folder, lost)
    page = at_desk("province").get(f"/desk/records/{lost}").text
    assert ("/desk/photo/" in page, "1 người trong sổ" in page) == (True, True)


def test_the_desk_opens_on_a_unit_that_stood_in_the_period(app: Flask, world: World, at_desk: OpenDesk) -> None:
    """After a merger the highest unit may be younger than the plan: what it came from is shown."""
    with app.app_context(), transaction() as session:
        session.execute(update(Unit).where(Unit.id == world.units["P"]).values(valid_to=date(2025, 6, 30)))
        make.unit(session, world, "CITY", "province", first=date(2025, 7, 1))
        session.add(
            UnitLink(
                predecessor_id=world.units["P"], successor_id=world.units["CITY"], on_date=date(2025, 7, 1), basis="x"
            )
        )
        session.execute(
            update(Grant).where(Grant.account_id == world.accounts["staff"]).values(unit_id=world.units["CITY"])
        )
        session.flush()
        paths.rebuild(session)
    browser = at_desk("staff")
    page = browser.get("/desk/plan").text
    assert "Đơn vị P" in page
    assert "unit=D1" in page
    assert "Đơn vị CITY" in browser.get("/desk/plan?unit=CITY@2025-07-01").text
