"""Sign-in attempts and desk sessions as rows; tokens and keys come in hashed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from server.models.people import DeskSession, SignInAttempt


@dataclass(frozen=True, slots=True)
class Failures:
    """How many tries failed since a moment, and when the last one was."""

    count: int
    last_at: datetime | None


def failures(session: Session, key: str, since: datetime) -> Failures:
    count, last_at = session.execute(
        select(func.count(), func.max(SignInAttempt.at)).where(
            SignInAttempt.key == key, SignInAttempt.at >= since, SignInAttempt.ok.is_(False)
        )
    ).one()
    return Failures(count, last_at)


def charge(session: Session, keys: Iterable[str], at: datetime) -> list[int]:
    """Writes one failed try per key before the secret is looked at; `refund` when it was right."""
    rows = [SignInAttempt(key=key, at=at, ok=False) for key in keys]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def refund(session: Session, attempt_ids: Iterable[int]) -> None:
    session.execute(update(SignInAttempt).where(SignInAttempt.id.in_(list(attempt_ids))).values(ok=True))


def remember_success(session: Session, key: str, at: datetime) -> None:
    session.add(SignInAttempt(key=key, at=at, ok=True))


def succeeded_since(session: Session, key: str, since: datetime) -> bool:
    found = select(SignInAttempt.id).where(
        SignInAttempt.key == key, SignInAttempt.at >= since, SignInAttempt.ok.is_(True)
    )
    return session.scalar(found.limit(1)) is not None


def prune_attempts(session: Session, failed_before: datetime, succeeded_before: datetime) -> None:
    session.execute(
        delete(SignInAttempt).where(
            or_(
                SignInAttempt.at < succeeded_before,
                SignInAttempt.ok.is_(False) & (SignInAttempt.at < failed_before),
            )
        )
    )


@dataclass(frozen=True, slots=True)
class DeskSessionRow:
    token_hash: str
    account_id: int
    csrf: str
    seen_at: datetime
    expires_at: datetime


def open_session(session: Session, row: DeskSessionRow, at: datetime) -> None:
    session.add(
        DeskSession(
            token_hash=row.token_hash,
            account_id=row.account_id,
            csrf=row.csrf,
            created_at=at,
            seen_at=row.seen_at,
            expires_at=row.expires_at,
        )
    )


def desk_session(session: Session, token_hash: str) -> DeskSessionRow | None:
    row = session.get(DeskSession, token_hash)
    if row is None:
        return None
    return DeskSessionRow(row.token_hash, row.account_id, row.csrf, row.seen_at, row.expires_at)


def touch(session: Session, token_hash: str, at: datetime) -> None:
    session.execute(update(DeskSession).where(DeskSession.token_hash == token_hash).values(seen_at=at))


def close_session(session: Session, token_hash: str) -> None:
    session.execute(delete(DeskSession).where(DeskSession.token_hash == token_hash))


def close_sessions_of(session: Session, account_id: int) -> None:
    session.execute(delete(DeskSession).where(DeskSession.account_id == account_id))


def prune_sessions(session: Session, idle_since: datetime, at: datetime) -> None:
    session.execute(delete(DeskSession).where(or_(DeskSession.expires_at <= at, DeskSession.seen_at < idle_since)))
