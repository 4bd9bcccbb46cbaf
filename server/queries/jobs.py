"""Work for the worker as rows: planned once per unique key, claimed by exactly one, safe to run twice (D21)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select, text, update
from sqlalchemy.orm import Session

from server.models.records import Media
from server.models.system import Job

WAITING = "waiting"
RUNNING = "running"
DONE = "done"
FAILED = "failed"
LOST = "lost"  # the fault of a job whose worker has gone


@dataclass(frozen=True, slots=True)
class Claimed:
    id: int
    kind: str
    detail: Mapping[str, Any]
    tries: int
    fault: str | None


def plan(session: Session, kind: str, unique_key: str | None, detail: Mapping[str, Any], due_at: datetime) -> None:
    """Adds a job unless one with this key is there already."""
    if unique_key is not None and session.scalar(select(Job.id).where(Job.unique_key == unique_key)) is not None:
        return
    session.add(Job(kind=kind, detail=dict(detail), unique_key=unique_key, state=WAITING, due_at=due_at))
    session.flush()


def claim(session: Session, at: datetime, given_up_since: datetime) -> Claimed | None:
    """The job that is due longest, now ours; also one whose worker has not come back since `given_up_since`."""
    free = or_(
        and_(Job.state == WAITING, Job.due_at <= at),
        and_(Job.state == RUNNING, Job.claimed_at < given_up_since),
    )
    first = select(Job.id).where(free).order_by(Job.due_at, Job.id).limit(1).scalar_subquery()
    fault = case((Job.state == RUNNING, LOST), else_=Job.fault)
    row = session.execute(
        update(Job)
        .where(Job.id == first, free)
        .values(state=RUNNING, claimed_at=at, tries=Job.tries + 1, fault=fault)
        .returning(Job.id, Job.kind, Job.detail, Job.tries, Job.fault)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Claimed(*row) if row else None


def take_back(session: Session, at: datetime) -> None:
    """Jobs that were running wait again."""
    session.execute(update(Job).where(Job.state == RUNNING).values(state=WAITING, due_at=at, fault=LOST))


def finish(session: Session, job_id: int) -> None:
    session.execute(update(Job).where(Job.id == job_id).values(state=DONE, fault=None))


def again(session: Session, job_id: int, due_at: datetime, fault: str | None, tries: int) -> None:
    """Waits for its next turn; `tries` starts from 0 after a run that went well."""
    values = {"state": WAITING, "due_at": due_at, "fault": fault, "tries": tries}
    session.execute(update(Job).where(Job.id == job_id).values(**values))


def give_up(session: Session, job_id: int, fault: str) -> None:
    session.execute(update(Job).where(Job.id == job_id).values(state=FAILED, fault=fault))


def next_due(session: Session) -> datetime | None:
    return session.scalar(select(func.min(Job.due_at)).where(Job.state == WAITING))


def expired_uploads(session: Session, at: datetime) -> list[str]:
    """Uploads that were never finished and that no record names; one that a record names is waited for."""
    return list(
        session.scalars(
            select(Media.media_id).where(
                Media.record_id.is_(None), Media.state.in_(("expected", "partial")), Media.expires_at <= at
            )
        )
    )


def optimise(session: Session) -> None:
    """Lets SQLite renew what it knows of its tables; other databases do so by themselves."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("pragma optimize"))
