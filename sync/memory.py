"""A store in memory: the contract in its shortest form, for tests of the protocol and of phones.

It opens payloads just far enough to hold what a server would hold; it knows no plan, no reviews, no figures.
"""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sync.changes import Changes, FormRef, Me, ReviewNews, SetRef
from sync.encoding import sha256_hex
from sync.envelope import signed_again
from sync.messages import Enrolment, Report
from sync.problems import Problem
from sync.receipts import Issuer, Receipt, Status
from sync.store import Arrival, Device, Installation, Media, MediaStanding, MediaState, NewDevice, StoredFile, Upload
from sync.tokens import new_token

AFTER_REVOCATION_MAX = 500


@dataclass(frozen=True, slots=True)
class Code:
    """An enrolment code that was given out."""

    device: Device
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored record, or a copy of one under the same id."""

    arrival: Arrival
    account_id: int
    receipt: Receipt


@dataclass
class MemoryStore:
    """Everything in dictionaries, one lock for every method that writes."""

    server: Installation
    me: Me
    forms: frozenset[tuple[str, str]] = frozenset({("outreach_session", "1")})
    units: frozenset[str] = frozenset()
    form_refs: tuple[FormRef, ...] = ()
    formats: dict[str, int] = field(default_factory=dict)
    trials: dict[str, tuple[FormRef, datetime, int | None]] = field(default_factory=dict)
    sets: tuple[SetRef, ...] = ()
    files: dict[str, tuple[StoredFile, int | None]] = field(default_factory=dict)
    seq: int = 0
    codes: dict[str, Code] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    devices: dict[str, Device] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    successors: dict[str, str] = field(default_factory=dict)
    records: dict[str, Kept] = field(default_factory=dict)
    copies: dict[tuple[str, str], Kept] = field(default_factory=dict)
    uploads: dict[str, Media] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    reports: dict[str, Report] = field(default_factory=dict)
    contacts: dict[str, datetime] = field(default_factory=dict)
    reviews: list[tuple[int, ReviewNews]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def installation(self) -> Installation:
        return self.server

    def device(self, token_hash: str, at: datetime) -> Device | None:
        with self.lock:
            if (old := self.successors.pop(token_hash, None)) and (uid := self.tokens.pop(old, None)):
                self.tokens[token_hash] = uid
                self.devices[uid] = replace(self.devices[uid], token_issued_at=at)
            return self.devices.get(self.tokens.get(token_hash, ""))

    def enrol(self, enrolment: Enrolment, network: str, at: datetime) -> NewDevice:
        with self.lock:
            code = self.codes.get(enrolment.code)
            if code is None:
                raise Problem("enrolment-code-unknown")
            if enrolment.code in self.used:
                raise Problem("enrolment-code-used")
            if at >= code.expires_at:
                raise Problem("enrolment-code-expired")
            self.used.add(enrolment.code)
            token = new_token()
            device = replace(code.device, public_key=enrolment.public_key, token_issued_at=at)
            self.devices[device.uid] = device
            self.tokens[sha256_hex(token.encode())] = device.uid
            return NewDevice(device, token)

    def put(self, device: Device, arrivals: Sequence[Arrival], issuer: Issuer, at: datetime) -> list[Receipt | Problem]:
        with self.lock:
            self.contacts[device.uid] = at
            together = frozenset(arrival.envelope.record_id for arrival in arrivals)
            return [self._put(device, arrival, together, issuer, at) for arrival in arrivals]

    def _put(self, device: Device, arrival: Arrival, together: frozenset[str], issuer: Issuer, at: datetime) -> Receipt:
        envelope = arrival.envelope
        first = self.records.get(envelope.record_id)
        if first is None:
            return self._keep(device, arrival, self._status(device, arrival, together), issuer, at)
        if first.arrival.sealed.envelope == arrival.sealed.envelope or (
            first.account_id == device.account_id and signed_again(first.arrival.envelope, envelope)
        ):
            return first.receipt  # P-14
        return self._keep_aside(device, arrival, first, issuer, at)

    def _keep(self, device: Device, arrival: Arrival, status: Status, issuer: Issuer, at: datetime) -> Receipt:
        receipt = self._receipt(arrival, status, issuer, at)
        self.records[receipt.record_id] = Kept(arrival, device.account_id, receipt)
        for promise in arrival.envelope.media:
            fresh = Media(promise.media_id, device.account_id, promise.sha256, promise.size_bytes, "expected", 0, None)
            self.uploads.setdefault(promise.media_id, fresh)
        return receipt

    def _keep_aside(self, device: Device, arrival: Arrival, first: Kept, issuer: Issuer, at: datetime) -> Receipt:
        """P-15."""
        envelope = arrival.envelope
        place = (envelope.record_id, envelope.content_sha256)
        if place not in self.copies:
            same = first.arrival.envelope.content_sha256 == envelope.content_sha256
            receipt = self._receipt(arrival, "duplicate" if same else "conflict_kept", issuer, at)
            self.copies[place] = Kept(arrival, device.account_id, receipt)
        return self.copies[place].receipt

    def _status(self, device: Device, arrival: Arrival, together: frozenset[str]) -> Status:
        """What it replaces must be here, or come in the same batch, and be the same officer's."""
        envelope = arrival.envelope
        if arrival.held_reason or not self._opens(arrival):
            return "held"
        before = self.records.get(envelope.replaces or "")
        if before is None and envelope.replaces in together:
            return "stored"
        if envelope.replaces and (before is None or before.account_id != device.account_id):
            return "incomplete"
        return "stored"

    def _opens(self, arrival: Arrival) -> bool:
        """P-19: what cannot be opened is held, not refused."""
        envelope = arrival.envelope
        if (envelope.form_id, envelope.form_version) not in self.forms or envelope.unit_key not in self.units:
            return False
        try:
            return isinstance(json.loads(arrival.sealed.payload), dict)
        except (ValueError, RecursionError):
            return False

    def _receipt(self, arrival: Arrival, status: Status, issuer: Issuer, at: datetime) -> Receipt:
        self.seq += 1
        return issuer.issue(self.seq, arrival.envelope.record_id, arrival.envelope.content_sha256, status, at)

    def room_after_revocation(self, device: Device) -> int:
        held = [k for k in self.records.values() if k.arrival.envelope.device_uid == device.uid]
        return AFTER_REVOCATION_MAX - sum(kept.arrival.held_reason == "after-revocation" for kept in held)

    def lacking(self, device: Device, records: Sequence[tuple[str, str]]) -> list[str]:
        return [record_id for record_id, sha256 in records if not self._holds(device, record_id, sha256)]

    def _holds(self, device: Device, record_id: str, sha256: str) -> bool:
        kept = (self.records.get(record_id), self.copies.get((record_id, sha256)))
        return any(k and k.account_id == device.account_id and k.receipt.content_sha256 == sha256 for k in kept)

    def standings(self, device: Device, media_ids: Sequence[str]) -> list[MediaStanding]:
        found = [(media_id, self.media(device, media_id)) for media_id in media_ids]
        return [
            MediaStanding(media_id, media.state, media.offset_bytes) if media else MediaStanding(media_id, "unknown", 0)
            for media_id, media in found
        ]

    def contact(self, device: Device, report: Report | None, at: datetime) -> None:
        with self.lock:
            self.contacts[device.uid] = at
            if report:
                self.reports[device.uid] = report

    def renew_token(self, device: Device, token_hash: str) -> None:
        with self.lock:
            present = next(hashed for hashed, uid in self.tokens.items() if uid == device.uid)
            self.successors = {new: old for new, old in self.successors.items() if old != present} | {
                token_hash: present
            }

    def promise(self, device: Device, upload: Upload, expires_at: datetime, at: datetime) -> Media:
        with self.lock:
            fresh = Media(
                upload.media_id, device.account_id, upload.sha256, upload.size_bytes, "expected", 0, expires_at
            )
            return self.uploads.setdefault(upload.media_id, fresh)

    def media(self, device: Device, media_id: str) -> Media | None:
        media = self.uploads.get(media_id)
        return media if media and media.account_id == device.account_id else None

    def move_media(self, media_id: str, state: MediaState, offset_bytes: int, at: datetime) -> None:
        with self.lock:
            self.uploads[media_id] = replace(self.uploads[media_id], state=state, offset_bytes=offset_bytes)
            if state == "unreadable":
                self.unreadable.add(media_id)

    def drop_media(self, media_id: str, at: datetime) -> None:
        with self.lock:
            promised = {p.media_id for kept in self.records.values() for p in kept.arrival.envelope.media}
            media = self.uploads.pop(media_id)
            if media_id in promised:
                self.uploads[media_id] = replace(media, state="expected", offset_bytes=0)

    def changes(self, device: Device, since: int, at: datetime, model_format: int = 1) -> Changes:
        news = tuple(n for account_id, n in self.reviews if account_id == device.account_id and n.seq > since)
        cursor = max((n.seq for n in news), default=since)
        here, tried = (
            self.server,
            tuple(ref for ref, _, used_by in self.trials.values() if used_by == device.account_id),
        )
        forms = tuple(ref for ref in self.form_refs if self.formats.get(ref.sha256, 1) <= model_format)
        return Changes(
            here.server_id, here.epoch, cursor, at, False, self.me, (*forms, *tried), self.sets, news, figures=()
        )

    def try_form(self, device: Device, code: str, at: datetime) -> FormRef:
        with self.lock:
            ref, expires_at, used_by = self.trials.get(code, (None, at, None))
            if ref is None:
                raise Problem("trial-code-unknown")
            if used_by not in (None, device.account_id):
                raise Problem("trial-code-used")
            if expires_at <= at and used_by is None:
                raise Problem("trial-code-expired")
            self.trials[code] = (ref, expires_at, device.account_id)
            return ref

    def file(self, device: Device, sha256: str) -> StoredFile | None:
        found, unit_id = self.files.get(sha256, (None, None))
        return found if unit_id in (None, device.unit_id) else None
