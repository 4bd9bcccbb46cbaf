"""Takes jobs from the table, one after another, until it is told to stop. What a job does is left to `kinds`."""

import logging
import signal
import traceback
from collections.abc import Mapping
from datetime import timedelta
from threading import Event

from flask import Flask

from server import clock
from server.db import db, transaction
from server.jobs.kinds import KINDS, Kind, Run
from server.queries import jobs
from server.queries.jobs import Claimed

LONGEST_SLEEP_S = 1.0
GIVEN_UP_AFTER = timedelta(minutes=10)
RETRY_AFTER = timedelta(minutes=1)
MOST_TRIES = 5
MOST_LOST = 2  # a job that ends the worker would end every other one with it

log = logging.getLogger("lantoa.jobs")


def work_until_told(app: Flask) -> None:
    """Runs in this process until SIGTERM or Ctrl-C."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with app.app_context():
        work(stop)


def work(stop: Event, kinds: Mapping[str, Kind] = KINDS) -> None:
    """Runs until `stop` is set; the job that is running then is finished first."""
    take_back()
    plan_recurring(kinds)
    while not stop.is_set():
        if not run_next(kinds):
            stop.wait(_pause_s())


def take_back() -> None:
    """What a worker before us had begun and not ended is due again: there is one worker, so nobody else has it."""
    with transaction() as session:
        jobs.take_back(session, clock.now())


def plan_recurring(kinds: Mapping[str, Kind] = KINDS) -> None:
    with transaction() as session:
        for name, kind in kinds.items():
            if kind.every is not None:
                jobs.plan(session, name, f"every:{name}", {}, clock.now())


def run_next(kinds: Mapping[str, Kind] = KINDS) -> bool:
    """Runs the job that is due longest; False when none is due."""
    at = clock.now()
    with transaction() as session:
        job = jobs.claim(session, at, at - GIVEN_UP_AFTER)
    if job is None:
        return False
    kind = kinds.get(job.kind)
    if kind is None:
        _close(job, None, "this version of the service knows no such job")
        return True
    if kind.every is None and job.fault == jobs.LOST and job.tries > MOST_LOST:
        _give_up(job, kind, jobs.LOST)
        return True
    _close(job, kind, _fault_of(job, kind.run))
    return True


def _fault_of(job: Claimed, run: Run) -> str | None:
    """What went wrong, without the exception's words: they may hold content (R35)."""
    try:
        run(job.detail, clock.now())
    except Exception as error:
        db.session.rollback()
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("job %s (%s) failed: %s\n%s", job.id, job.kind, type(error).__name__, where)
        return type(error).__name__
    return None


def _give_up(job: Claimed, kind: Kind, fault: str) -> None:
    """Whoever waits for it is told first."""
    if kind.given_up is not None:
        _fault_of(job, kind.given_up)
    with transaction() as session:
        jobs.give_up(session, job.id, fault)


def _close(job: Claimed, kind: Kind | None, fault: str | None) -> None:
    at = clock.now()
    if fault is not None and kind is not None and kind.every is None and job.tries >= MOST_TRIES:
        _give_up(job, kind, fault)
        return
    with transaction() as session:
        if fault is None and kind is not None and kind.every is not None:
            jobs.again(session, job.id, at + kind.every, None, tries=0)
        elif fault is None:
            jobs.finish(session, job.id)
        elif kind is not None and kind.every is not None:
            jobs.again(session, job.id, at + kind.every, fault, tries=0)
        elif kind is None:
            jobs.give_up(session, job.id, fault)
        else:
            jobs.again(session, job.id, at + RETRY_AFTER * job.tries, fault, job.tries)


def _pause_s() -> float:
    session = db.session()
    due = jobs.next_due(session)
    session.rollback()
    if due is None:
        return LONGEST_SLEEP_S
    return min(LONGEST_SLEEP_S, max(0.05, (due - clock.now()).total_seconds()))
