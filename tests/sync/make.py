"""One small world per store: a server that speaks the wire, an officer who can be enrolled, ways to look behind it.

Every contract test runs in each of them. Keys are real.
"""

import base64
import hashlib
import io
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from flask import Flask
from PIL import Image
from sqlalchemy import select, update

from server import bodies, engine, media_files
from server.api import sync as api
from server.clock import PLAN_ZONE
from server.config import Config
from server.db import db, transaction
from server.keys import KeyRing
from server.models.people import Account, Device
from server.models.plan import SyncFile
from server.models.records import Finding, Media, Record, RecordCopy, RecordItem, Review
from server.people import devices, enrolment
from server.queries.review import NewReview, add_reviews
from sync.changes import Me, ReviewNews
from sync.door import Parts
from sync.media import Folder
from sync.memory import Code, MemoryStore
from sync.routes import sync_blueprint
from sync.store import Device as SyncDevice
from sync.store import Installation, StoredFile
from tests import tables
from tests.phone import Answer, Phone, Photo
from tests.settable_clock import SettableClock
from tests.sync.keys import TestKeys

OUTREACH: dict[str, Any] = {
    "content": {"provisions": "rule1 rule2", "presenters": ""},
    "attendance": {"attendees_total": "42"},
    "managed": {"members_count": "1", "members": "a1"},
}
CALCULATED = {"/outreach_session/managed/t2_provisions": "1"}
SHARED_FILE, OWN_FILE, FOREIGN_FILE = (hashlib.sha256(name).hexdigest() for name in (b"shared", b"own", b"foreign"))


class World(Protocol):
    """A server with one officer."""

    clock: SettableClock
    app: Flask
    unit: str
    media_dir: Path

    def code(self, officer: str = "officer") -> str: ...
    def revoke(self, phone: Phone) -> None: ...
    def disable(self) -> None: ...
    def stored(self, record_id: str) -> bytes | None: ...
    def status(self, record_id: str) -> str: ...
    def copies(self, record_id: str) -> list[bytes]: ...
    def count(self) -> int: ...
    def unreadable(self, media_id: str) -> bool: ...
    def put_file(self, sha256: str, unit: str | None) -> None: ...
    def returned(self, record_id: str, reason: str) -> int: ...


def wire(app: Flask) -> Any:
    """A phone's line to the app's test client, whole bodies only."""
    client = app.test_client(use_cookies=False)

    def send(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        got = client.open(path, method=method, headers=headers, data=body, buffered=True)
        return Answer(got.status_code, {k.lower(): v for k, v in got.headers.items()}, got.data)

    return send


def phone(world: World, officer: str = "officer") -> Phone:
    """An enrolled phone."""
    made = Phone(wire(world.app), world.clock)
    answer = made.enrol(world.code(officer))
    assert answer.status == 201, answer.body
    return made


def outreach(phone: Phone, **changes: Any) -> Any:
    """A sealed record of the ordinary kind."""
    return phone.seal(changes.pop("answers", OUTREACH), **{"calculated": CALCULATED} | changes)


def jpeg(side: int = 40, *, exif: bool = False) -> bytes:
    """A real JPEG, with a camera's name and a place in it when `exif`."""
    buffer = io.BytesIO()
    picture = Image.effect_noise((side, side), 60).convert("RGB")
    tags = Image.Exif()
    if exif:
        tags[0x010F] = "Canary camera"
        tags.get_ifd(0x8825)[1] = "N"
    picture.save(buffer, "JPEG", exif=tags)
    return buffer.getvalue()


def photo(data: bytes | None = None) -> Photo:
    """A photo for the question `photo`."""
    return Photo("photo", data or jpeg())


def upload_metadata(values: dict[str, str]) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items())


def receipt_of(answer: Answer, index: int = 0) -> dict[str, Any]:
    """The receipt of the index-th record of an answer."""
    assert answer.status == 200, answer.body
    receipt: dict[str, Any] = answer.json()["results"][index]["receipt"]
    return receipt


@dataclass
class MemoryWorld:
    """The protocol over the store in memory."""

    folder: Path
    clock: SettableClock = field(default_factory=SettableClock)
    unit: str = "A@2023-01-01"

    def __post_init__(self) -> None:
        self.keys = TestKeys()
        self.media_dir = self.folder / "media"
        me = Me("acc", "Người officer", self.unit, "Đơn vị A", "xã", "Đơn vị D1", "", "", "register", PLAN_ZONE)
        forms = frozenset({("outreach_session", "2"), ("individual_contact", "2")})
        self.store = MemoryStore(Installation("5e" * 16, 1, 0), me, forms, frozenset({self.unit}))
        self.made = 0
        self.app = Flask("memory")
        folder = Folder(self.media_dir)
        copies = media_files.DisplayCopies(folder)
        parts = Parts(
            self.store,
            self.keys,
            self.clock,
            folder,
            media_files.readable,
            lambda media: copies.of(media.sha256),
            lambda: "test",
            PLAN_ZONE,
        )
        self.app.register_blueprint(sync_blueprint(parts))
        bodies.install(self.app)

    def code(self, officer: str = "officer") -> str:
        self.made += 1
        number = ("officer", "officer_c").index(officer) + 1
        device = SyncDevice(
            self.made,
            f"{self.made:032x}",
            number,
            f"{officer}",
            number,
            "",
            self.clock(),
            active=True,
            account_active=True,
        )
        code = f"{self.made:026d}"
        self.store.codes[code] = Code(device, self.clock() + timedelta(minutes=10))
        return code

    def revoke(self, phone: Phone) -> None:
        uid = phone.enrolled["device_id"]
        self.store.devices[uid] = replace(self.store.devices[uid], active=False)

    def disable(self) -> None:
        for uid, device in self.store.devices.items():
            self.store.devices[uid] = replace(device, account_active=False)

    def stored(self, record_id: str) -> bytes | None:
        kept = self.store.records.get(record_id)
        return kept.arrival.sealed.payload.encode() if kept else None

    def status(self, record_id: str) -> str:
        return self.store.records[record_id].receipt.status

    def copies(self, record_id: str) -> list[bytes]:
        found = [kept for (name, _), kept in self.store.copies.items() if name == record_id]
        return [kept.arrival.sealed.payload.encode() for kept in found]

    def count(self) -> int:
        return len(self.store.records)

    def unreadable(self, media_id: str) -> bool:
        return media_id in self.store.unreadable

    def put_file(self, sha256: str, unit: str | None) -> None:
        number = None if unit is None else ("A", "C").index(unit) + 1
        self.store.files[sha256] = (StoredFile(b'{"a":1}', b"brotli"), number)

    def returned(self, record_id: str, reason: str) -> int:
        self.store.seq += 1
        news = ReviewNews(self.store.seq, record_id, record_id, "returned", reason, (), "Người chief", self.clock())
        self.store.reviews.append((1, news))
        return self.store.seq


@dataclass
class SqlWorld:
    """The service's own store, on SQLite or PostgreSQL."""

    folder: Path
    database_url: str | None = None
    clock: SettableClock = field(default_factory=SettableClock)
    unit: str = "A@2023-01-01"
    limits: bodies.Limits | None = None

    def __post_init__(self) -> None:
        config = Config.for_tests(self.folder)
        if self.database_url:
            config = replace(config, database_url=self.database_url)
        self.media_dir = config.media_dir
        self.app = Flask("sync")
        self.app.extensions.update(lantoa_config=config, lantoa_clock=self.clock, lantoa_keys=KeyRing(config.keys_dir))
        engine.connect(self.app, config)
        api.mount(self.app, self.limits)
        with self.app.app_context():
            self.made = tables.create_world()

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def code(self, officer: str = "officer") -> str:
        unit = {"officer": "A", "officer_c": "C"}[officer]
        with self.app.app_context(), transaction() as session:
            return enrolment.issue(session, self.made.accounts[officer], self.made.units[unit], self.clock())

    def revoke(self, phone: Phone) -> None:
        with self.app.app_context(), transaction() as session:
            devices.revoke(session, phone.enrolled["device_id"], None, self.clock())

    def disable(self) -> None:
        with self.app.app_context(), transaction() as session:
            session.execute(update(Account).values(active=False))

    def stored(self, record_id: str) -> bytes | None:
        return self._one(select(Record.payload).where(Record.record_id == record_id))

    def status(self, record_id: str) -> str:
        return str(self._one(select(Record.status).where(Record.record_id == record_id)))

    def copies(self, record_id: str) -> list[bytes]:
        return self.all(select(RecordCopy.payload).where(RecordCopy.record_id == record_id))

    def count(self) -> int:
        return len(self.all(select(Record.id)))

    def unreadable(self, media_id: str) -> bool:
        return self._one(select(Media.state).where(Media.media_id == media_id)) == "unreadable"

    def put_file(self, sha256: str, unit: str | None) -> None:
        unit_id = None if unit is None else self.made.units[unit]
        row = SyncFile(sha256=sha256, kind="set", sensitive_unit_id=unit_id, body=b'{"a":1}', body_br=b"brotli")
        with self.app.app_context(), transaction() as session:
            session.add(row)

    def returned(self, record_id: str, reason: str) -> int:
        with self.app.app_context(), transaction() as session:
            pk, chain_id = session.execute(
                select(Record.id, Record.chain_id).where(Record.record_id == record_id)
            ).one()
            chief = self.made.accounts["chief"]
            add_reviews(session, [NewReview(chain_id, pk, "returned", reason, (), chief, self.clock())])
            return int(session.scalar(select(Review.seq).where(Review.record_pk == pk)) or 0)

    def findings(self, record_id: str) -> set[str]:
        """Codes of the findings beside a record."""
        wanted = select(Finding.code).join(Record, Record.id == Finding.record_pk)
        return set(self.all(wanted.where(Record.record_id == record_id)))

    def items(self, record_id: str) -> set[tuple[str, str]]:
        """(question name, item uid) of a record."""
        wanted = select(RecordItem.question, RecordItem.item_uid).join(Record, Record.id == RecordItem.record_pk)
        with self.app.app_context():
            rows = db.session.execute(wanted.where(Record.record_id == record_id)).all()
        return {(question.rpartition("/")[2], uid) for question, uid in rows}

    def all(self, wanted: Any) -> list[Any]:
        """The single column of a query."""
        with self.app.app_context():
            return list(db.session.scalars(wanted))

    def _one(self, wanted: Any) -> Any:
        return next(iter(self.all(wanted)), None)

    def device(self, phone: Phone) -> Device:
        """The row of a phone."""
        found: Device = self._one(select(Device).where(Device.uid == phone.enrolled["device_id"]))
        return found


def at(text: str) -> datetime:
    """An instant."""
    return datetime.fromisoformat(text).astimezone(UTC)


def payload(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
