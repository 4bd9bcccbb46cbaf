"""Who may open which page, and that looking changes nothing."""

import pytest
from flask import Flask
from sqlalchemy import select

from server.db import Base, db
from tests.make import World
from tests.pages.conftest import OpenDesk
from tests.settable_clock import SettableClock

EVERYBODY = {"province": 200, "chief": 200, "staff": 200, "admin": 200}
READERS = {"province": 200, "chief": 200, "staff": 200, "admin": 403}
PAGES = {
    "/desk/plan": EVERYBODY,
    "/desk/plan?indicator=T1&period=q1": EVERYBODY,
    "/desk/units": EVERYBODY,
    "/desk/units?sort=sessions": EVERYBODY,
    "/desk/devices": EVERYBODY,
    "/desk/account": EVERYBODY,
    "/desk/more": EVERYBODY,
    "/desk/password": EVERYBODY,
    "/desk/records": READERS,
    "/desk/records?state=all&indicator=T2&period=year": READERS,
    "/desk/registers/pending": READERS,
    "/desk/declarations": READERS,
    "/desk/people": {"province": 200, "chief": 200, "staff": 403, "admin": 200},
    "/desk/people/new": {"province": 403, "chief": 403, "staff": 403, "admin": 200},
    "/desk/forms": {"province": 403, "chief": 403, "staff": 200, "admin": 200},
    "/desk/forms/new": {"province": 403, "chief": 403, "staff": 403, "admin": 200},
    "/desk/t2": {"province": 403, "chief": 403, "staff": 403, "admin": 200},
}
UNWATCHED = {"audit", "desk_session", "sign_in_attempt"}


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in PAGES.items() for name in names])
@pytest.mark.usefixtures("waiting")
def test_a_page_opens_for_its_roles_only(path: str, name: str, at_desk: OpenDesk) -> None:
    assert at_desk(name).get(path).status_code == PAGES[path][name]


@pytest.mark.parametrize("path", list(PAGES))
def test_without_sign_in_every_page_leads_to_it(path: str, app: Flask, world: World) -> None:
    answer = app.test_client().get(path, base_url="https://localhost")
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/desk/sign-in")


def test_officers_have_no_place_at_the_desk(world: World, at_desk: OpenDesk) -> None:
    assert at_desk("officer").get("/desk/plan").status_code == 403


def test_looking_changes_nothing_that_anybody_sees(app: Flask, waiting: str, at_desk: OpenDesk) -> None:
    province = at_desk("province")
    before = everything(app)
    for path in (*PAGES, f"/desk/records/{waiting}", f"/desk/records/{waiting}?show=codes"):
        province.get(path)
    assert everything(app) == before


def test_the_plan_opens_on_its_last_period_when_the_year_is_over(at_desk: OpenDesk, clock: SettableClock) -> None:
    clock.at = clock.at.replace(year=2031)
    page = at_desk("province").get("/desk/plan").text
    assert 'aria-current="true">year' in page


@pytest.mark.parametrize("path", ["/desk/plan?unit=nowhere", "/desk/plan?period=never", "/desk/plan?indicator=T99"])
def test_what_the_plan_does_not_have_is_not_found(path: str, at_desk: OpenDesk) -> None:
    assert at_desk("province").get(path).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "٣"])
def test_a_senseless_page_number_is_the_first_or_an_empty_page(page: str, at_desk: OpenDesk) -> None:
    assert at_desk("province").get(f"/desk/people?page={page}").status_code == 200


def everything(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables but those that record who looked."""
    with app.app_context():
        tables = (table for table in Base.metadata.sorted_tables if table.name not in UNWATCHED)
        found = {t.name: sorted((tuple(r) for r in db.session.execute(select(t))), key=repr) for t in tables}
        db.session.remove()
    return found
