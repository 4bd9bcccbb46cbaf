"""The installation's own row, and whether the database can be written."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from server.models.people import Account
from server.models.plan import Plan
from server.models.system import Installation

ONLY_ROW = 1


@dataclass(frozen=True, slots=True)
class InstallationRow:
    server_id: str
    epoch: int
    seq: int
    backup_seq: int
    demo: bool


def installation(session: Session) -> InstallationRow | None:
    row = session.get(Installation, ONLY_ROW)
    if row is None:
        return None
    return InstallationRow(row.server_id, row.epoch, row.seq, row.backup_seq, row.demo)


def ensure_installation(session: Session, server_id: str, at: datetime, demo: bool = False) -> None:
    """Makes the one row when it is missing; an existing one stays as it is."""
    if session.get(Installation, ONLY_ROW) is None:
        session.add(
            Installation(id=ONLY_ROW, server_id=server_id, epoch=1, seq=0, backup_seq=0, demo=demo, created_at=at)
        )
        session.flush()


def try_write(session: Session) -> None:
    """Takes the database's write lock and changes nothing. The caller rolls back; raises what the database says."""
    session.execute(update(Installation).values(seq=Installation.seq))


def database_version(session: Session) -> str:
    name = session.get_bind().dialect.name
    question = "select sqlite_version()" if name == "sqlite" else "show server_version"
    return str(session.scalar(text(question)))


def journal(session: Session) -> str | None:
    """How SQLite keeps its journal; None for another database."""
    if session.get_bind().dialect.name != "sqlite":
        return None
    return str(session.scalar(text("pragma journal_mode")))


@dataclass(frozen=True, slots=True)
class Filled:
    """How far the first start has come."""

    plans: int
    accounts: int
    demo: bool


def filled(session: Session) -> Filled:
    row = session.get(Installation, ONLY_ROW)
    return Filled(
        plans=session.scalar(select(func.count()).select_from(Plan)) or 0,
        accounts=session.scalar(select(func.count()).select_from(Account)) or 0,
        demo=bool(row and row.demo),
    )
