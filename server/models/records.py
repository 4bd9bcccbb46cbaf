"""Records as they arrived, their chains, reviews, findings and media. Rows are added, never changed in content."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, UTCDateTime


class Chain(Base):
    """A record with its corrections: what is reviewed and counted as one (D14).

    `state`: waiting | accepted | returned | rejected | withdrawn | linked | trial (of a draft of a form: nobody judges
    it). `counted_id` is the link that counts, a function of the review rows: the last accepted one, unless reversed or
    withdrawn.
    """

    __tablename__ = "chain"
    __table_args__ = (Index("ix_chain_unit_state_held", "unit_id", "state", "held_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    root_record_id: Mapped[str] = mapped_column(unique=True)
    form_id: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # of the latest link
    held_on: Mapped[date]  # of the latest link
    state: Mapped[str]
    latest_id: Mapped[int | None]  # record.id; no foreign key: each table would need the other to be inserted first
    counted_id: Mapped[int | None]
    arrived_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    linked_to_id: Mapped[int | None] = mapped_column(ForeignKey("chain.id"))


class Record(Base):
    """One record, its bytes verbatim (D2). `status`: stored | held | incomplete."""

    __tablename__ = "record"
    __table_args__ = (
        UniqueConstraint("record_id"),
        UniqueConstraint("seq"),
        Index("ix_record_unit_held", "unit_id", "held_on"),
        Index("ix_record_replaces", "replaces", "account_id"),  # who waits for the record that just arrived?
        Index("ix_record_form", "form_id", "trial", "form_version"),  # how many of each version; which are trials?
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str]  # 32 hex digits
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"), index=True)
    intent: Mapped[str]  # new | correct | withdraw
    replaces: Mapped[str | None]
    form_id: Mapped[str]
    form_version: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # root unit when the key is unknown (D29)
    unit_key: Mapped[str]  # as the phone wrote it
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    device_seq: Mapped[int]
    held_on: Mapped[date]
    finished_at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    app_version: Mapped[str]
    status: Mapped[str]
    held_reason: Mapped[str | None]
    payload_type: Mapped[str]
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    content_sha256: Mapped[str]
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[str]
    seq: Mapped[int] = mapped_column(BigInteger)
    epoch: Mapped[int]
    receipt: Mapped[dict[str, Any]] = mapped_column(JSON)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON)  # what a list shows: place, method, attendance; no codes
    synthetic: Mapped[bool] = mapped_column(default=False)
    trial: Mapped[bool] = mapped_column(default=False, server_default=false())  # of a draft of a form; counted nowhere


class RecordCopy(Base):
    """Other bytes under a known id: kept aside, shown to a reviewer (`conflict_kept`)."""

    __tablename__ = "record_copy"
    __table_args__ = (UniqueConstraint("record_id", "content_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str]
    content_sha256: Mapped[str]
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    payload_type: Mapped[str]
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    receipt: Mapped[dict[str, Any]] = mapped_column(JSON)


class RecordItem(Base):
    """A register item that a record names in `question` (provisions, members, presenters …)."""

    __tablename__ = "record_item"
    __table_args__ = (Index("ix_record_item_uid", "item_uid", "record_pk"),)

    record_pk: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    item_uid: Mapped[str] = mapped_column(primary_key=True)


class Finding(Base):
    """A fault or oddity that a check saw. Informs a reviewer; refuses nothing."""

    __tablename__ = "finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_pk: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    code: Mapped[str]
    question: Mapped[str | None]
    severity: Mapped[str]  # fault | note
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


class Review(Base):
    """A decision on a chain. `outcome`: accepted | returned | rejected | same_as | reversed | withdrawn."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"), index=True)
    record_pk: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    outcome: Mapped[str]
    reason: Mapped[str | None]
    fields: Mapped[list[str]] = mapped_column(JSON)  # question paths that the reason is pinned to
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    seq: Mapped[int] = mapped_column(BigInteger, unique=True)


class Media(Base):
    """A photo that a record promises, and how far its bytes are (D18)."""

    __tablename__ = "media"
    __table_args__ = (Index("ix_media_record", "record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    media_id: Mapped[str] = mapped_column(unique=True)  # 32 hex digits, also the tus upload's name
    record_id: Mapped[str | None]  # the first record that names it; None: bytes came first
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    sha256: Mapped[str]
    size_bytes: Mapped[int]
    kind: Mapped[str]
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    source: Mapped[str | None]
    state: Mapped[str]  # expected | partial | there | unreadable | erased
    offset_bytes: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RecordMedia(Base):
    """Which media a record names, under which question (a correction names the old ids again)."""

    __tablename__ = "record_media"

    record_pk: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    media_id: Mapped[str] = mapped_column(primary_key=True)
    question: Mapped[str]
