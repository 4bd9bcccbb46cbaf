"""A server that came back from a backup: since when, whom it has heard since, what phones gave back of the office."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, UTCDateTime


class Restoration(Base):
    """One restore. Open (the server is marked) until an administrator closes it.

    `epoch` began with it, and numbers from `first_seq` on belong to it. `checked`: what people have restored by hand,
    key → {by, at}. `photos_asked`: photos that the backup did not hold whole, expected from phones again.
    """

    __tablename__ = "restoration"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    epoch: Mapped[int] = mapped_column(BigInteger)
    first_seq: Mapped[int] = mapped_column(BigInteger)
    backup_name: Mapped[str]
    backup_made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    photos_asked: Mapped[int] = mapped_column(default=0)
    checked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class RestorationDevice(Base):
    """A device that was active in the backup. `offered_at`: it has told all that it holds and sent what was missing."""

    __tablename__ = "restoration_device"

    restoration_id: Mapped[int] = mapped_column(ForeignKey("restoration.id"), primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True, index=True)
    heard_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    offered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class GivenOutcome(Base):
    """The outcome of a review that this server had signed and forgotten, given back by a phone (P-53).

    `state`: waiting | confirmed | overtaken (somebody decided anew, or a later outcome was confirmed first).
    """

    __tablename__ = "given_outcome"
    __table_args__ = (UniqueConstraint("record_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str]
    seq: Mapped[int] = mapped_column(BigInteger)
    outcome: Mapped[str]
    statement: Mapped[str]
    key_id: Mapped[str]
    signature: Mapped[str]
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(index=True)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
