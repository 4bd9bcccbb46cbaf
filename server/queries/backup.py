"""What a backup asks of a database: its copy as of one instant, whose it is, its rows in numbers, its photos.

Selects name their columns: the database in a backup may be of an older version than the models.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, inspect, select, text, update
from sqlalchemy.orm import Session

from server.models.records import Media
from server.models.system import Audit, Installation

WHOLE = ("there", "unreadable")  # states of a photo whose bytes lie in the folder
VERIFIED = "backup.verified"


@dataclass(frozen=True, slots=True)
class Life:
    """Whose database this is and how far it has come."""

    server_id: str
    epoch: int
    seq: int
    backup_seq: int


def copy_sqlite(engine: Engine, into: Path) -> None:
    """A whole copy as of one instant, while others read and write. Outside any transaction; not fsynced by SQLite."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM INTO ?", (str(into),))
        cursor.close()
    finally:
        connection.close()


def share_snapshot(session: Session) -> str:
    """PostgreSQL: what this transaction sees, by a name under which pg_dump sees the same."""
    session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    return str(session.scalar(text("SELECT pg_export_snapshot()")))


def life(session: Session) -> Life | None:
    columns = (Installation.server_id, Installation.epoch, Installation.seq, Installation.backup_seq)
    row = session.execute(select(*columns).where(Installation.id == 1)).one_or_none()
    return Life(*row) if row else None


def migration(session: Session) -> str | None:
    """The newest migration that ran here."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    return str(session.scalar(text("SELECT version_num FROM alembic_version")))


def tables(session: Session) -> list[str]:
    return sorted(inspect(session.connection()).get_table_names())


def row_counts(session: Session) -> dict[str, int]:
    quoted = session.get_bind().dialect.identifier_preparer.quote
    return {name: session.scalar(text(f"SELECT count(*) FROM {quoted(name)}")) or 0 for name in tables(session)}


def photos(session: Session) -> list[tuple[str, int]]:
    """(hash, size) of all originals that this database says are in the media folder, each once."""
    wanted = select(Media.sha256, Media.size_bytes).where(Media.state.in_(WHOLE)).distinct().order_by(Media.sha256)
    return [(row.sha256, row.size_bytes) for row in session.execute(wanted)]


def expect_again(session: Session, hashes: Collection[str]) -> int:
    """Photos with these hashes are asked from phones again: the bytes here are gone or damaged. How many."""
    wanted = sorted(hashes)
    asked = 0
    for start in range(0, len(wanted), 400):
        damaged = update(Media).where(Media.sha256.in_(wanted[start : start + 400]), Media.state.in_(WHOLE))
        asked += len(session.scalars(damaged.values(state="expected", offset_bytes=0).returning(Media.id)).all())
    return asked


def integrity(session: Session) -> list[str]:
    """What SQLite finds wrong in its own file; nothing for another database, which checked while it was restored."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    pages = [str(word) for word in session.scalars(text("PRAGMA integrity_check")) if word != "ok"]
    orphans = [f"{row[0]} row {row[1]} names a {row[2]} that is not there" for row in _orphans(session)]
    return pages + orphans


def _orphans(session: Session) -> list[tuple[object, ...]]:
    return [tuple(row) for row in session.execute(text("PRAGMA foreign_key_check"))]


def was_verified(session: Session, epoch: int, seq: int) -> bool:
    """Whether a backup of this epoch that ends with `seq` was verified here."""
    details = session.scalars(
        select(Audit.detail).where(Audit.action == VERIFIED, Audit.subject == subject(epoch, seq))
    )
    return any(details)


def subject(epoch: int, seq: int) -> str:
    """How the audit names a backup."""
    return f"backup:{epoch}-{seq}"


def move_backup_seq(session: Session, epoch: int, seq: int) -> bool:
    """Forward only, within the epoch; whether it moved."""
    further = update(Installation).where(
        Installation.id == 1, Installation.epoch == epoch, Installation.backup_seq < seq, Installation.seq >= seq
    )
    moved = session.scalars(
        further.values(backup_seq=seq).returning(Installation.id).execution_options(synchronize_session=False)
    )
    return moved.first() is not None
