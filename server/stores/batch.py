"""One batch of records in one transaction: rows, chains, projections, then numbers and receipts at its very end (D7).

Nothing is selected in order to decide whether to insert: what is known is looked up to spare work, and the
INSERT … ON CONFLICT decides. The caller opens the transaction.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server.intake import Opened, as_trial, promised_in
from server.queries import devices_sync as devices
from server.queries import media as photos
from server.queries import records
from server.queries.chains import Arrived
from server.queries.coverage import lock_counts
from server.queries.media import MediaRow, NewMedia
from server.queries.records import Found, KnownRecord, NewCopy, NewRecord, Projection, Sealing
from server.queries.review import take_seq
from server.registers import items
from server.review import chains
from sync.envelope import read_envelope, signed_again
from sync.receipts import Issuer, Receipt, Status
from sync.store import Arrival, Device


@dataclass(frozen=True, slots=True)
class Piece:
    """A record of the batch and what its payload says."""

    arrival: Arrival
    opened: Opened

    @property
    def record_id(self) -> str:
        return self.arrival.envelope.record_id

    @property
    def place(self) -> tuple[str, str]:
        """Where a copy of it is kept."""
        return self.record_id, self.arrival.envelope.content_sha256


@dataclass(frozen=True, slots=True)
class Batch:
    """What all records of a batch have in common."""

    session: Session
    device: Device
    issuer: Issuer
    at: datetime
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Added:
    """A record that became a row in this transaction."""

    pk: int
    chain_id: int
    status: Status
    piece: Piece


@dataclass(frozen=True, slots=True)
class Aside:
    """Other bytes under a known id: a new copy (`pk`), or one that had its receipt before."""

    pk: int | None
    receipt: Receipt | None
    status: Status
    piece: Piece


def store(batch: Batch, pieces: Sequence[Piece]) -> list[Receipt]:
    """One receipt per piece, in order."""
    known = records.known(batch.session, {piece.record_id for piece in pieces})
    pieces = _with_trials(batch, pieces)
    added = _add_all(batch, _unknown(pieces, known))
    known |= _raced(batch, pieces, known, added)
    asides = _keep_aside(batch, pieces, known, added)
    _project(batch, list(added.values()))
    # What belongs together may come at one moment from two phones: from here on each sees what the other has stored.
    lock_counts(batch.session)
    chains.settle(batch.session, {a.chain_id for a in added.values()}, batch.at)
    _note_contact(batch, pieces)
    return _seal(batch, pieces, known, added, asides)


def _with_trials(batch: Batch, pieces: Sequence[Piece]) -> list[Piece]:
    """P-47: what corrects or withdraws a trial is one too, whatever has become of the form's version since."""
    named = {piece.record_id: piece.arrival.envelope.replaces for piece in pieces}
    trials = records.trials(batch.session, {name for name in named.values() if name})
    for piece in pieces:
        if piece.opened.trial or named[piece.record_id] in trials:
            trials.add(piece.record_id)
    return [Piece(p.arrival, as_trial(p.opened)) if p.record_id in trials else p for p in pieces]


def _unknown(pieces: Sequence[Piece], known: Mapping[str, KnownRecord]) -> list[Piece]:
    """The first piece of every id that is not stored yet."""
    first: dict[str, Piece] = {}
    for piece in pieces:
        if piece.record_id not in known:
            first.setdefault(piece.record_id, piece)
    return list(first.values())


def _add_all(batch: Batch, fresh: Sequence[Piece]) -> dict[str, Added]:
    """Roots first, all at once; then the records that name others, which find the roots of this batch stored."""
    owners = records.owners(batch.session, {p.arrival.envelope.replaces for p in fresh if p.arrival.envelope.replaces})
    owners |= {piece.record_id: batch.device.account_id for piece in fresh}
    arrived = {piece.record_id: _arrived(batch, piece) for piece in fresh}
    roots = [piece for piece in fresh if arrived[piece.record_id].intent == "new"]
    links = [piece for piece in fresh if arrived[piece.record_id].intent != "new"]
    added = _add(batch, roots, records.add_chains(batch.session, [arrived[p.record_id] for p in roots]), owners)
    return added | _add(batch, links, chains.receive(batch.session, [arrived[p.record_id] for p in links]), owners)


def _add(batch: Batch, fresh: Sequence[Piece], chain_ids: Sequence[int], owners: Mapping[str, int]) -> dict[str, Added]:
    statuses = [_status(batch, piece, owners) for piece in fresh]
    rows = [_row(batch, *each) for each in zip(fresh, chain_ids, statuses, strict=True)]
    pks = records.add(batch.session, rows)
    every = zip(fresh, chain_ids, statuses, strict=True)
    return {p.record_id: Added(pks[p.record_id], c, s, p) for p, c, s in every if p.record_id in pks}


def _arrived(batch: Batch, piece: Piece) -> Arrived:
    """What is in quarantine touches no chain but its own: a thief's withdrawal withdraws nothing. Nor does a trial."""
    envelope, alone = piece.arrival.envelope, piece.arrival.held_reason is not None or piece.opened.trial
    return Arrived(
        record_id=envelope.record_id,
        intent="new" if alone else envelope.intent,
        replaces=None if alone else envelope.replaces,
        form_id=envelope.form_id,
        unit_id=piece.opened.unit_id,
        account_id=batch.device.account_id,
        held_on=envelope.held_on,
        at=batch.at,
    )


def _status(batch: Batch, piece: Piece, owners: Mapping[str, int]) -> Status:
    """`incomplete` also where the replaced record is somebody else's: the answer tells nobody that it exists."""
    if piece.opened.held_reason:
        return "held"
    replaces = piece.arrival.envelope.replaces
    return "incomplete" if replaces and owners.get(replaces) != batch.device.account_id else "stored"


def _row(batch: Batch, piece: Piece, chain_id: int, status: Status) -> NewRecord:
    envelope, sealed = piece.arrival.envelope, piece.arrival.sealed
    return NewRecord(
        record_id=envelope.record_id,
        chain_id=chain_id,
        intent=envelope.intent,
        replaces=envelope.replaces,
        form_id=envelope.form_id,
        form_version=envelope.form_version,
        unit_id=piece.opened.unit_id,
        unit_key=envelope.unit_key,
        account_id=batch.device.account_id,
        device_id=batch.device.id,
        device_seq=envelope.device_seq,
        held_on=envelope.held_on,
        finished_at=envelope.finished_at,
        received_at=batch.at,
        app_version=envelope.app_version,
        status=status,
        held_reason=piece.opened.held_reason,
        payload_type=envelope.payload_type,
        payload=sealed.payload.encode(),
        content_sha256=envelope.content_sha256,
        envelope=sealed.envelope.encode(),
        signature=sealed.signature,
        epoch=batch.issuer.epoch,
        summary=piece.opened.summary,
        synthetic=batch.synthetic,
        trial=piece.opened.trial,
    )


def _raced(
    batch: Batch, pieces: Sequence[Piece], known: Mapping[str, KnownRecord], added: Mapping[str, Added]
) -> dict[str, KnownRecord]:
    """Records that another transaction stored between our look and our INSERT."""
    missing = {piece.record_id for piece in pieces} - set(known) - set(added)
    return records.known(batch.session, missing) if missing else {}


def _keep_aside(
    batch: Batch, pieces: Sequence[Piece], known: Mapping[str, KnownRecord], added: Mapping[str, Added]
) -> dict[tuple[str, str], Aside]:
    """P-15: other bytes under a known id are kept, every kind of them once."""
    asides: dict[tuple[str, str], Aside] = {}
    for piece in pieces:
        if not _is_first(batch, piece, known, added) and piece.place not in asides:
            asides[piece.place] = _aside(batch, piece, known, added)
    return asides


def _is_first(batch: Batch, piece: Piece, known: Mapping[str, KnownRecord], added: Mapping[str, Added]) -> bool:
    """Whether these very bytes, envelope and payload, are the stored record, or it is the same one signed again."""
    envelope = piece.arrival.sealed.envelope
    if stored := known.get(piece.record_id):
        return stored.envelope == envelope.encode() or _signed_again(batch, piece, stored)
    return added[piece.record_id].piece.arrival.sealed.envelope == envelope


def _signed_again(batch: Batch, piece: Piece, stored: KnownRecord) -> bool:
    """P-14: an officer who enrolled anew offers what the old phone had sent already."""
    ours = stored.account_id == batch.device.account_id
    same = stored.content_sha256 == piece.arrival.envelope.content_sha256
    return ours and same and signed_again(read_envelope(stored.envelope.decode()), piece.arrival.envelope)


def _aside(batch: Batch, piece: Piece, known: Mapping[str, KnownRecord], added: Mapping[str, Added]) -> Aside:
    stored = known.get(piece.record_id)
    first = stored.content_sha256 if stored else added[piece.record_id].piece.arrival.envelope.content_sha256
    status: Status = "duplicate" if first == piece.arrival.envelope.content_sha256 else "conflict_kept"
    pk = records.add_copy(batch.session, _copy(batch, piece), secrets.token_hex(8))
    if pk is not None:
        return Aside(pk, None, status, piece)
    kept = records.copy_of(batch.session, *piece.place)
    if kept is None:
        raise LookupError("a copy that is there cannot be read")
    return Aside(None, Receipt.from_json(kept.receipt), status, piece)


def _copy(batch: Batch, piece: Piece) -> NewCopy:
    envelope, sealed = piece.arrival.envelope, piece.arrival.sealed
    return NewCopy(
        record_id=envelope.record_id,
        content_sha256=envelope.content_sha256,
        device_id=batch.device.id,
        payload_type=envelope.payload_type,
        payload=sealed.payload.encode(),
        envelope=sealed.envelope.encode(),
        signature=sealed.signature,
        received_at=batch.at,
    )


def _project(batch: Batch, added: Sequence[Added]) -> None:
    promised = [_promise(batch, a.piece, i) for a in added for i in range(len(a.piece.arrival.envelope.media))]
    photos.promise(batch.session, promised)
    there = photos.found(batch.session, {p.media_id for p in promised})
    records.project(batch.session, [_projection(batch, a, there) for a in added])


def _promise(batch: Batch, piece: Piece, index: int) -> NewMedia:
    promise = piece.arrival.envelope.media[index]
    return NewMedia(
        media_id=promise.media_id,
        record_id=piece.record_id,
        device_id=batch.device.id,
        sha256=promise.sha256,
        size_bytes=promise.size_bytes,
        kind=promise.kind,
        taken_at=promise.taken_at,
        source=promise.source,
        expires_at=None,
        created_at=batch.at,
    )


def _projection(batch: Batch, added: Added, there: Mapping[str, MediaRow]) -> Projection:
    piece = added.piece
    own = [(q, name) for q, name in promised_in(piece.arrival.envelope) if _is_own(batch, there[name])]
    return Projection(
        record_pk=added.pk,
        items=(*piece.opened.items, *_pending(batch, piece)),
        media=tuple(own),
        findings=(*piece.opened.findings, *_media_findings(batch, piece, there)),
    )


def _is_own(batch: Batch, media: MediaRow) -> bool:
    return media.account_id == batch.device.account_id


def _media_findings(batch: Batch, piece: Piece, there: Mapping[str, MediaRow]) -> list[Found]:
    """Photos that came before their record and cannot be decoded, and promises that do not fit what is there."""
    found = []
    for promise in piece.arrival.envelope.media:
        media = there[promise.media_id]
        if not _is_own(batch, media) or media.sha256 != promise.sha256:
            found.append(Found("media-differs", promise.question, "fault", {}))
        elif media.state == "unreadable":
            found.append(Found("media-unreadable", promise.question, "fault", {}))
    return found


def _pending(batch: Batch, piece: Piece) -> list[tuple[str, str]]:
    """Items made in the field (D17); none from quarantine."""
    if piece.arrival.held_reason:
        return []
    return [
        (
            code.question,
            items.add_pending(batch.session, code.uid, code.code, batch.device.unit_id, batch.at, batch.synthetic),
        )
        for code in piece.opened.codes
    ]


def _note_contact(batch: Batch, pieces: Sequence[Piece]) -> None:
    """A revoked device's counter stands still: it says how far it was when it was trusted."""
    furthest = max((p.arrival.envelope.device_seq for p in pieces), default=0) if batch.device.active else 0
    devices.note_contact(batch.session, batch.device.id, batch.at, device_seq=furthest)


def _seal(
    batch: Batch,
    pieces: Sequence[Piece],
    known: Mapping[str, KnownRecord],
    added: Mapping[str, Added],
    asides: Mapping[tuple[str, str], Aside],
) -> list[Receipt]:
    """Takes the numbers, signs the receipts. The counter stays locked until the commit: order is commit order."""
    new_copies = [aside for aside in asides.values() if aside.pk is not None]
    count = len(added) + len(new_copies)
    # P-23: last of all, so that no later number can be committed before these.
    seq = take_seq(batch.session, count) if count else 0
    issued = {a.piece.record_id: _issue(batch, seq + i, a) for i, a in enumerate(added.values())}
    copied = {a.piece.place: _issue(batch, seq + len(added) + i, a) for i, a in enumerate(new_copies)}
    records.seal(
        batch.session,
        [_sealing(a.pk, issued[record_id]) for record_id, a in added.items()],
        [_sealing(a.pk, copied[a.piece.place]) for a in new_copies if a.pk is not None],
    )
    copied |= {place: aside.receipt for place, aside in asides.items() if aside.receipt}
    first = issued | {record_id: Receipt.from_json(k.receipt) for record_id, k in known.items()}
    return [first[p.record_id] if _is_first(batch, p, known, added) else copied[p.place] for p in pieces]


def _issue(batch: Batch, seq: int, kept: Added | Aside) -> Receipt:
    return batch.issuer.issue(seq, *kept.piece.place, kept.status, batch.at)


def _sealing(pk: int, receipt: Receipt) -> Sealing:
    return Sealing(pk, receipt.seq, receipt.to_json())
