"""The installation itself: identity, the counter that orders commits, audit, jobs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, UTCDateTime


class Installation(Base):
    """One row (id 1). `seq` is taken under its row lock at the end of a transaction, so order = commit order (D7)."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    server_id: Mapped[str]
    epoch: Mapped[int]
    seq: Mapped[int] = mapped_column(BigInteger)
    backup_seq: Mapped[int] = mapped_column(BigInteger)
    register_stamp: Mapped[int] = mapped_column(default=0)  # moves when any register, unit or form changes
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Audit(Base):
    """Who did what to what, when. Never holds content (D32)."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


class Job(Base):
    """Work for the one worker process (D21): claimed by UPDATE … RETURNING, safe to run twice."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    unique_key: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[str]  # waiting | running | done | failed
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None]
