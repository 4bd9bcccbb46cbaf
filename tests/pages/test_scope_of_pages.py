"""Outside one's units and not there at all are one answer (R1, R4)."""

import pytest
from flask import Flask

from server.config import Config
from server.db import transaction
from server.models.people import Account, Device
from server.registers import items
from tests import make
from tests.make import World
from tests.pages import make as desks
from tests.pages.conftest import OpenDesk
from tests.pages.make import audited

MISSING = "f" * 32


@pytest.fixture
def foreign(app: Flask, config: Config, world: World, waiting: str) -> dict[str, str]:
    """Addresses of things of commune A, each with the address of a missing one."""
    with app.app_context(), transaction() as session:
        photo = desks.photo(session, world, config.media_dir, waiting)
        sound = desks.photo(session, world, config.media_dir, waiting, kind="audio/mpeg")
        pending = items.add_pending(session, "c0" * 16, "31522-0099", world.units["A"], make.NOON)
        person = session.get_one(Account, world.accounts["officer"]).uid
        device = session.get_one(Device, world.devices["officer"]).uid
    return {
        f"/desk/records/{waiting}": f"/desk/records/{MISSING}",
        f"/desk/photo/{photo}": f"/desk/photo/{MISSING}",
        f"/desk/file/{sound}": f"/desk/file/{MISSING}",
        f"/desk/registers/pending/{pending}": f"/desk/registers/pending/{MISSING}",
        f"/desk/people/{person}": f"/desk/people/{MISSING}",
        f"/desk/devices/{device}": f"/desk/devices/{MISSING}",
        "/desk/plan?unit=A@2023-01-01": "/desk/plan?unit=Z@2023-01-01",
        "/desk/units?unit=D1@2023-01-01": "/desk/units?unit=Z@2023-01-01",
        "/desk/records?unit=A@2023-01-01": "/desk/records?unit=Z@2023-01-01",
        "/desk/devices?unit=A@2023-01-01": "/desk/devices?unit=Z@2023-01-01",
    }


def test_what_is_in_scope_opens(foreign: dict[str, str], at_desk: OpenDesk) -> None:
    near = at_desk("district1")
    assert {path: near.get(path).status_code for path in foreign} == dict.fromkeys(foreign, 200)


def test_what_lies_in_another_district_answers_like_nothing(foreign: dict[str, str], at_desk: OpenDesk) -> None:
    far = at_desk("district2")
    pairs = [(far.get(path), far.get(missing)) for path, missing in foreign.items()]
    assert [(there.status_code, gone.status_code) for there, gone in pairs] == [(404, 404)] * len(foreign)
    assert [there.data for there, _ in pairs] == [gone.data for _, gone in pairs]


def test_a_decision_on_another_districts_record_answers_like_nothing(waiting: str, at_desk: OpenDesk) -> None:
    far = at_desk("district2")
    there = far.post(f"/desk/records/{waiting}/decision", {"outcome": "accepted"})
    gone = far.post(f"/desk/records/{MISSING}/decision", {"outcome": "accepted"})
    assert (there.status_code, there.data) == (404, gone.data)


def test_lists_hold_nothing_of_another_district(app: Flask, waiting: str, world: World, at_desk: OpenDesk) -> None:
    far = at_desk("district2")
    lists = ("/desk/records?state=all", "/desk/people", "/desk/devices", "/desk/registers/pending", "/desk/plan")
    text = "".join(far.get(path).text for path in lists)
    assert [name for name in ("Đơn vị A", "Đơn vị D1", "Người officer<", waiting) if name in text] == []


def test_an_administrator_adds_nobody_outside_their_units(app: Flask, world: World, at_desk: OpenDesk) -> None:
    with app.app_context(), transaction() as session:
        desks.administrator(session, world, "admin2", "D2")
    form = {"login": "new", "name": "Người mới", "role": "administrator", "unit": "P@2023-01-01"}
    assert at_desk("admin2").post("/desk/people", form).status_code == 404


def test_a_photo_is_told_without_its_metadata(foreign: dict[str, str], at_desk: OpenDesk) -> None:
    path = next(path for path in foreign if path.startswith("/desk/photo/"))
    answer = at_desk("district1").get(path)
    assert (answer.mimetype, b"Exif" in answer.data, b"a maker" in answer.data) == ("image/jpeg", False, False)


def test_a_file_is_only_given_out_as_a_download_and_each_is_audited(
    app: Flask, foreign: dict[str, str], at_desk: OpenDesk
) -> None:
    path = next(path for path in foreign if path.startswith("/desk/file/"))
    answer = at_desk("district1").get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{path.rpartition("/")[2]}.bin"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert audited(app, "record.file-seen") == 1


@pytest.mark.parametrize(("there", "asked"), [("/desk/photo/", "/desk/file/"), ("/desk/file/", "/desk/photo/")])
def test_a_picture_is_no_file_and_a_file_no_picture(
    foreign: dict[str, str], at_desk: OpenDesk, there: str, asked: str
) -> None:
    path = next(path for path in foreign if path.startswith(there))
    assert at_desk("district1").get(path.replace(there, asked)).status_code == 404


def test_who_reads_no_records_gets_no_files_of_them(foreign: dict[str, str], at_desk: OpenDesk) -> None:
    path = next(path for path in foreign if path.startswith("/desk/file/"))
    assert at_desk("admin").get(path).status_code == 403
