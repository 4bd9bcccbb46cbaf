"""Installations to be backed up and restored, and officers whose phones keep what a phone keeps."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask
from sqlalchemy import update

from server.app import create_app
from server.commands import database
from server.config import Config
from server.db import db, transaction
from server.models.people import Device
from server.people import enrolment
from tests import make
from tests.phone import Phone, Photo, Sealed
from tests.settable_clock import SettableClock
from tests.sync.make import outreach, wire

BATCH = 50


@dataclass
class House:
    """One installation: its folders, its app, what is in it."""

    folder: Path
    clock: SettableClock
    database_url: str | None = None
    keys_dir: Path | None = None
    made: make.World = field(default_factory=make.World)

    def __post_init__(self) -> None:
        config = Config.for_tests(self.folder)
        self.config = replace(
            config, database_url=self.database_url or config.database_url, keys_dir=self.keys_dir or config.keys_dir
        )
        self.config.make_folders()
        self.app: Flask = create_app(self.config, self.clock)

    def found(self) -> None:
        """Tables by migrations, and the small province; nobody there has a phone yet."""
        with self.app.app_context():
            database.upgrade()
            with transaction() as session:
                self.made = make.world(session)
                session.execute(update(Device).values(state="revoked"))

    def run(self, *arguments: object) -> Result:
        """A command, as people type it."""
        return self.app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])

    def backup(self, into: Path) -> Path:
        """A new backup; its folder."""
        before = set(into.glob("*")) if into.exists() else set()
        told = self.run("backup", "create", into)
        assert told.exit_code == 0, told.output
        return next(path for path in into.glob("*") if path not in before and path.name != "media")

    @contextmanager
    def open(self) -> Iterator[None]:
        with self.app.app_context():
            yield
            db.session.remove()

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@dataclass
class Officer:
    """A phone with all that it keeps; one `round` is one exchange, in the order of the phone's own."""

    name: str
    phone: Phone
    kept: dict[str, Sealed] = field(default_factory=dict)
    photos: dict[str, tuple[Sealed, Photo]] = field(default_factory=dict)
    reviews: dict[str, dict[str, Any]] = field(default_factory=dict)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    epoch: int = 0
    cursor: int = 0

    def record(self, photo: Photo | None = None, **changes: Any) -> Sealed:
        sealed: Sealed = outreach(self.phone, photos=(photo,) if photo else (), **changes)
        self.kept[sealed.record_id] = sealed
        if photo:
            self.photos[photo.media_id] = (sealed, photo)
        return sealed

    def round(self) -> None:
        statement = self._have()
        if statement["epoch"] != self.epoch:
            self._give_back()
            self.epoch, self.cursor = statement["epoch"], 0
        self._send([self.kept[record_id] for record_id in statement["missing"]])
        for standing in statement["media"]:
            if standing["state"] not in ("there", "unreadable"):
                self._upload(*self.photos[standing["id"]])
        self._hear()

    def _have(self) -> dict[str, Any]:
        answer = self.phone.have(list(self.kept.values()), list(self.photos))
        assert answer.status == 200, answer.body
        document: dict[str, Any] = json.loads(answer.json()["statement"])
        return document

    def _give_back(self) -> None:
        signed = [row for row in self.reviews.values() if "statement" in row]
        named = [{name: row[name] for name in ("statement", "key_id", "signature")} for row in signed]
        answer = self.phone.post("/sync/outcomes", {"outcomes": named})
        assert answer.status == 200, answer.body
        self.given = [result["state"] for result in answer.json()["results"]]

    def _send(self, lacking: Sequence[Sealed]) -> None:
        for start in range(0, len(lacking), BATCH):
            answer = self.phone.send(*lacking[start : start + BATCH])
            assert answer.status == 200, answer.body
            for result in answer.json()["results"]:
                self.receipts[result["receipt"]["record_id"]] = result["receipt"]

    def _upload(self, sealed: Sealed, photo: Photo) -> None:
        answer = self.phone.upload(sealed, photo)
        assert answer.status == 204, answer.body

    def _hear(self) -> None:
        news = self.phone.changes(self.cursor).json()
        for row in news["reviews"]:
            before = self.reviews.get(row["record_id"])
            if before is None or before["seq"] <= row["seq"]:
                self.reviews[row["record_id"]] = row
        self.cursor = news["cursor"]


def officer(house: House, name: str, unit: str) -> Officer:
    """A new officer of the unit with an enrolled phone."""
    with house.open(), transaction() as session:
        account_id = make.account(session, house.made, name, unit, ["officer"])
        session.execute(update(Device).where(Device.account_id == account_id).values(state="revoked"))
        code = enrolment.issue(session, account_id, house.made.units[unit], house.clock())
    phone = Phone(wire(house.app), house.clock)
    answer = phone.enrol(code)
    assert answer.status == 201, answer.body
    return Officer(name, phone, epoch=answer.json()["epoch"])


def moved_to(officers: Sequence[Officer], house: House) -> None:
    """From now on they reach this installation under the old address."""
    line = wire(house.app)
    for one in officers:
        one.phone.wire = line


def digest(sealed: Sealed) -> str:
    return hashlib.sha256(sealed.payload.encode()).hexdigest()
