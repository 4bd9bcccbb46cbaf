"""P-50: an officer's records on their other devices, as the store contract asks for them."""

from datetime import datetime

from sqlalchemy.orm import Session

from server.queries import changes
from server.queries import own as rows
from server.stores.news import news_of
from sync.messages import Sealed
from sync.own import KEPT_FOR, MOST_OWN, OwnRecord
from sync.store import Device


def own_records(session: Session, device: Device, at: datetime) -> list[OwnRecord]:
    """Summaries, newest last."""
    found = rows.elsewhere(session, device.account_id, device.id, at - KEPT_FOR, MOST_OWN)
    decided = changes.decisions_on(session, [line.pk for line in found])
    return [
        OwnRecord(
            line.envelope.decode(),
            line.summary,
            line.receipt,
            news_of(decided[line.pk]) if line.pk in decided else None,
            line.trial,
        )
        for line in found
    ]


def own_record(session: Session, device: Device, record_id: str) -> Sealed | None:
    found = rows.sealed(session, device.account_id, record_id)
    if found is None:
        return None
    return Sealed(found.envelope.decode(), found.signature, found.payload_type, found.payload.decode())
