"""The envelope of a record: what is signed by the device and names no person (D3).

Parsing gathers all faults; members that this version does not know are left alone, their bytes are kept anyway.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from sync.problems import Fault, Problem
from sync.reading import Reader, pointer, read_json

INTENTS = ("new", "correct", "withdraw")
PAYLOAD_TYPES = ("answers/1",)
MEDIA_MAX_BYTES = 16 * 1024 * 1024
MEDIA_PER_RECORD = 20
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_QUESTION = re.compile(r"[A-Za-z0-9_./\[\]-]{1,200}")
_KIND = re.compile(r"image/(jpeg|png|webp)|(audio|application|text)/[a-z0-9][a-z0-9.+-]{0,100}")
INT32 = 2**31 - 1


@dataclass(frozen=True, slots=True)
class MediaPromise:
    """A photo that the record names; its bytes come by tus."""

    media_id: str
    question: str
    sha256: str
    size_bytes: int
    kind: str
    taken_at: datetime | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """The signed facts about a record."""

    record_id: str
    intent: str
    replaces: str | None
    root_id: str
    reason: str | None
    form_id: str
    form_version: str
    unit_key: str
    held_on: date
    device_uid: str
    device_seq: int
    finished_at: datetime
    clock_offset_ms: int | None
    zone: str
    language: str
    app_version: str
    payload_type: str
    content_sha256: str
    media: tuple[MediaPromise, ...]
    trial: bool = False


def read_envelope(text: str) -> Envelope:
    """The envelope in `text`; Problem `envelope-unreadable` or `envelope-invalid` with all faults."""
    try:
        document = read_json(text)
    except Problem as problem:
        raise Problem("envelope-unreadable", detail=problem.detail) from problem
    if not isinstance(document, dict):
        raise Problem("envelope-unreadable", detail="must be an object")
    reader = Reader.over(document)
    envelope = _envelope(reader)
    _check_links(reader, envelope)
    if reader.faults:
        raise Problem("envelope-invalid", errors=reader.faults)
    return envelope


def _envelope(reader: Reader) -> Envelope:
    reader.integer("v", least=1, most=1)
    return Envelope(
        record_id=reader.identity("record_id"),
        intent=reader.one_of("intent", INTENTS),
        replaces=None if reader.members.get("replaces") is None else reader.identity("replaces"),
        root_id=reader.identity("root_id"),
        reason=reader.text_or_none("reason", most=2000),
        form_id=reader.matching("form_id", _NAME, "a form's name"),
        form_version=reader.text("form_version", most=64),
        unit_key=reader.text("unit", most=64),
        held_on=reader.day("held_on"),
        device_uid=reader.identity("device_id"),
        device_seq=reader.integer("device_seq", least=1, most=INT32),
        finished_at=reader.instant("finished_at"),
        clock_offset_ms=_offset(reader),
        zone=reader.text("zone", most=64),
        language=reader.text("language", most=16),
        app_version=reader.text("app_version", most=64),
        payload_type=reader.one_of("payload_type", PAYLOAD_TYPES),
        content_sha256=reader.digest("content_sha256"),
        media=_media(reader),
        trial="trial" in reader.members and reader.flag("trial"),
    )


def _offset(reader: Reader) -> int | None:
    return None if reader.members.get("clock_offset_ms") is None else reader.integer("clock_offset_ms", least=-(2**53))


def _media(reader: Reader) -> tuple[MediaPromise, ...]:
    rows = reader.rows("media", most=MEDIA_PER_RECORD)
    base = pointer(reader.base, "media")
    promises = tuple(_promise(Reader.over(row, pointer(base, i), reader.faults)) for i, row in enumerate(rows))
    if len({promise.media_id for promise in promises}) < len(promises):
        reader.fault("media", "must not name a photo twice")
    return promises


def _promise(reader: Reader) -> MediaPromise:
    return MediaPromise(
        media_id=reader.identity("id"),
        question=reader.matching("question", _QUESTION, "a question's name or path"),
        sha256=reader.digest("sha256"),
        size_bytes=reader.integer("size", least=1, most=MEDIA_MAX_BYTES),
        kind=reader.matching("kind", _KIND, "the media type of a picture, a recording or a file"),
        taken_at=None if reader.members.get("taken_at") is None else reader.instant("taken_at"),
        source=None if reader.members.get("source") is None else reader.one_of("source", ("camera", "file")),
    )


def _check_links(reader: Reader, envelope: Envelope) -> None:
    """P-09: a new record is its own root and replaces nothing; every other one names what it replaces."""
    if envelope.intent == "new":
        if envelope.replaces is not None:
            reader.fault("replaces", "must be null for a new record")
        if envelope.root_id != envelope.record_id:
            reader.fault("root_id", "must be the record's own id for a new record")
    elif envelope.replaces is None:
        reader.fault("replaces", "must name the replaced record")
    elif envelope.record_id in (envelope.replaces, envelope.root_id):
        reader.fault("replaces", "must name another record")


def signed_again(first: Envelope, again: Envelope) -> bool:
    """P-14: the same record, offered by another device of its officer: only what tells of the phone differs."""
    moved = replace(
        first,
        device_uid=again.device_uid,
        device_seq=again.device_seq,
        app_version=again.app_version,
        clock_offset_ms=again.clock_offset_ms,
    )
    return first.device_uid != again.device_uid and moved == again


def fault_at(problem: Problem, base: str) -> Problem:
    """The same problem with its pointers put below `base`."""
    moved = [Fault(base + e.pointer, e.detail) for e in problem.errors if isinstance(e, Fault)]
    return Problem(problem.type, problem.status, problem.title, problem.detail, moved, problem.headers)
