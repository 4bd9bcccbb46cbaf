"""What a history proves. Every act of a client is told as invoke → ok | fail | unknown (after Jepsen's manner).

A judge knows three things: what the acts were, what the server holds at the end, what the phones hold at the end. It
counts what was lost, doubled, altered, unexpected, stuck and recovered. A history in which nothing was acknowledged
proves nothing: "unknown", never a pass.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Act = Literal["save", "acknowledge", "photo", "photo-there", "purge", "turned-away"]
Outcome = Literal["invoke", "ok", "fail", "unknown"]
FAULTS = ("lost", "doubled", "altered", "unexpected", "untrue", "stuck", "forgotten", "turned away")


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of a history. `id` names a record or a photo, `sha256` its bytes, `mark` what the person meant by it.

    Two records with one mark are the same evening written twice by the app: that is a double, whatever their ids.
    """

    act: Act
    id: str
    outcome: Outcome
    sha256: str = ""
    mark: str = ""
    client: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A record or a photo that the server holds whole, or that a phone still has."""

    id: str
    sha256: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """How everything stood when the faults had ended and the phones had had time. `waiting`: ids never sent."""

    records: Sequence[Held]
    photos: Sequence[Held]
    phone_records: Sequence[Held] = ()
    phone_photos: Sequence[Held] = ()
    waiting: Sequence[str] = ()
    promised_photos: Sequence[Held] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`found` counts faults by kind; `recovered`: saved without anybody having been told, and there all the same."""

    acknowledged: int
    recovered: int
    found: Mapping[str, int]
    details: Sequence[str] = field(default=())

    @property
    def word(self) -> Literal["pass", "fault", "unknown"]:
        if any(self.found.values()):
            return "fault"
        return "pass" if self.acknowledged else "unknown"


def judge(operations: Sequence[Operation], end: End) -> Verdict:
    """The verdict over one history."""
    told = _Told(operations)
    faults = [
        *_lost(told, end),
        *_doubled(end),
        *_altered(told, end),
        *_unexpected(told, end),
        *_photos(told, end),
        *(("stuck", record_id) for record_id in end.waiting),
        *_at_once(operations),
    ]
    counts = Counter(kind for kind, _ in faults)
    held = {record.id for record in end.records}
    return Verdict(
        acknowledged=len(told.acknowledged),
        recovered=len((told.attempted - told.saved.keys()) & held),
        found={kind: counts[kind] for kind in FAULTS},
        details=tuple(f"{kind} {what}" for kind, what in faults),
    )


class _Told:
    """What the clients were told."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        saves = [op for op in operations if op.act == "save"]
        self.saved = {op.id: op.sha256 for op in saves if op.outcome == "ok"}
        self.refused = {op.id for op in saves if op.outcome == "fail"} - self.saved.keys()
        self.attempted = {op.id for op in saves if op.outcome == "invoke"}
        self.acknowledged = {op.id: op.sha256 for op in operations if op.act == "acknowledge" and op.outcome == "ok"}
        self.photos = {op.id: op.sha256 for op in operations if op.act == "photo" and op.outcome == "ok"}
        self.photos_there = {op.id: op.sha256 for op in operations if op.act == "photo-there" and op.outcome == "ok"}


def _lost(told: _Told, end: End) -> Iterable[tuple[str, str]]:
    """Saved and nowhere, or called sent and not at the server."""
    at_server, on_phone = {held.id for held in end.records}, {held.id for held in end.phone_records}
    yield from (("lost", record_id) for record_id in sorted(told.saved.keys() - at_server - on_phone))
    yield from (("lost", record_id) for record_id in sorted(told.acknowledged.keys() - at_server - told.saved.keys()))
    sent_and_gone = (told.acknowledged.keys() & told.saved.keys()) - at_server
    yield from (("lost", f"{record_id} (was called sent)") for record_id in sorted(sent_and_gone & on_phone))


def _doubled(end: End) -> Iterable[tuple[str, str]]:
    ids, marks = Counter(held.id for held in end.records), Counter(held.mark for held in end.records if held.mark)
    yield from (("doubled", name) for counts in (ids, marks) for name, count in sorted(counts.items()) if count > 1)


def _altered(told: _Told, end: End) -> Iterable[tuple[str, str]]:
    for held in end.records:
        if (told.saved.get(held.id) or held.sha256) != held.sha256:  # killed right after "saved": nobody read its bytes
            yield "altered", held.id


def _unexpected(told: _Told, end: End) -> Iterable[tuple[str, str]]:
    """At the server though nobody saved it, or though the person was told that it was not saved."""
    for held in end.records:
        if held.id not in told.attempted:
            yield "unexpected", held.id
        elif held.id in told.refused:
            yield "unexpected", f"{held.id} (was refused)"


def _at_once(operations: Sequence[Operation]) -> Iterable[tuple[str, str]]:
    """What was wrong at the moment it was seen: "sent" though the server did not hold it, bytes that left the phone too
    early, an officer asked to enrol anew for no reason."""
    kinds = {"acknowledge": "untrue", "photo-there": "untrue", "purge": "forgotten", "turned-away": "turned away"}
    yield from ((kinds[op.act], op.id) for op in operations if op.act in kinds and op.outcome == "fail")


def _photos(told: _Told, end: End) -> Iterable[tuple[str, str]]:
    """A photo that was kept for a saved record, or that a record promises, is at the server with these bytes, or still
    on the phone."""
    at_server = {held.id: held.sha256 for held in end.photos}
    on_phone = {held.id: held.sha256 for held in end.phone_photos}
    kept = [Held(photo_id, sha256) for photo_id, sha256 in told.photos.items()]
    for promise in {promise.id: promise for promise in (*end.promised_photos, *kept)}.values():
        found = at_server.get(promise.id) or on_phone.get(promise.id)
        if found is None:
            yield "lost", f"photo {promise.id}"
        elif found != promise.sha256:
            yield "altered", f"photo {promise.id}"
    for photo_id in sorted(told.photos_there.keys() - at_server.keys()):
        yield "lost", f"photo {photo_id} (was called there)"


def operation(document: Mapping[str, Any]) -> Operation:
    """The operation in one line of a history file."""
    return Operation(**{name: document[name] for name in Operation.__slots__ if name in document})
