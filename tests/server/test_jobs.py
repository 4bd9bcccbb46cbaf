"""The worker takes each job once, comes back for recurring ones, and survives a job that fails."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.config import Config
from server.db import transaction
from server.jobs import worker
from server.jobs.kinds import KINDS, Kind
from server.models.people import Device, SignInAttempt
from server.models.records import Media
from server.models.system import Job
from server.queries import jobs, sign_in
from sync.media import Folder
from tests.server import make
from tests.settable_clock import SettableClock

MEDIA_ID = "3d" * 16
HOUR = timedelta(hours=1)
CONTENT = "content of a record"


class Work:
    """A job that notes each run, and fails when told so."""

    def __init__(self) -> None:
        self.runs: list[Mapping[str, Any]] = []
        self.fails = False

    def __call__(self, detail: Mapping[str, Any], at: datetime) -> None:
        self.runs.append(detail)
        if self.fails:
            raise RuntimeError(CONTENT)


def plan(clock: SettableClock, kind: str = "once", detail: Mapping[str, Any] | None = None) -> None:
    with transaction() as session:
        jobs.plan(session, kind, None, detail or {}, clock())


def states(session: Session) -> list[tuple[str, str | None]]:
    session.rollback()
    return [(job.state, job.fault) for job in session.scalars(select(Job).order_by(Job.id))]


def test_a_job_runs_once_with_its_detail(session: Session, clock: SettableClock) -> None:
    work = Work()
    plan(clock, detail={"a": 1})
    assert [worker.run_next({"once": Kind(work)}) for _ in range(2)] == [True, False]
    assert work.runs == [{"a": 1}]
    assert states(session) == [("done", None)]


def test_a_job_that_is_not_due_waits(session: Session, clock: SettableClock) -> None:
    with transaction() as writing:
        jobs.plan(writing, "once", None, {}, clock() + HOUR)
    assert not worker.run_next({"once": Kind(Work())})


def test_a_recurring_job_is_planned_once_and_comes_back(session: Session, clock: SettableClock) -> None:
    work = Work()
    kinds = {"often": Kind(work, HOUR)}
    for _ in range(3):
        worker.plan_recurring(kinds)
    ran = [worker.run_next(kinds), worker.run_next(kinds)]
    clock.advance(hours=1)
    assert [*ran, worker.run_next(kinds)] == [True, False, True]
    assert len(states(session)) == 1


def test_a_failing_job_is_tried_five_times_and_its_words_are_kept_nowhere(
    session: Session, clock: SettableClock, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work()
    work.fails = True
    plan(clock)
    for _ in range(10):
        worker.run_next({"once": Kind(work)})
        clock.advance(hours=1)
    assert len(work.runs) == 5
    assert states(session) == [("failed", "RuntimeError")]
    assert CONTENT not in caplog.text


def test_one_failing_job_does_not_hold_up_another(session: Session, clock: SettableClock) -> None:
    bad, good = Work(), Work()
    bad.fails = True
    plan(clock, "bad")
    plan(clock, "good")
    kinds = {"bad": Kind(bad), "good": Kind(good)}
    assert [worker.run_next(kinds) for _ in range(3)] == [True, True, False]
    assert len(good.runs) == 1


def test_a_job_whose_worker_died_is_taken_again(session: Session, clock: SettableClock) -> None:
    plan(clock)
    with transaction() as writing:
        assert jobs.claim(writing, clock(), clock() - worker.GIVEN_UP_AFTER) is not None
    work = Work()
    assert not worker.run_next({"once": Kind(work)})
    clock.advance(minutes=11)
    assert worker.run_next({"once": Kind(work)})


def test_a_job_of_another_version_is_set_aside(session: Session, clock: SettableClock) -> None:
    plan(clock, "from-the-future")
    assert worker.run_next({})
    assert states(session)[0][0] == "failed"


def test_old_tries_are_forgotten_and_known_browsers_are_not(session: Session, clock: SettableClock) -> None:
    with transaction() as writing:
        sign_in.charge(writing, ["failed long ago"], clock())
        sign_in.remember_success(writing, "known browser", clock())
    clock.advance(days=2)
    KINDS["prune-sign-ins"].run({}, clock())
    session.rollback()
    assert session.scalars(select(SignInAttempt.key)).all() == ["known browser"]


@pytest.mark.parametrize(
    ("record_id", "state", "days", "kept"),
    [
        (None, "partial", 31, False),
        (None, "expected", 31, False),
        (None, "partial", 29, True),
        ("ab" * 16, "partial", 31, True),
        (None, "there", 31, True),
    ],
)
def test_an_upload_that_nobody_finishes_or_names_is_dropped(
    session: Session, config: Config, clock: SettableClock, record_id: str | None, state: str, days: int, kept: bool
) -> None:
    with transaction() as writing:
        upload(writing, clock(), record_id, state)
    partial = Folder(config.media_dir).partial(MEDIA_ID)
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"half a photo")
    KINDS["expire-uploads"].run({}, clock.advance(days=days))
    session.rollback()
    assert (len(session.scalars(select(Media.id)).all()) == 1, partial.exists()) == (kept, kept)


def upload(session: Session, at: datetime, record_id: str | None, state: str) -> None:
    device = Device(
        uid="de" * 16,
        account_id=make.account(session, role="officer", password=None),
        unit_id=1,
        public_key="",
        token_hash="t",
        token_issued_at=at,
        state="active",
        enrolled_at=at,
    )
    session.add(device)
    session.flush()
    media = Media(
        media_id=MEDIA_ID,
        record_id=record_id,
        device_id=device.id,
        sha256="00" * 32,
        size_bytes=100,
        kind="image/jpeg",
        state=state,
        expires_at=at + timedelta(days=30),
        created_at=at,
    )
    session.add(media)


def test_the_worker_ends_when_it_is_told(app: Flask, session: Session, clock: SettableClock) -> None:
    stop, work = Event(), Work()

    def once(detail: Mapping[str, Any], at: datetime) -> None:
        work(detail, at)
        stop.set()

    def run() -> None:
        with app.app_context():
            worker.work(stop, {"often": Kind(once, HOUR)})

    thread = Thread(target=run)
    thread.start()
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert len(work.runs) == 1


def test_a_job_whose_worker_was_killed_is_due_again_at_the_next_start(session: Session, clock: SettableClock) -> None:
    work = Work()
    plan(clock)
    with transaction() as writing:
        jobs.claim(writing, clock(), clock() - HOUR)
    assert not worker.run_next({"once": Kind(work)})
    worker.take_back()
    assert worker.run_next({"once": Kind(work)})
    assert (states(session), len(work.runs)) == ([("done", None)], 1)


def test_a_job_that_ends_its_worker_again_and_again_is_given_up_and_told(
    session: Session, clock: SettableClock
) -> None:
    work, told = Work(), Work()
    plan(clock, detail={"a": 1})
    for _ in range(2):
        with transaction() as writing:
            jobs.claim(writing, clock(), clock() - HOUR)
        worker.take_back()
    assert worker.run_next({"once": Kind(work, given_up=told)})
    assert (work.runs, told.runs, states(session)) == ([], [{"a": 1}], [("failed", "lost")])


def test_who_waits_for_a_job_that_fails_each_time_is_told(session: Session, clock: SettableClock) -> None:
    work, told = Work(), Work()
    work.fails = True
    plan(clock)
    for _ in range(worker.MOST_TRIES):
        worker.run_next({"once": Kind(work, given_up=told)})
        clock.advance(hours=1)
    assert (len(work.runs), len(told.runs)) == (worker.MOST_TRIES, 1)
