"""The server of the simulation: `sync/` over the store in memory, asked through two pipes, one question at a time.

A question is a line of JSON, followed by `length` bytes of body; so is the answer. Nothing here decides what the
protocol says: requests go through the very blueprint that the service mounts.
"""

import copy
import io
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote_to_bytes

from flask import Flask

from server import bodies
from sync.changes import FormRef, Me, ReviewNews, SetRef
from sync.door import Parts
from sync.encoding import sha256_hex
from sync.media import Folder
from sync.memory import Code, MemoryStore
from sync.routes import sync_blueprint
from sync.store import Device, Installation, StoredFile
from tests.chaos.history import End, Held, judge, operation
from tests.sync.keys import TestKeys

ZONE = "Asia/Ho_Chi_Minh"
UNIT = "31522@2024-09-01"
OFFICERS = ("lan", "sophia")


class Present:
    """The store of the history that runs now: the blueprint is mounted once, the stores come and go."""

    store: MemoryStore

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


@dataclass
class World:
    """One server; `backups` are copies of everything that a backup holds."""

    folder: Path
    at: datetime = datetime(2026, 11, 22, 2, tzinfo=UTC)
    backups: list[tuple[MemoryStore, Path]] = field(default_factory=list)
    epochs: int = 1
    devices: int = 0

    def __post_init__(self) -> None:
        self.keys, self.present = TestKeys(), Present()
        self.media = self.folder / "media"
        self.app = Flask("simulation")
        parts = Parts(
            self.present,  # type: ignore[arg-type]  # stands for the store of the history that runs
            self.keys,
            lambda: self.at,
            Folder(self.media),
            lambda path: path.stat().st_size > 0,
            lambda media: self.media,
            lambda: "simulated",
            ZONE,
        )
        self.app.register_blueprint(sync_blueprint(parts))
        bodies.install(self.app)
        self.app.config["PROPAGATE_EXCEPTIONS"] = False

    def begin(self) -> None:
        """An empty server with one form and one register."""
        for old in (self.media, *(path for _, path in self.backups)):
            shutil.rmtree(old, ignore_errors=True)
        self.backups, self.epochs, self.devices = [], 1, 0
        me = Me("lan", "Người mẫu", UNIT, "Xã Mẫu", "xã", "Huyện Mẫu", "", "", "register", ZONE)
        form = _file(
            {
                "model_format": 1,
                "form_id": "outreach_session",
                "version": "1",
                "title": {"vi": "Buổi"},
                "languages": ["vi"],
                "children": [],
                "choices": {},
                "registers": [],
            }
        )
        hamlets = _file({"register": "hamlets", "unit": UNIT, "columns": ["name", "label"], "rows": [["h1", "Ấp 1"]]})
        self.present.store = MemoryStore(
            Installation("5e" * 16, 1, 0),
            me,
            frozenset({("outreach_session", "1")}),
            frozenset({UNIT}),
            form_refs=(FormRef("outreach_session", "1", {"vi": "Buổi"}, True, form[0], len(form[1].body)),),
            sets=(SetRef("hamlets", UNIT, False, 1, hamlets[0], len(hamlets[1].body)),),
            files={form[0]: (form[1], None), hamlets[0]: (hamlets[1], None)},
        )

    @property
    def store(self) -> MemoryStore:
        return self.present.store

    def code(self, officer: str) -> str:
        """A code that makes a further device of this officer."""
        self.devices += 1
        number = OFFICERS.index(officer) + 1
        device = Device(self.devices, f"{self.devices:032x}", number, officer, 1, "", self.at, True, True)
        code = f"{self.devices:026d}"
        self.store.codes[code] = Code(device, self.at + timedelta(minutes=10))
        return code

    def decide(self, record_id: str, outcome: str) -> None:
        """A reviewer's word on a record that is here."""
        kept = self.store.records.get(record_id)
        if kept is None:
            return
        self.store.seq += 1
        root = kept.arrival.envelope.root_id
        news = ReviewNews(self.store.seq, record_id, root, outcome, None, (), "Người duyệt", self.at)
        self.store.reviews.append((kept.account_id, news))

    def back_up(self) -> None:
        """Everything as it is now, photos too."""
        copied = self.folder / f"backup{len(self.backups)}"
        if self.media.exists():
            shutil.copytree(self.media, copied)
        self.backups.append((_copied(self.store), copied))

    def prove(self) -> None:
        """The newest backup is outside the machine."""
        if self.backups:
            reached = self.backups[-1][0].seq
            self.store.server = replace(self.store.server, backup_seq=max(reached, self.store.server.backup_seq))

    def restore(self) -> None:
        """The machine is lost: the newest backup serves from now on, under a new epoch."""
        if not self.backups or self.backups[-1][0].seq < self.store.server.backup_seq:
            return
        self.epochs += 1
        saved, photos = self.backups[-1]
        shutil.rmtree(self.media, ignore_errors=True)
        if photos.exists():
            shutil.copytree(photos, self.media)
        self.present.store = _copied(saved)
        # What enrolled since is on no backup: such a phone enrols anew, as it would in life.
        self.store.server = replace(saved.server, epoch=self.epochs, backup_seq=min(saved.server.backup_seq, saved.seq))

    def judged(self, question: dict[str, Any]) -> dict[str, Any]:
        """The verdict over the history that just ended."""
        store = self.store
        photos = [Held(media_id, sha256) for media_id in store.uploads if (sha256 := self._whole(media_id))]
        records = [
            Held(
                kept.receipt.record_id,
                sha256_hex(kept.arrival.sealed.payload.encode()),
                _mark(kept.arrival.sealed.payload),
            )
            for kept in store.records.values()
        ]
        verdict = judge(
            [operation(line) for line in question["operations"]],
            End(
                records,
                photos,
                [Held(*row) for row in question["phone_records"]],
                [Held(*row) for row in question["phone_photos"]],
                question["waiting"],
                [Held(*row) for row in question["promised_photos"]],
            ),
        )
        return {
            "word": verdict.word,
            "found": dict(verdict.found),
            "details": list(verdict.details),
            "acknowledged": verdict.acknowledged,
            "recovered": verdict.recovered,
            "records": len(records),
            "photos": len(photos),
        }

    def _whole(self, media_id: str) -> str | None:
        """The hash of a photo's bytes as they lie on the disk, None when it is not whole."""
        media = self.store.uploads.get(media_id)
        if media is None or media.state not in ("there", "unreadable"):
            return None
        original = Folder(self.media).original(media.sha256)
        return sha256_hex(original.read_bytes()) if original.exists() else None

    def holds(self, name: str, sha256: str) -> bool:
        """Whether a record or a photo is here now, with these bytes."""
        if self._whole(name) == sha256:
            return True
        kept = [k for k in (*self.store.records.values(), *self.store.copies.values()) if k.receipt.record_id == name]
        return any(sha256_hex(k.arrival.sealed.payload.encode()) == sha256 for k in kept)

    def ask(self, question: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """One request of a phone, through the service's own routes."""
        path, _, query = question["path"].partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": question["method"],
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "simulated",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SCRIPT_NAME": "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in question["headers"].items():
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            told.update(status=int(status[:3]), headers=headers)

        answer: Iterable[bytes] = self.app.wsgi_app(environ, start)
        payload = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        return told, payload


def _file(content: dict[str, Any]) -> tuple[str, StoredFile]:
    body = json.dumps(content, ensure_ascii=False).encode()
    return sha256_hex(body), StoredFile(body, b"")


def _mark(payload: str) -> str:
    try:
        return str(json.loads(payload)["answers"].get("mark", ""))
    except (ValueError, KeyError, AttributeError, TypeError):
        return ""


def _copied(store: MemoryStore) -> MemoryStore:
    """All its dictionaries anew; what they hold never changes."""
    made = copy.copy(store)
    for name, value in vars(store).items():
        if isinstance(value, dict | set | list):
            setattr(made, name, copy.copy(value))
    return made


def answer(world: World, question: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """What the server does with one question."""
    if "at" in question:
        world.at = datetime.fromtimestamp(question["at"] / 1000, UTC)
    match question["do"]:
        case "ask":
            return world.ask(question, body)
        case "begin":
            world.begin()
        case "code":
            return {"code": world.code(question["officer"])}, b""
        case "holds":
            return {"holds": world.holds(question["id"], question["sha256"])}, b""
        case "decide":
            world.decide(question["record_id"], question["outcome"])
        case "back-up":
            world.back_up()
        case "prove":
            world.prove()
            return _standing(world), b""
        case "restore":
            world.restore()
            return _standing(world), b""
        case "judge":
            return world.judged(question), b""
    return {}, b""


def _standing(world: World) -> dict[str, Any]:
    return {"epoch": world.store.server.epoch, "backup_seq": world.store.server.backup_seq}


def serve(questions: BinaryIO, answers: BinaryIO, folder: Path) -> None:
    """Until the questions end."""
    world = World(folder)
    for line in questions:
        question = json.loads(line)
        told, body = answer(world, question, questions.read(question.get("length", 0)))
        answers.write(json.dumps({**told, "length": len(body)}, ensure_ascii=False).encode() + b"\n" + body)
        answers.flush()


def main() -> None:
    """`python -m tests.chaos.simulation.serve QUESTIONS ANSWERS`: the paths of two named pipes."""
    asked, told = sys.argv[1:3]
    with (
        tempfile.TemporaryDirectory(prefix="lantoa-simulation-") as folder,
        open(asked, "rb") as questions,
        open(told, "wb") as answers,
    ):
        serve(questions, answers, Path(folder))


if __name__ == "__main__":
    main()
