"""From a batch's bytes to one result per record: checks what is signed, asks the store to keep the rest.

Refuses only what cannot be attributed (no envelope, another digest, another signer); answers are never opened here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sync.encoding import sha256_hex
from sync.envelope import Envelope, fault_at, read_envelope
from sync.messages import Sealed
from sync.problems import Problem
from sync.receipts import Issuer, Receipt
from sync.signatures import fits
from sync.store import Arrival, Device, Store

AFTER_REVOCATION = "after-revocation"
OFFICER_DISABLED = "officer-disabled"


@dataclass(frozen=True, slots=True)
class Result:
    """What becomes of one record of a batch."""

    outcome: Receipt | Problem

    def to_json(self) -> dict[str, Any]:
        """`{"receipt": …}` or `{"problem": …}`."""
        if isinstance(self.outcome, Receipt):
            return {"receipt": self.outcome.to_json()}
        return {"problem": self.outcome.to_json()}


def take_in(
    store: Store, device: Device, parts: Sequence[Sealed | Problem], issuer: Issuer, at: datetime
) -> list[Result]:
    """One result per part, in order. P-10: the fault of one record is that record's alone."""
    checked = [_checked(part, device, index) for index, part in enumerate(parts)]
    checked = _within_room(store, device, checked)
    kept = iter(store.put(device, [c for c in checked if isinstance(c, Arrival)], issuer, at))
    return [Result(next(kept) if isinstance(c, Arrival) else c) for c in checked]


def _checked(part: Sealed | Problem, device: Device, index: int) -> Arrival | Problem:
    if isinstance(part, Problem):
        return part
    try:
        envelope = read_envelope(part.envelope)
        _attribute(part, envelope, device)
    except Problem as problem:
        return fault_at(problem, f"/records/{index}/envelope")
    return Arrival(part, envelope, _held_reason(device))


def _attribute(sealed: Sealed, envelope: Envelope, device: Device) -> None:
    # P-11: the digest in the envelope is over the payload's UTF-8 bytes, as they came.
    if sha256_hex(sealed.payload.encode()) != envelope.content_sha256:
        raise Problem("digest-mismatch", errors=[{"pointer": "/content_sha256", "detail": "differs from the payload"}])
    if sealed.payload_type != envelope.payload_type:
        raise Problem("envelope-invalid", errors=[{"pointer": "/payload_type", "detail": "differs from the record's"}])
    # P-12: the envelope names the device that sends it, and is signed by its key.
    if envelope.device_uid != device.uid:
        raise Problem("device-foreign", errors=[{"pointer": "/device_id", "detail": "is not the sender's"}])
    if not fits(sealed.envelope.encode(), sealed.signature, device.public_key):
        raise Problem("signature-invalid")


def _held_reason(device: Device) -> str | None:
    """P-16, P-17: a revoked device and a disabled officer may hand over; what they send waits in quarantine."""
    if not device.active:
        return AFTER_REVOCATION
    return None if device.account_active else OFFICER_DISABLED


def _within_room(store: Store, device: Device, checked: list[Arrival | Problem]) -> list[Arrival | Problem]:
    """P-16: a revoked device hands over a bounded number of records."""
    if device.active:
        return checked
    room = store.room_after_revocation(device)
    kept: list[Arrival | Problem] = []
    for part in checked:
        room -= isinstance(part, Arrival)
        kept.append(part if room >= 0 or isinstance(part, Problem) else Problem("device-revoked"))
    return kept
