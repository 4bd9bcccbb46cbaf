"""Registers: rolls of things that can be reached. One table of items for all of them, with dated categories."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, UTCDateTime


class Item(Base):
    """A row of a register.

    `uid` is its identity and its value in answers; `code` is a label of the issuing book (U2).
    `state`: confirmed | pending (a code from the field, counted nowhere, U1) | alias (of `alias_of_id`).
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("uid"),
        UniqueConstraint("register", "issuing_unit_id", "norm_code"),
        Index("ix_item_register_unit", "register", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str]
    register: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    issuing_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[str | None]
    norm_code: Mapped[str | None]
    label: Mapped[dict[str, Any]] = mapped_column(JSON)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)  # flat strings: t2, field, law, kind, role …
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]  # last day, inclusive
    state: Mapped[str] = mapped_column(default="confirmed")
    alias_of_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    synthetic: Mapped[bool] = mapped_column(default=False)
    search_key: Mapped[str]
    sort_key: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class ItemCategory(Base):
    """An item was in `category` from .. to (a member's special group; a rapporteur's role)."""

    __tablename__ = "item_category"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    category: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Declaration(Base):
    """Totals that a unit declares of itself where it keeps no roll here (U3, U37); never added to counted figures."""

    __tablename__ = "declaration"

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    as_of: Mapped[date]
    denominator: Mapped[int]
    numerator: Mapped[int]
    source: Mapped[str]
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime)
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
