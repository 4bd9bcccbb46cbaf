"""Two months of the demonstration: records arrive, are decided on, corrected, withdrawn; photos follow.

Everything goes the way of real records: the stores' bulk path, then `server.review.decide`.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from flask import current_app

from server import keys, review
from server.clock import PLAN_ZONE
from server.config import Config
from server.db import db, transaction
from server.demo.cast import Cast, Officer
from server.demo.sealing import Filled, Promise
from server.demo.stories import MARK, Ground, contact_record, corrected, session_record, withdrawn
from server.media_files import readable
from server.people.principal import Principal
from server.queries import chains, devices_sync
from server.stores import STORE, Sent, SqlStore, put_many
from server.stores.sql import device_of
from sync.encoding import sha256_hex
from sync.media import Folder
from sync.problems import Problem
from sync.store import Upload
from sync.uploads import Uploads

FORM_VERSION = "2"
RETURNED, REJECTED = 0.07, 0.03
LEFT_FOR_THE_DESK_DAYS = 9  # what came later than this still waits, for the most part
SESSION_EVERY_DAYS = (5, 13)
ODD, WITH_PHOTO = 0.08, 0.45
RETURN_REASONS = (
    ("Xem lại số người dự: danh sách của ấp ghi khác.", "/outreach_session/attendance/attendees_total"),
    ("Ghi rõ ấp, khóm nơi tổ chức.", "/outreach_session/place/hamlet"),
)


@dataclass(frozen=True, slots=True)
class Act:
    """A finished record, who made it and when the server got it."""

    officer: Officer
    filled: Filled
    arrives_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    act: Act
    outcome: str
    reason: str | None
    fields: tuple[str, ...]
    at: datetime


def play(chance: Random, cast: Cast, grounds: Sequence[Ground], since: date, now: datetime) -> None:
    """From `since` to `now`. Later rounds answer earlier ones: a return is followed by its correction."""
    written = [act for ground in grounds for act in _written(chance, ground, since, now)]
    acts = _in_order(act for act in written if act.arrives_at <= now)
    _send(acts)
    decisions = _in_order_of_time(_judged(chance, acts, now))
    _decide(cast, decisions)
    answers = _in_order(_answered(chance, decisions, now))
    _send(answers)
    mended = [a for a in answers if a.filled.intent == "correct"]
    _decide(cast, [Decision(a, "accepted", None, (), now) for a in mended[::2]])
    _upload(acts)


def _written(chance: Random, ground: Ground, since: date, now: datetime) -> Iterable[Act]:
    day = since + timedelta(days=chance.randint(0, 6))
    while day <= now.astimezone(ZoneInfo(PLAN_ZONE)).date():
        odd, with_photo = chance.random() < ODD, chance.random() < WITH_PHOTO
        yield _act(chance, ground.officer, session_record(chance, ground, day, odd, with_photo))
        if chance.random() < 0.4:
            yield _act(chance, ground.officer, contact_record(chance, ground, day + timedelta(days=1)))
        day += timedelta(days=chance.randint(*SESSION_EVERY_DAYS))


def _act(chance: Random, officer: Officer, filled: Filled) -> Act:
    """Most arrive within the hour, some when the boat is back, a few after ten days without signal."""
    delay = chance.choices((0.2, 1.0, 30.0, 230.0), (60, 25, 12, 3))[0] * chance.uniform(0.6, 1.2)
    return Act(officer, filled, filled.finished_at + timedelta(hours=delay))


def _in_order(acts: Iterable[Act]) -> list[Act]:
    return sorted(acts, key=lambda act: (act.arrives_at, act.filled.record_id))


def _in_order_of_time(decisions: Iterable[Decision]) -> list[Decision]:
    return sorted(decisions, key=lambda decision: (decision.at, decision.act.filled.record_id))


def _send(acts: Sequence[Act]) -> None:
    store = current_app.extensions[STORE]
    sent = (Sent(a.officer.phone.uid, a.officer.phone.seal(a.filled, FORM_VERSION), a.arrives_at) for a in acts)
    for answer in put_many(store, keys.current(), sent):
        if isinstance(answer, Problem):
            raise answer


def _judged(chance: Random, acts: Sequence[Act], now: datetime) -> Iterable[Decision]:
    for act in acts:
        at = _office_hour(chance, act.arrives_at)
        recent = now - act.arrives_at < timedelta(days=LEFT_FOR_THE_DESK_DAYS)
        if at > now or (recent and chance.random() < 0.7):
            continue
        draw = chance.random()
        if draw < RETURNED and act.filled.form_id == "outreach_session":
            reason, field = chance.choice(RETURN_REASONS)
            yield Decision(act, "returned", f"{reason} ({MARK})", (field,), at)
        elif draw > 1 - REJECTED:
            yield Decision(act, "rejected", f"Không phải buổi tuyên truyền ({MARK}).", (), at)
        else:
            yield Decision(act, "accepted", None, (), at)


def _office_hour(chance: Random, after: datetime) -> datetime:
    local = after.astimezone(ZoneInfo(PLAN_ZONE)) + timedelta(days=chance.randint(1, 4))
    return datetime.combine(local.date(), time(chance.randint(8, 16), chance.randrange(60)), ZoneInfo(PLAN_ZONE))


def _decide(cast: Cast, decisions: Sequence[Decision]) -> None:
    roots = [d.act.filled.root_id or d.act.filled.record_id for d in decisions]
    known = chains.known_records(db.session(), roots)
    for decision, root in zip(decisions, roots, strict=True):
        judge: Principal = cast.reviewer_of(decision.act.officer.commune)
        chain_id = known[root].chain_id
        with transaction() as session:
            review.decide(session, judge, chain_id, decision.outcome, decision.reason, decision.fields, decision.at)


def _answered(chance: Random, decisions: Sequence[Decision], now: datetime) -> Iterable[Act]:
    """Officers correct most of what was returned, and withdraw one accepted record that was a mistake."""
    withdrew = False
    for decision in decisions:
        at = decision.at + timedelta(hours=chance.randint(3, 40))
        if at > now:
            continue
        if decision.outcome == "returned" and chance.random() < 0.7:
            yield Act(decision.act.officer, corrected(chance, decision.act.filled, at), at + timedelta(minutes=4))
        elif decision.outcome == "accepted" and not withdrew and chance.random() < 0.05:
            withdrew = True
            yield Act(decision.act.officer, withdrawn(chance, decision.act.filled, at), at + timedelta(minutes=4))


def _upload(acts: Sequence[Act]) -> None:
    """Most photos come; the last ones are still on their way."""
    config: Config = current_app.extensions["lantoa_config"]
    store: SqlStore = current_app.extensions[STORE]
    uploads = Uploads(store, Folder(config.media_dir), readable)
    with_photo = [act for act in acts if act.filled.photos]
    for act in with_photo[:-3]:
        _put_photo(uploads, act, act.filled.photos[0])


def _put_photo(uploads: Uploads, act: Act, photo: Promise) -> None:
    bearer = devices_sync.by_uid(db.session(), act.officer.phone.uid)
    if bearer is None:
        raise LookupError(f"no device {act.officer.phone.uid}")
    device, at = device_of(bearer), act.arrives_at + timedelta(minutes=2)
    upload = Upload(photo.media_id, sha256_hex(photo.data), len(photo.data), act.filled.record_id, photo.question)
    uploads.create(device, upload, at)
    uploads.receive(device, photo.media_id, 0, io.BytesIO(photo.data), None, at)
