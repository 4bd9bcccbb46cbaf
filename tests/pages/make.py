"""Builders for the desk's tests: a browser that is signed in, photos, findings."""

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.coverage import figures
from server.db import db, transaction
from server.models.people import Account, Grant
from server.models.records import Finding, Media, Record, RecordMedia
from server.models.system import Audit
from server.people import door, sign_in
from server.queries import sign_in as rows
from server.queries.sign_in import DeskSessionRow
from sync.media import Folder
from tests.make import NOON, YEAR_FIRST, World

CSRF = "csrf-of-this-browser"
BASE = "https://localhost"


class Desk:
    """A browser at the desk, signed in as `name`."""

    def __init__(self, client: FlaskClient, name: str) -> None:
        self.client, self.name = client, name

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=BASE)

    def post(self, path: str, form: Mapping[str, Any] | None = None, csrf: str | None = CSRF) -> TestResponse:
        values = {**({} if csrf is None else {"csrf": csrf}), **(form or {})}
        return self.client.post(path, data=values, base_url=BASE)


def desk(app: Flask, name: str) -> Desk:
    """Signs an account in by its session row; passwords have tests of their own."""
    token = f"token-of-{name}"
    with app.app_context(), transaction() as session:
        account = session.scalars(select(Account).where(Account.login == name)).one()
        at = app.extensions["lantoa_clock"]()
        row = DeskSessionRow(sign_in.hashed(token), account.id, CSRF, at, at + timedelta(hours=1))
        rows.open_session(session, row, at)
    client = app.test_client()
    client.set_cookie(door.SESSION_COOKIE, token, secure=True, domain="localhost")
    return Desk(client, name)


def administrator(session: Session, made: World, name: str = "admin", unit: str = "P") -> None:
    account = Account(
        uid=f"{made.next():032x}", login=name, name=f"Người {name}", unit_id=made.units[unit], created_at=NOON
    )
    session.add(account)
    session.flush()
    session.add(Grant(account_id=account.id, role="administrator", unit_id=made.units[unit], valid_from=YEAR_FIRST))
    made.accounts[name] = account.id


def pk_of(session: Session, record_id: str) -> int:
    return session.scalars(select(Record.id).where(Record.record_id == record_id)).one()


def photo(
    session: Session, made: World, folder: Path, record_id: str, state: str = "there", kind: str = "image/jpeg"
) -> str:
    """A real JPEG with GPS in its EXIF, named by the record as what `kind` says; its media id."""
    picture = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "a maker"
    Image.new("RGB", (32, 24), (10, 90, 96)).save(picture, "JPEG", exif=exif)
    sha256 = f"{made.next():064x}"
    path = Folder(folder).original(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(picture.getvalue())
    media_id = f"{made.next():032x}"
    values = {"sha256": sha256, "size_bytes": 1, "kind": kind, "state": state, "created_at": NOON}
    session.add(Media(media_id=media_id, record_id=record_id, device_id=made.devices["officer"], **values))
    session.add(RecordMedia(record_pk=pk_of(session, record_id), media_id=media_id, question="/x/photos/photo"))
    session.flush()
    return media_id


def finding(session: Session, record_id: str, code: str, question: str) -> None:
    row = Finding(record_pk=pk_of(session, record_id), code=code, question=question, severity="fault", detail={})
    session.add(row)
    session.flush()


def numbers(app: Flask, made: World, unit: str, indicator: str) -> int:
    """The cached numerator of a unit in the year."""

    with app.app_context():
        found = figures.of_unit(made.units[unit], made.periods["year"])
        db.session.remove()
    return next(figure.numerator for figure in found if figure.indicator == indicator)


def audited(app: Flask, action: str) -> int:
    """How often this act stands in the audit."""
    with app.app_context():
        found = db.session.scalars(select(Audit.id).where(Audit.action == action)).all()
        db.session.remove()
    return len(found)
