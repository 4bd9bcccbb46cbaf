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
    """One version of a form: its source, its XForm and the compiled model that phones fetch by hash (D25).

    `state`: draft | published | closed. The newest published one of a form is current. A draft that was tried on a
    phone and then given up is closed without ever having been published: its records stay trials.
    """

    __tablename__ = "form_version"
    __table_args__ = (UniqueConstraint("form_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[str]
    version: Mapped[str]
    title: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(default="published", server_default="published")
    model_format: Mapped[int] = mapped_column(default=1, server_default="1")
    source: Mapped[str]  # its text; empty for a workbook
    source_kind: Mapped[str] = mapped_column(default="md", server_default="md")  # md | csv | xml | xlsx
    source_name: Mapped[str | None]  # the file's name as it was uploaded
    source_file: Mapped[bytes | None] = mapped_column(LargeBinary)  # as it was uploaded
    xlsform: Mapped[bytes | None] = mapped_column(LargeBinary)  # the source as a workbook, made with the version
    xform: Mapped[str]
    model: Mapped[str]  # JSON text, the bytes of /sync/files/<model_sha256>
    model_sha256: Mapped[str]
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class FormUpload(Base):
    """A file that an administrator gave, on its way to a draft: the worker reads it. `status`: waiting | done | failed.

    `faults` and `warnings`: what the report shows, one object per line. The bytes go when they were read.
    """

    __tablename__ = "form_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    form_id: Mapped[str | None] = mapped_column(index=True)  # whose page it was given on, or what the file says
    file_name: Mapped[str]
    kind: Mapped[str]
    size_bytes: Mapped[int]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    status: Mapped[str]
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    form_version_id: Mapped[int | None] = mapped_column(ForeignKey("form_version.id"))


class FormFile(Base):
    """A file beside a form: a CSV of choices, a picture or sound of a label. First an upload's, then its version's.

    `body` is what was given; phones fetch `sha256`: of a CSV the register set made of it, else of these very bytes.
    """

    __tablename__ = "form_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("form_upload.id"), index=True)
    form_version_id: Mapped[int | None] = mapped_column(ForeignKey("form_version.id"), index=True)
    name: Mapped[str]
    kind: Mapped[str]  # csv | image | audio
    body: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str | None]
    size_bytes: Mapped[int]  # of what phones fetch


class FormTrial(Base):
    """A draft may be tried on the phones of an account: a code (kept as its hash), and whose phone has used it."""

    __tablename__ = "form_trial"
    __table_args__ = (UniqueConstraint("code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_version_id: Mapped[int] = mapped_column(ForeignKey("form_version.id"), index=True)
    code_hash: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SyncFile(Base):
    """An immutable file that phones fetch by its hash: a compiled form, a register set, a file beside a form (D25)."""

    __tablename__ = "sync_file"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]  # form | set | attachment
    media_type: Mapped[str] = mapped_column(default="application/json", server_default="application/json")
    sensitive_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # members: own unit only (D26)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    body_br: Mapped[bytes] = mapped_column(LargeBinary)  # empty: packing spares nothing
