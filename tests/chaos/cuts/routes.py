"""One act of a phone for each route of `/sync`: what leads up to it, the request that is cut, what must hold then.

Each act is done anew for every offset, with a new record or photo where it writes one. True says that
what then stands is what the act is for.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.line import CutLine
from tests.chaos.sender import Sender
from tests.phone import Answer, Photo, Sealed
from tests.sync.make import upload_metadata


@dataclass
class Acting:
    """A phone on a line of its own."""

    sender: Sender
    line: CutLine
    officer: str
    same: dict[str, Any] = field(default_factory=dict)  # what a route that only reads must answer every time


@dataclass(frozen=True, slots=True)
class Act:
    """`prepare` gives what `attempt` needs; `attempt`: True when it is done. `together`: ends many of them at once."""

    name: str
    prepare: Callable[[Acting], Any]
    attempt: Callable[[Acting, Any], bool]
    together: Callable[[Acting, list[Any]], bool] | None = None


def _record(acting: Acting) -> Sealed:
    return acting.sender.record()


def _send(acting: Acting, record: Sealed) -> bool:
    return acting.sender.send(record)


def _send_all(acting: Acting, records: list[Sealed]) -> bool:
    """What did not come through waits in the phone's outbox and goes with the next batch."""
    return acting.sender.send(*records)


def _batch(acting: Acting) -> list[Sealed]:
    return [acting.sender.record() for _ in range(3)]


def _send_batch(acting: Acting, records: list[Sealed]) -> bool:
    return acting.sender.send(*records)


def _promised(acting: Acting) -> tuple[Sealed, Photo]:
    photo = acting.sender.photo()
    record = acting.sender.record(photo)
    acting.sender.until(lambda: acting.sender.send(record))
    return record, photo


def _created(acting: Acting) -> tuple[Sealed, Photo]:
    record, photo = _promised(acting)
    assert acting.sender.phone.create_upload(record, photo).status == 201
    return record, photo


def _whole(acting: Acting) -> tuple[Sealed, Photo]:
    record, photo = _created(acting)
    acting.sender.until(lambda: acting.sender.upload(record, photo))
    return record, photo


def _create(acting: Acting, made: tuple[Sealed, Photo]) -> bool:
    """The photo goes up afterwards: creating it twice must not hinder that."""
    if acting.sender.phone.create_upload(*made).status != 201:
        return False
    return acting.sender.upload(*made)


def _patch_first(acting: Acting, made: tuple[Sealed, Photo]) -> bool:
    """The first request of the attempt is the PATCH, as by a phone that was told the offset just now."""
    record, photo = made
    if photo.media_id not in acting.same:
        acting.same[photo.media_id] = True
        acting.sender.phone.patch(photo, 0, photo.data)
    return acting.sender.upload(record, photo)


def _post_first(acting: Acting, made: tuple[Sealed, Photo]) -> bool:
    record, photo = made
    if photo.media_id not in acting.same:
        acting.same[photo.media_id] = True
        _post_bytes(acting, record, photo)
    return acting.sender.upload(record, photo)


def _post_bytes(acting: Acting, record: Sealed, photo: Photo) -> Answer:
    """tus creation-with-upload."""
    digest = hashlib.sha256(photo.data).hexdigest()
    named = {"media_id": photo.media_id, "sha256": digest, "record_id": record.record_id, "question": photo.question}
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(len(photo.data)),
        "Upload-Metadata": upload_metadata(named),
        "Content-Type": "application/offset+octet-stream",
        **acting.sender.phone.credentials(),
    }
    return acting.sender.phone.wire("POST", "/sync/media", headers, photo.data)


def _head(acting: Acting, made: tuple[Sealed, Photo]) -> bool:
    return acting.sender.offset(made[1]) == len(made[1].data)


def _orphan(acting: Acting) -> tuple[Sealed, Photo]:
    """An upload under way that no record names."""
    photo, record = acting.sender.photo(), acting.sender.record()
    acting.sender.until(lambda: acting.sender.send(record))
    assert acting.sender.phone.create_upload(record, photo).status == 201
    assert acting.sender.phone.patch(photo, 0, photo.data[:100]).status in (204, 400)
    return record, photo


def _delete(acting: Acting, made: tuple[Sealed, Photo]) -> bool:
    """204, or 404 where a cut request had done it."""
    photo = made[1]
    status = acting.sender.ask("DELETE", f"/sync/media/{photo.media_id}").status
    return status in (204, 404) and acting.sender.offset(photo) is None


def _nothing(_acting: Acting) -> None:
    """Routes that only read need nothing of their own."""


def picture(acting: Acting) -> tuple[Sealed, Photo]:
    """A record whose photo is there; the same one every time."""
    if "picture" not in acting.same:
        acting.same["picture"] = _whole(acting)
    made: tuple[Sealed, Photo] = acting.same["picture"]
    return made


def _get(acting: Acting, made: tuple[Sealed, Photo]) -> bool:
    answer = acting.sender.ask("GET", f"/sync/media/{made[1].media_id}")
    return answer.status == 200 and _same(acting, "GET media", answer.body)


def _have(acting: Acting, _made: Any) -> bool:
    """What was acknowledged is not missing, whatever was cut meanwhile."""
    record, photo = picture(acting)
    answer = acting.sender.phone.have([record], [photo.media_id])
    statement = json.loads(answer.json()["statement"])
    return not statement["missing"] and statement["media"][0]["state"] in ("there", "unreadable")


def _changes(acting: Acting, _made: Any) -> bool:
    answer = acting.sender.phone.changes()
    return answer.status == 200 and _same(acting, "changes", answer.body)


def _file(acting: Acting, _made: Any) -> bool:
    sha256 = acting.sender.phone.enrolled["changes"]["sets"][0]["sha256"]
    answer = acting.sender.ask("GET", f"/sync/files/{sha256}")
    return answer.status == 200 and hashlib.sha256(answer.body).hexdigest() == sha256


def _same(acting: Acting, name: str, body: bytes) -> bool:
    return bool(acting.same.setdefault(name, body) == body)


ACTS = (
    Act("POST records", _record, _send, _send_all),
    Act("POST records, three", _batch, _send_batch),
    Act("POST have", picture, _have),
    Act("GET changes", _nothing, _changes),
    Act("GET files", _nothing, _file),
    Act("POST media", _promised, _create),
    Act("POST media with bytes", _promised, _post_first),
    Act("PATCH media", _created, _patch_first),
    Act("HEAD media", picture, _head),
    Act("DELETE media", _orphan, _delete),
    Act("GET media", picture, _get),
)
