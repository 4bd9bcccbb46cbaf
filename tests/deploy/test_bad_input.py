"""Bad input and the exact answer it gets, over real HTTP from `script/server` on the shipped plan.

| what comes                               | here, the whole way           | in every variation                 |
|------------------------------------------|-------------------------------|------------------------------------|
| a body cut short                         | 400 body-incomplete           | tests/sync/test_cut_lines.py       |
| invalid JSON                             | 400 json-invalid              | tests/sync/test_records.py         |
| an unknown form version                  | held, and said at the desk    | tests/sync/test_records.py         |
| missing required answers                 | stored, findings at the desk  | tests/forms/test_check.py          |
| a photo whose bytes differ from its hash | 460, nothing on the disk      | tests/sync/test_media.py           |
| a text file named .jpg, right hash       | 204, unreadable, said at desk | tests/sync/test_media.py           |
| an expired and a used enrolment code     | 410 and 409                   | tests/server/test_enrolment.py     |
| a revoked device                         | held with receipt, else 403   | tests/sync/test_records.py         |
| another district's record                | as if it did not exist        | tests/pages/test_scope_of_pages.py |
"""

import html
import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from server import clock
from server.db import transaction
from server.people import enrolment
from tests import make
from tests.e2e.conftest import copied, enrolment_link
from tests.e2e.outside import Outside, answer_on
from tests.e2e.running import Running
from tests.e2e.world import PASSWORD
from tests.phone import Answer, Phone, Photo, new_id, receipt_holds
from tests.settable_clock import SettableClock
from tests.sync.make import jpeg, wire

PROBLEM = "application/problem+json"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NO_PICTURE = b"this is no picture, whatever its name says"


@dataclass(frozen=True)
class Desk:
    """Somebody signed in at the desk, without a browser."""

    outside: Outside
    cookie: str

    def get(self, path: str) -> Answer:
        return self.outside("GET", path, {"Cookie": self.cookie})

    def post(self, path: str, **form: str) -> Answer:
        """As a page's form does it, with the session's own mark."""
        mark = re.search(r'name="csrf" value="([^"]+)"', self.get("/desk/account").body.decode())
        assert mark
        headers = {**FORM, "Origin": self.outside.origin, "Cookie": self.cookie}
        return self.outside("POST", path, headers, urlencode({"csrf": mark.group(1), **form}).encode())

    def reads(self, record_id: str) -> str:
        """The words of a record's page."""
        answer = self.get(f"/desk/records/{record_id}")
        assert answer.status == 200
        return html.unescape(answer.body.decode())


def desk(outside: Outside, login: str) -> Desk:
    body = urlencode({"login": login, "password": PASSWORD}).encode()
    answer = outside("POST", "/desk/sign-in", {**FORM, "Origin": outside.origin}, body)
    assert answer.status == 303
    cookies = [cookie.partition(";")[0] for cookie in answer.headers["set-cookie"].split("\n")]
    return Desk(outside, "; ".join(cookies))


@pytest.fixture(scope="module")
def running(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One installation for all: each test sends records of its own."""
    one = copied(filled, tmp_path_factory.mktemp("bad"))
    one.start()
    yield one
    one.stop()


@pytest.fixture(scope="module")
def outside(running: Running) -> Outside:
    return Outside(running.port)


@pytest.fixture(scope="module")
def near(outside: Outside) -> Desk:
    """The reviewer of the officers' district."""
    return desk(outside, "khanh")


def enrolled(running: Running, outside: Outside) -> Phone:
    made = Phone(outside, clock.system_clock)
    assert made.enrol(code_of(running)).status == 201
    return made


def code_of(running: Running) -> str:
    return enrolment_link(running, "lan").partition("#enrol=")[2]


@pytest.fixture(scope="module")
def phone(running: Running, outside: Outside) -> Phone:
    return enrolled(running, outside)


def refusal(answer: Answer | None) -> tuple[int, str, str]:
    """Status, content type, and the problem's type."""
    assert answer is not None
    assert answer.json()["status"] == answer.status
    return answer.status, answer.headers["content-type"], answer.json()["type"]


def receipt(answer: Answer) -> Any:
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    return answer.json()["results"][0]["receipt"]


def json_headers(phone: Phone) -> dict[str, str]:
    return {"Content-Type": "application/json", **phone.credentials()}


def test_a_body_cut_short_is_incomplete(outside: Outside, phone: Phone) -> None:
    with outside.connect() as line:
        line.sendall(outside.head("POST", "/sync/records", json_headers(phone), 500) + b'{"records": [')
        line.shutdown(socket.SHUT_WR)
        answer = answer_on(line)
    assert refusal(answer) == (400, PROBLEM, "body-incomplete")


@pytest.mark.parametrize("path", ["/sync/records", "/sync/have"])
@pytest.mark.parametrize("body", [b"{", b"", b'{"records": NaN}', b"\xff\xfe", b"[" * 100_000])
def test_invalid_json_is_told_to_be_so(outside: Outside, phone: Phone, path: str, body: bytes) -> None:
    assert refusal(outside("POST", path, json_headers(phone), body)) == (400, PROBLEM, "json-invalid")


def test_an_unknown_form_version_is_held_and_the_desk_says_why(phone: Phone, near: Desk) -> None:
    record = phone.seal({"attendance": {"attendees_total": "12"}}, version="99")
    assert receipt(phone.send(record))["status"] == "held"
    assert "Máy chủ chưa có phiên bản biểu mẫu này" in near.reads(record.record_id)


def test_missing_required_answers_are_stored_and_found_at_the_desk(phone: Phone, near: Desk) -> None:
    record = phone.seal({"attendance": {"attendees_total": "12"}})
    assert receipt(phone.send(record))["status"] == "stored"
    page = near.reads(record.record_id)
    assert page.count("Chưa trả lời: ") >= 3
    assert "Cách ly" not in page


def with_photo(phone: Phone, data: bytes) -> tuple[str, Photo]:
    """A record that promises a photo of these bytes, whose upload was created; its id."""
    photo = Photo("photo", data)
    record = phone.seal({"photos": {"photo": photo.media_id}}, photos=(photo,))
    assert receipt(phone.send(record))["status"] == "stored"
    assert phone.create_upload(record, photo).status == 201
    return record.record_id, photo


def kept(running: Running, photo: Photo) -> list[Path]:
    """Files of the photo folder that hold something of it."""
    files = [path for path in (running.folder / "data/media").rglob("*") if path.is_file()]
    return [path for path in files if photo.data[:20] in path.read_bytes() or photo.media_id in path.name]


def state(phone: Phone, photo: Photo) -> tuple[str, int]:
    row = json.loads(phone.have([], [photo.media_id]).json()["statement"])["media"][0]
    return row["state"], row["offset"]


def test_photo_bytes_that_differ_from_their_hash_are_refused_and_not_kept(running: Running, phone: Phone) -> None:
    _, photo = with_photo(phone, jpeg())
    wrong = photo.data[:-1] + bytes([photo.data[-1] ^ 1])
    answer = phone.patch(photo, 0, wrong)
    assert refusal(answer) == (460, PROBLEM, "media-digest-mismatch")
    assert answer.headers["upload-offset"] == "0"
    assert [path for path in kept(running, photo) if path.stat().st_size] == []
    assert state(phone, photo) == ("expected", 0)
    assert phone.patch(photo, 0, photo.data).status == 204


def test_a_text_named_jpg_with_the_right_hash_is_taken_and_the_desk_says_it_cannot_be_opened(
    outside: Outside, phone: Phone, near: Desk
) -> None:
    record_id, photo = with_photo(phone, NO_PICTURE)
    answer = phone.patch(photo, 0, photo.data)
    assert (answer.status, answer.body) == (204, b"")
    assert state(phone, photo) == ("unreadable", len(NO_PICTURE))
    assert "Ảnh đã nhận đủ nhưng không mở được" in near.reads(record_id)
    shown = outside("GET", f"/sync/media/{photo.media_id}", phone.credentials())
    assert refusal(shown) == (404, PROBLEM, "media-not-there")
    assert near.get(f"/desk/photo/{photo.media_id}").status == 404


def test_a_used_code_is_told_to_be_used(running: Running, outside: Outside) -> None:
    code = code_of(running)
    first, second = (Phone(outside, clock.system_clock).enrol(code) for _ in range(2))
    assert first.status == 201
    assert refusal(second) == (409, PROBLEM, "enrolment-code-used")


@pytest.mark.parametrize(("minutes", "status"), [(9, 201), (10, 410)])
def test_a_code_ends_after_ten_minutes(app: Flask, clock: SettableClock, minutes: int, status: int) -> None:
    """The whole app in this process: its clock can be set."""
    clock.at = make.NOON
    with app.app_context(), transaction() as session:
        world = make.world(session)
        code = enrolment.issue(session, world.accounts["officer"], world.units["A"], clock())
    clock.advance(minutes=minutes)
    answer = Phone(wire(app), clock).enrol(code)
    assert answer.status == status
    if status == 410:
        assert refusal(answer) == (410, PROBLEM, "enrolment-code-expired")


def test_a_revoked_device_hands_over_into_quarantine_and_gets_nothing_else(
    running: Running, outside: Outside, near: Desk
) -> None:
    lost = enrolled(running, outside)
    changes = lost.enrolled["changes"]
    running.flask("device", "revoke", lost.enrolled["device_id"])
    photo = Photo("photo", jpeg())
    record = lost.seal({"attendance": {"attendees_total": "12"}}, photos=(photo,))
    answer = lost.send(record)
    held = receipt(answer)
    assert held["status"] == "held"
    assert receipt_holds(held, lost.enrolled["receipt_keys"][0]["spki"])
    assert "Máy đã bị thu hồi khi gửi bản ghi này" in near.reads(record.record_id)
    refused = [
        lost.changes(),
        lost.have([record], []),
        lost.create_upload(record, photo),
        lost.patch(photo, 0, photo.data),
        outside("GET", f"/sync/media/{photo.media_id}", lost.credentials()),
        outside("GET", f"/sync/files/{changes['forms'][0]['sha256']}", lost.credentials()),
    ]
    assert [refusal(answer) for answer in refused] == [(403, PROBLEM, "device-revoked")] * len(refused)


def whole(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    """Everything that a client can see of an answer, but its second."""
    return answer.status, {name: value for name, value in answer.headers.items() if name != "date"}, answer.body


def test_another_districts_record_photo_and_decision_answer_like_nothing(
    outside: Outside, phone: Phone, near: Desk
) -> None:
    record_id, photo = with_photo(phone, jpeg())
    assert phone.patch(photo, 0, photo.data).status == 204
    assert near.get(f"/desk/photo/{photo.media_id}").headers["content-type"] == "image/jpeg"
    far, missing = desk(outside, "la"), new_id()
    for address in ("/desk/records/{}", "/desk/photo/{}"):
        there = far.get(address.format(record_id if "records" in address else photo.media_id))
        assert (there.status, there.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert whole(there) == whole(far.get(address.format(missing)))
    for form in ({"outcome": "accepted"}, {"outcome": "returned", "reason": "x"}, {"outcome": "nonsense"}):
        there, gone = (far.post(f"/desk/records/{name}/decision", **form) for name in (record_id, missing))
        assert there.status == 404
        assert whole(there) == whole(gone)
    assert 'value="accepted"' in near.reads(record_id), "nothing was decided"
