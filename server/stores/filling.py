"""The bulk path: many records through the same code as sending, in larger transactions. For the demo and benchmarks.

What it writes equals what sending writes, row by row; only signatures are not verified, because who calls made them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice

from server.db import db
from server.queries import devices_sync as devices
from server.stores.sql import SqlStore, device_of
from sync.envelope import read_envelope
from sync.messages import Sealed
from sync.problems import Problem
from sync.receipts import Issuer, Receipt
from sync.signatures import Keyring
from sync.store import Arrival, Device

PER_TRANSACTION = 500


@dataclass(frozen=True, slots=True)
class Sent:
    """A sealed record, the device that sends it and when it arrives."""

    device_uid: str
    sealed: Sealed
    at: datetime


def put_many(
    store: SqlStore, keyring: Keyring, sent: Iterable[Sent], synthetic: bool = True
) -> Iterator[Receipt | Problem]:
    """One receipt per record, in order. Neighbours from one device at one moment share a transaction."""
    here = store.installation()
    issuer = Issuer(here.server_id, here.epoch, keyring)
    for (device_uid, at), group in groupby(sent, key=lambda one: (one.device_uid, one.at)):
        device = _device(device_uid)
        for arrivals in _parts(Arrival(one.sealed, read_envelope(one.sealed.envelope)) for one in group):
            yield from store.put_batch(device, arrivals, issuer, at, synthetic)


def _parts(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    source = iter(arrivals)
    while part := list(islice(source, PER_TRANSACTION)):
        yield part


def _device(uid: str) -> Device:
    bearer = devices.by_uid(db.session(), uid)
    if bearer is None:
        raise LookupError(f"no device {uid}")
    return device_of(bearer)
