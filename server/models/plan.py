"""The plan: indicators, targets, periods; the compiled forms; word lists (terms)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, UTCDateTime


class Plan(Base):
    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    label: Mapped[dict[str, Any]] = mapped_column(JSON)
    zone: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]


class Period(Base):
    """A named span of days, both ends inclusive, in the plan's zone."""

    __tablename__ = "period"
    __table_args__ = (UniqueConstraint("plan_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    key: Mapped[str]
    label: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_day: Mapped[date]
    last_day: Mapped[date]
    due_before: Mapped[date | None]
    position: Mapped[int]


class Indicator(Base):
    """What is counted. `kind`: reach | count | sum | latest | milestone. `decided_by`: record_unit, item_unit (D16)"""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("plan_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    key: Mapped[str]
    kind: Mapped[str]
    register: Mapped[str | None]
    decided_by: Mapped[str]
    base: Mapped[str]  # any_day | at_cutoff
    feeds: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # [{form, question, filter?}]
    label: Mapped[dict[str, Any]] = mapped_column(JSON)
    short: Mapped[dict[str, Any]] = mapped_column(JSON)
    counted_in: Mapped[dict[str, Any]] = mapped_column(JSON)  # người, quy định, đơn vị …
    quote: Mapped[str]
    section: Mapped[str]
    reading: Mapped[dict[str, Any]] = mapped_column(JSON)  # printed under the figure
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    position: Mapped[int]


class Target(Base):
    __tablename__ = "target"

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    op: Mapped[str]  # >= | =
    value: Mapped[float]
    measure: Mapped[str]  # percent | count | milestone
    level: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Term(Base):
    """One word of a list: special-group categories, methods, fields of law, roles; dated."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("list_name", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_name: Mapped[str]
    code: Mapped[str]
    label: Mapped[dict[str, Any]] = mapped_column(JSON)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    position: Mapped[int]


class FormVersion(Base):
    """One version of a form: its source, its XForm and the compiled model that phones fetch by hash (D25)."""

    __tablename__ = "form_version"
    __table_args__ = (UniqueConstraint("form_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[str]
    version: Mapped[str]
    title: Mapped[dict[str, Any]] = mapped_column(JSON)
    source: Mapped[str]  # Markdown XLSForm
    xform: Mapped[str]
    model: Mapped[str]  # JSON text, the bytes of /sync/files/<model_sha256>
    model_sha256: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SyncFile(Base):
    """An immutable file that phones fetch by its hash: a compiled form or a register set (D25)."""

    __tablename__ = "sync_file"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]  # form | set
    sensitive_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # members: own unit only (D26)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    body_br: Mapped[bytes] = mapped_column(LargeBinary)
