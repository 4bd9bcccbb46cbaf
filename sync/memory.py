"""A store in memory: the contract in its shortest form, for tests of the protocol and of phones.

It opens payloads just far enough to hold what a server would hold; it knows no plan, no reviews, no figures.
"""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sync.changes import Changes, FormRef, Me, ReviewNews, SetRef
from sync.encoding import sha256_hex
from sync.envelope import signed_again
from sync.intake import AFTER_REVOCATION, OFFICER_MOVED
from sync.messages import Enrolment, Report, Sealed
from sync.own import KEPT_FOR, OwnRecord
from sync.problems import Problem
from sync.receipts import Issuer, Receipt, Status
from sync.store import (
    Arrival,
    Device,
    GivenOutcome,
    Installation,
    Lost,
    Media,
    MediaStanding,
    MediaState,
    NewDevice,
    OutcomeState,
    Promised,
    StoredFile,
    Upload,
)
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
    at: datetime


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
    devices: dict[str, Device] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    offers: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    spent: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    ended: dict[int, date] = field(default_factory=dict)
    counters_back: dict[str, datetime] = field(default_factory=dict)
    records: dict[str, Kept] = field(default_factory=dict)
    copies: dict[tuple[str, str], Kept] = field(default_factory=dict)
    uploads: dict[str, Media] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    reports: dict[str, Report] = field(default_factory=dict)
    contacts: dict[str, datetime] = field(default_factory=dict)
    reviews: list[tuple[int, ReviewNews]] = field(default_factory=list)
    given: dict[tuple[str, int], GivenOutcome] = field(default_factory=dict)
    offered: dict[str, int] = field(default_factory=dict)  # device → the epoch in which it told all that it holds
    lock: threading.RLock = field(default_factory=threading.RLock)

    def installation(self) -> Installation:
        return self.server

    def device(self, token_hash: str, at: datetime) -> Device | None:
        with self.lock:
            # P-04: the first use of a token that was offered retires the one before it; others offered stay good.
            if offer := self.offers.pop(token_hash, None):
                uid, told_at = offer
                self.tokens = {kept: owner for kept, owner in self.tokens.items() if owner != uid} | {token_hash: uid}
                self.devices[uid] = replace(self.devices[uid], token_issued_at=told_at)
            return self.devices.get(self.tokens.get(token_hash, ""))

    def enrol(self, enrolment: Enrolment, network: str, at: datetime) -> NewDevice:
        with self.lock:
            code = self.codes.get(enrolment.code)
            if code is None:
                raise Problem("enrolment-code-unknown")
            if (uid := self.spent.get(enrolment.code)) and not self._asks_again(uid, enrolment):
                raise Problem("enrolment-code-used")
            if at >= code.expires_at:
                raise Problem("enrolment-code-used" if uid else "enrolment-code-expired")
            device = replace(code.device, public_key=enrolment.public_key, token_issued_at=at)
            lost = self._lost(device, enrolment.device_name)
            self.spent[enrolment.code] = device.uid
            self.devices[device.uid], self.names[device.uid] = device, enrolment.device_name
            token = new_token()
            self.offers[sha256_hex(token.encode())] = device.uid, at
            return NewDevice(device, token, lost)

    def _asks_again(self, uid: str, enrolment: Enrolment) -> bool:
        """P-51."""
        device = self.devices[uid]
        return device.active and device.public_key == enrolment.public_key and uid not in self.tokens.values()

    def _lost(self, device: Device, name: str) -> Lost | None:
        others = [d for d in self.devices.values() if d.active and d.uid != device.uid]
        alike = [d for d in others if d.account_id == device.account_id]
        told = [(self.contacts.get(d.uid), self.reports.get(d.uid)) for d in alike if self.names[d.uid] == name]
        held = [(seen, report) for seen, report in told if seen and report and report.waiting]
        if not name or not held:
            return None
        seen, report = max(held, key=lambda one: one[0])
        return Lost(name, report.waiting, seen)

    def put(self, device: Device, arrivals: Sequence[Arrival], issuer: Issuer, at: datetime) -> list[Receipt | Problem]:
        with self.lock:
            self.contacts[device.uid] = at
            self._count(device, arrivals)
            arrivals = [self._placed(device, arrival) for arrival in arrivals]
            together = frozenset(arrival.envelope.record_id for arrival in arrivals)
            return [self._put(device, arrival, together, issuer, at) for arrival in arrivals]

    def _count(self, device: Device, arrivals: Sequence[Arrival]) -> None:
        known = self.devices[device.uid]
        if known.active:
            furthest = max((arrival.envelope.device_seq for arrival in arrivals), default=0)
            self.devices[device.uid] = replace(known, device_seq=max(known.device_seq, furthest))

    def _placed(self, device: Device, arrival: Arrival) -> Arrival:
        """P-57: what is dated after the end of the officer's time waits for a look."""
        last = self.ended.get(device.account_id)
        moved = last is not None and arrival.envelope.held_on > last
        return replace(arrival, held_reason=arrival.held_reason or OFFICER_MOVED) if moved else arrival

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
        self.records[receipt.record_id] = Kept(arrival, device.account_id, receipt, at)
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
            self.copies[place] = Kept(arrival, device.account_id, receipt, at)
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
            if report and report.device_seq is not None and report.device_seq < device.device_seq:
                self.counters_back.setdefault(device.uid, at)

    def renew_token(self, device: Device, token_hash: str, at: datetime) -> None:
        with self.lock:
            self.offers[token_hash] = device.uid, at

    def own(self, device: Device, at: datetime) -> list[OwnRecord]:
        found = [kept for kept in self.records.values() if self._is_own(device, kept)]
        latest = {news.record_id: news for _, news in self.reviews}
        wanted = [
            (kept, latest.get(kept.receipt.record_id))
            for kept in found
            if kept.arrival.envelope.device_uid != device.uid
        ]
        return [
            OwnRecord(kept.arrival.sealed.envelope, {}, kept.receipt.to_json(), news, kept.arrival.envelope.trial)
            for kept, news in wanted
            if kept.at >= at - KEPT_FOR or (news and news.outcome == "returned")
        ]

    def _is_own(self, device: Device, kept: Kept) -> bool:
        return kept.account_id == device.account_id and kept.arrival.held_reason != AFTER_REVOCATION

    def own_record(self, device: Device, record_id: str) -> Sealed | None:
        kept = self.records.get(record_id)
        return kept.arrival.sealed if kept and self._is_own(device, kept) else None

    def promise(self, device: Device, upload: Upload, expires_at: datetime, at: datetime) -> Media:
        with self.lock:
            fresh = Media(
                upload.media_id, device.account_id, upload.sha256, upload.size_bytes, "expected", 0, expires_at
            )
            return self.uploads.setdefault(upload.media_id, fresh)

    def promised(self, device: Device, since: datetime) -> Promised:
        promised = [media for media in self.uploads.values() if media.account_id == device.account_id]
        named = {promise.media_id for kept in self.records.values() for promise in kept.arrival.envelope.media}
        orphans = sum(media.size_bytes for media in promised if media.media_id not in named)
        return Promised(orphans, sum(media.size_bytes for media in promised))

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
        ended = device.account_id in self.ended
        sets = tuple(kept for kept in self.sets if not (kept.sensitive and ended))
        own = len(self.own(device, at))
        return Changes(
            here.server_id, here.epoch, cursor, at, False, self.me, (*forms, *tried), sets, news, figures=(), own=own
        )

    def through(self, device: Device, at: datetime) -> None:
        with self.lock:
            self.offered[device.uid] = self.server.epoch

    def keep_outcomes(self, device: Device, given: Sequence[GivenOutcome], at: datetime) -> list[OutcomeState]:
        with self.lock:
            return [self._keep_outcome(one) for one in given]

    def _keep_outcome(self, one: GivenOutcome) -> OutcomeState:
        """A withdrawal follows from its own record, which phones give back too."""
        known = any((news.record_id, news.seq) == (one.record_id, one.seq) for _, news in self.reviews)
        if known or one.outcome == "withdrawn" or (one.record_id, one.seq) in self.given:
            return "known"
        self.given[one.record_id, one.seq] = one
        return "kept"

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
        readable = (None,) if device.account_id in self.ended else (None, device.unit_id)
        return found if unit_id in readable else None
