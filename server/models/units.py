"""Units (province, district, commune), their successors and the paths that scope and figures join."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class Unit(Base):
    """One administrative unit. `key` (`31522@2024-09-01`) is its name on the wire; a GSO code is reused by mergers."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str]
    level: Mapped[str]  # province | district | commune
    kind: Mapped[str]  # tỉnh, huyện, thị xã, xã, phường, thị trấn …
    label: Mapped[dict[str, Any]] = mapped_column(JSON)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]  # last day, inclusive
    search_key: Mapped[str]
    sort_key: Mapped[str]
    t2_mode: Mapped[str] = mapped_column(default="declared")  # declared | register (U3)
    t2_permission: Mapped[str | None]  # number and date of the written permission


class UnitLink(Base):
    """`predecessor` became (part of) `successor` on `on_date`. A split has no link (D12)."""

    __tablename__ = "unit_link"

    predecessor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    on_date: Mapped[date]
    basis: Mapped[str]


class UnitPath(Base):
    """`unit` lies in `ancestor`: itself, below it, or a predecessor of something in it. Rebuilt when units change."""

    __tablename__ = "unit_path"
    __table_args__ = (Index("ix_unit_path_ancestor_unit", "ancestor_id", "unit_id"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    ancestor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    why: Mapped[str]  # self | parent | predecessor
