"""Enrolment of a phone: a code of 130 random bits, single use, ten minutes, bound to person and unit (R17).

Stored hashed. Redeeming opens its own transactions, because a failed try must be kept while it is refused.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server import audit
from server.db import transaction
from server.people import throttle
from server.people.throttle import Limit
from server.queries import enrolment as rows
from server.queries import people
from server.queries.enrolment import NewDevice
from sync.problems import Problem
from sync.signatures import usable_key

LIFE = timedelta(minutes=10)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32
LENGTH = 26
GROUP = 5
TOKEN_BYTES = 32
DEVICE_ID_BYTES = 16

ONE_NETWORK = Limit(free=20, longest_s=30)
EVERYBODY = Limit(free=500, longest_s=2)

_LOOKALIKES = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class Asking:
    """What a phone sends to be enrolled; `network` is where it asks from (`throttle.network_of`)."""

    code: str
    public_key: str  # SPKI DER, base64url
    device_name: str
    app_version: str
    storage_persisted: bool
    network: str


@dataclass(frozen=True, slots=True)
class Redeemed:
    """The new device. `token` is told once and kept only hashed."""

    device_id: int
    device_uid: str
    token: str
    account_id: int
    account_uid: str
    unit_id: int


def issue(session: Session, account_id: int, unit_id: int, at: datetime, by_id: int | None = None) -> str:
    """A fresh code, in groups; earlier ones that nobody used end. `by_id`: who issued it, for the audit."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    rows.end_codes(session, account_id, at)
    rows.add_code(session, hash_of(code), account_id, unit_id, at, at + LIFE)
    audit.note(session, "enrolment.issued", f"account:{account_id}", by_id, None, {"unit_id": unit_id}, at)
    return grouped(code)


def redeem(asking: Asking, at: datetime) -> Redeemed:
    """Raises Problem: enrolment-code-unknown 404, -expired 410, -used 409; -key-unusable 422; too-many-attempts."""
    usable_key(asking.public_key)
    with transaction() as session:
        charged = throttle.charge(session, _limits(asking.network), at)
    with transaction() as session:
        redeemed = _spend(session, asking, at)
        if redeemed is not None:
            throttle.refund(session, charged)
    if redeemed is None:
        raise _refusal(asking.code, at)
    return redeemed


def normalised(code: str) -> str:
    """As typed → as issued: upper case, no dashes or spaces, O is 0, I and L are 1."""
    return "".join(code.upper().replace("-", "").split()).translate(_LOOKALIKES)


def grouped(code: str) -> str:
    """`ABCDE-FGHJK-…`: five groups, the last one longer, to be read aloud."""
    starts = range(0, LENGTH - GROUP, GROUP)
    ends = (*starts[1:], LENGTH)
    return "-".join(code[start:end] for start, end in zip(starts, ends, strict=True))


def hash_of(code: str) -> str:
    return hashlib.sha256(normalised(code).encode()).hexdigest()


def link(public_url: str, code: str) -> str:
    """What the QR holds: the phone's own camera opens it (D5). The code stands after `#` and reaches no log."""
    return f"{public_url}/#enrol={normalised(code)}"


def _limits(network: str) -> dict[str, Limit]:
    return {
        throttle.key_of("enrol-network", network): ONE_NETWORK,
        throttle.key_of("enrol-all"): EVERYBODY,
    }


def _spend(session: Session, asking: Asking, at: datetime) -> Redeemed | None:
    spent = rows.spend_code(session, hash_of(asking.code), at)
    if spent is None:
        return None
    account = people.account_by_id(session, spent.account_id)
    if account is None or not account.active:
        raise Problem("account-disabled")
    token, uid = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_hex(DEVICE_ID_BYTES)
    token_hash = hashlib.sha256(token.encode()).hexdigest()
    new = NewDevice(uid, spent.account_id, spent.unit_id, asking.public_key, token_hash)
    device_id = rows.add_device(session, new, _report(asking), at)
    rows.bind_code(session, spent.id, device_id)
    audit.note(session, "device.enrolled", f"device:{uid}", account.id, device_id, None, at)
    return Redeemed(device_id, uid, token, account.id, account.uid, spent.unit_id)


def _report(asking: Asking) -> dict[str, object]:
    return {
        "name": asking.device_name[:100],
        "app_version": asking.app_version[:50],
        "storage_persisted": asking.storage_persisted,
    }


def _refusal(code: str, at: datetime) -> Problem:
    with transaction() as session:
        row = rows.code(session, hash_of(code))
        subject = f"account:{row.account_id}" if row else "code:unknown"
        audit.note(session, "enrolment.refused", subject, None, None, None, at)
    if row is None:
        return Problem("enrolment-code-unknown")
    return Problem("enrolment-code-used" if row.used_at else "enrolment-code-expired")
