"""Held records read again: their form version or unit is known by now, or this program has learnt to read them.

What opens waits for a reviewer as any other record does. Bytes, receipt and the first reason stay (P-19, P-56).
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from server import audit
from server.db import db, transaction
from server.intake import CHECK_FAILED, FORM_DIFFERS, NO_OBJECT, UNKNOWN_FORM, UNKNOWN_UNIT
from server.queries import devices_sync, held
from server.queries.held import HeldRow
from server.stores import batch as batches
from server.stores.batch import Batch, Piece
from server.stores.sql import NOT_STORED, SqlStore, device_of
from sync.envelope import read_envelope
from sync.intake import APP_NEWER
from sync.messages import Sealed
from sync.receipts import Issuer
from sync.signatures import Keyring
from sync.store import Arrival

UNOPENED = (UNKNOWN_FORM, UNKNOWN_UNIT, NO_OBJECT, FORM_DIFFERS, CHECK_FAILED, NOT_STORED, APP_NEWER)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reread:
    """How many were looked at, and which left quarantine."""

    looked_at: int
    opened: tuple[str, ...]


def all_held(store: SqlStore, keyring: Keyring, at: datetime, by_id: int | None = None) -> Reread:
    """Everything that could not be opened when it came."""
    return _each(store, keyring, held.waiting(db.session(), UNOPENED), at, by_id)


def likely(store: SqlStore, keyring: Keyring, at: datetime) -> Reread:
    """Only what waits for a form or a unit that is there by now: cheap enough to be asked every few minutes."""
    return _each(store, keyring, held.likely(db.session(), UNKNOWN_FORM, UNKNOWN_UNIT), at, None)


def _each(store: SqlStore, keyring: Keyring, pks: Collection[int], at: datetime, by_id: int | None) -> Reread:
    """One transaction each: one that spoils its own stops no other."""
    opened = [record_id for pk in pks if (record_id := _one(store, keyring, pk, at, by_id))]
    return Reread(len(pks), tuple(opened))


def _one(store: SqlStore, keyring: Keyring, pk: int, at: datetime, by_id: int | None) -> str | None:
    session = db.session()
    row = held.row(session, pk)
    bearer = devices_sync.by_uid(session, row.device_uid) if row else None
    if row is None or bearer is None:
        return None
    device, here = device_of(bearer), store.installation()
    piece = next(iter(store.open(session, device, [_arrival(row)], at)), None)
    session.rollback()
    if piece is None or piece.opened.held_reason:
        return None
    try:
        with transaction() as writing:
            issuer = Issuer(here.server_id, here.epoch, keyring)
            return _let_out(Batch(writing, device, issuer, at, row.synthetic), row, piece, by_id)
    except Exception as error:  # it stays where it was, for a person to look at
        log.warning("record %s stays held: %s", row.record_id, type(error).__name__)
        return None


def _let_out(batch: Batch, row: HeldRow, piece: Piece, by_id: int | None) -> str | None:
    if not batches.open_again(batch, row.pk, row.chain_id, piece):
        return None
    subject, detail = f"record:{row.record_id}", {"held_for": row.reason}
    audit.note(batch.session, "record.read-again", subject, by_id, batch.device.id, detail, batch.at)
    return row.record_id


def _arrival(row: HeldRow) -> Arrival:
    """As it came; what a newer app wrote is opened only by a program that reads it."""
    envelope = read_envelope(row.envelope.decode())
    sealed = Sealed(row.envelope.decode(), row.signature, row.payload_type, row.payload.decode())
    return Arrival(sealed, envelope, APP_NEWER if envelope.newer else None)
