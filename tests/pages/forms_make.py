"""An upload at the desk, read by the worker as it does: what the tests of forms begin with."""

from io import BytesIO
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from server.db import db, transaction
from server.jobs import worker
from server.queries import forms
from server.queries.forms import VersionLine
from tests.pages.make import BASE, CSRF, Desk

SURVEY = """| survey |
|  | type | name | label | relevant | constraint |
|  | text | place | Ở đâu? |  |  |
|  | integer | heads | Bao nhiêu người? |  | . < 500 |
|  | select_one kinds | kind | Loại gì? | ${heads} > 0 |  |
| choices |
|  | list_name | name | label |
|  | kinds | a | Loại A |
|  | kinds | b | Loại B |
| settings |
|  | form_id | form_title | version |
|  | market_check | Kiểm tra chợ | 1 |
"""


def survey(version: str = "1", **replaced: str) -> bytes:
    """The form above; `replaced`: old → new, by a name that says why."""
    text = SURVEY.replace("Kiểm tra chợ | 1 |", f"Kiểm tra chợ | {version} |")
    for pair in replaced.values():
        old, _, new = pair.partition(" => ")
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def upload(desk: Desk, name: str, data: bytes, files: dict[str, bytes] | None = None, form: str = "") -> TestResponse:
    values: dict[str, Any] = {"csrf": CSRF, "form": form, "file": (BytesIO(data), name)}
    values["files"] = [(BytesIO(body), file) for file, body in (files or {}).items()]
    return desk.client.post("/desk/forms/uploads", data=values, base_url=BASE, content_type="multipart/form-data")


def read(app: Flask) -> None:
    """What the worker does next, until nothing is due."""
    with app.app_context():
        while worker.run_next():
            pass
        db.session.remove()


def uploaded(app: Flask, desk: Desk, data: bytes, name: str = "form.md", files: dict[str, bytes] | None = None) -> str:
    """The report's address of an upload that was read."""
    answer = upload(desk, name, data, files)
    assert answer.status_code == 303, answer.text
    read(app)
    return str(answer.location)


def version(app: Flask, number: str = "1", form_id: str = "market_check") -> VersionLine | None:
    with app.app_context():
        found = forms.version(db.session(), form_id, number)
        db.session.remove()
    return found


def drafted(app: Flask, desk: Desk, number: str = "1", data: bytes | None = None) -> str:
    """The address of a new draft."""
    uploaded(app, desk, data or survey(number))
    found = version(app, number)
    assert found
    assert found.state == "draft"
    return f"/desk/forms/of/market_check/{found.id}"


def published(app: Flask, number: str, form_id: str = "market_check") -> None:
    """Puts a draft in force, past the pages."""
    found = version(app, number, form_id)
    assert found
    with app.app_context(), transaction() as session:
        forms.move(session, found.id, ("draft",), "published", app.extensions["lantoa_clock"]())
