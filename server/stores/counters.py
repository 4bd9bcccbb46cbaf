"""How a device numbers its records: which numbers were seen, and whether its counter went back.

A counter that is behind ours tells of a store that was emptied or set back to an older copy of itself (faults C5, C17).
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from server import audit
from server.queries import devices_sync as devices
from sync.store import Device


def told(session: Session, device: Device, number: int, at: datetime) -> None:
    """P-55: the phone names the number of its newest record."""
    if number < device.device_seq:
        _note(session, device, number, at)


def sent(session: Session, device: Device, added: Collection[int], others: Collection[int], at: datetime) -> None:
    """`added`: numbers of new records; `others`: of records that are filed under another device, or kept aside.

    A revoked device's counter stands still: it says how far it was when it was trusted.
    """
    if not device.active:
        devices.note_contact(session, device.id, at)
        return
    devices.note_contact(session, device.id, at, device_seq=max((*added, *others), default=0))
    if more := {number for number in others if number > device.device_seq} - set(added):
        devices.note_seen_elsewhere(session, device.id, len(more))
    low = {number for number in added if number <= device.device_seq}
    if low and (twice := devices.numbered_twice(session, device.id, low)):
        _note(session, device, min(twice), at)


def _note(session: Session, device: Device, number: int, at: datetime) -> None:
    if devices.note_counter_back(session, device.id, at):
        detail = {"number": number, "seen": device.device_seq}
        audit.note(
            session, "device.counter-went-back", f"device:{device.uid}", device.account_id, device.id, detail, at
        )
