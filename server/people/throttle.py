"""Slows down guessing without ever locking anybody out (R16): a soft back-off per key, kept in a table.

A try is charged before the secret is looked at and refunded when it was right, so that sixteen guesses at one
instant count as sixteen. Tries that were refused here are not charged: waiting is always enough.
"""

import hashlib
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.queries import sign_in as rows
from sync.problems import Problem

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` failures cost nothing; each further one doubles the pause from 1 s up to `longest_s`."""

    free: int
    longest_s: int

    def pause(self, failures: int) -> timedelta:
        if failures < self.free:
            return timedelta(0)
        return timedelta(seconds=min(self.longest_s, 2 ** min(failures - self.free, 16)))


def key_of(kind: str, *parts: str) -> str:
    """The name of what is counted; hashed, so that the table holds neither logins nor addresses."""
    return hashlib.sha256("\0".join((kind, *parts)).encode()).hexdigest()


def network_of(address: str | None) -> str:
    """An IPv4 address, or the /64 of an IPv6 address: what one household or office has."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def charge(session: Session, limits: Mapping[str, Limit], at: datetime) -> list[int]:
    """Charges one try to every key. Raises Problem 429 with Retry-After while one of them has to wait."""
    pause = max((_remaining(session, key, limit, at) for key, limit in limits.items()), default=timedelta(0))
    if pause > timedelta(0):
        seconds = max(1, -(-int(pause.total_seconds() * 1000) // 1000))
        raise Problem("too-many-attempts", headers={"Retry-After": str(seconds)})
    return rows.charge(session, limits, at)


def _remaining(session: Session, key: str, limit: Limit, at: datetime) -> timedelta:
    failures = rows.failures(session, key, at - WINDOW)
    pause = limit.pause(failures.count)
    if failures.last_at is None or not pause:
        return timedelta(0)  # also where another try of the same instant was charged a moment after `at`
    return failures.last_at + pause - at


def refund(session: Session, charged: list[int]) -> None:
    """The try was right: it counts for nothing."""
    rows.refund(session, charged)
