"""People: accounts, grants, devices, enrolment codes, desk sessions, sign-in attempts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, UTCDateTime


class Account(Base):
    """Somebody who signs in. `uid` names the phone's store (`lantoa-<uid>`, D5)."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    login: Mapped[str] = mapped_column(unique=True)  # lower case
    name: Mapped[str]
    office: Mapped[str | None]  # rank and office, shown beside a review
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # own unit
    organisation_uid: Mapped[str | None]
    rapporteur_uid: Mapped[str | None]
    password_hash: Mapped[str | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(default="vi")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Grant(Base):
    """`account` has `role` over `unit` and everything below it (and predecessors), from .. to (D13)."""

    __tablename__ = "grant_role"  # GRANT is a word of SQL

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]  # officer | reviewer | staff | administrator
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Device(Base):
    """A phone (or a browser on a PC) of one account. The bearer token is opaque and stored hashed (D4)."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    public_key: Mapped[str]  # SPKI, base64url
    token_hash: Mapped[str] = mapped_column(unique=True)
    next_token_hash: Mapped[str | None] = mapped_column(unique=True)  # renewed; the old one lives until this is used
    token_issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str]  # active | revoked
    enrolled_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_contact_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    max_device_seq: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what the phone says of itself


class EnrolmentCode(Base):
    __tablename__ = "enrolment_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))


class DeskSession(Base):
    """A signed-in browser at the desk; the cookie's token is stored hashed (R7)."""

    __tablename__ = "desk_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SignInAttempt(Base):
    """One try to sign in or to redeem a code, kept to slow down guessing (R16)."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]  # hash of login, of network, or "all"
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    ok: Mapped[bool]
