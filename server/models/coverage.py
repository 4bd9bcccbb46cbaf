"""Facts (the truth) and the cached counts that pages read. Only `server.coverage.recount` writes here (D15)."""

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class Fact(Base):
    """One counted record and item. `item_id` is 0 where the indicator counts no items; `value` is what a sum adds."""

    __tablename__ = "fact"
    __table_args__ = (
        UniqueConstraint("indicator_id", "chain_id", "item_id"),
        Index("ix_fact_indicator_item_unit_held", "indicator_id", "item_id", "unit_id", "held_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    item_id: Mapped[int]
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    held_on: Mapped[date]
    value: Mapped[int] = mapped_column(default=1)


class Count(Base):
    """The cached figure of one indicator, for one unit with all below it, in one named period."""

    __tablename__ = "coverage_count"

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    numerator: Mapped[int]
    denominator: Mapped[int | None]  # None: no denominator (never shown as 0 % or 100 %)
