"""What a phone is told by `GET /sync/changes`: hashes of files, reviews, figures, itself. Shapes as in shapes.ts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sync.encoding import instant

RENEW_AFTER = timedelta(days=30)
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Me:
    """The one-row register `me`, and whose phone this is."""

    account: str
    name: str
    unit: str
    unit_label: str
    unit_kind: str
    parent_label: str
    organisation: str
    rapporteur: str
    t2_mode: str
    zone: str


@dataclass(frozen=True, slots=True)
class AttachedRef:
    """A file beside a form, by the name that the form uses. `kind`: csv (a register set) | image | audio."""

    name: str
    sha256: str
    size: int
    kind: str


@dataclass(frozen=True, slots=True)
class FormRef:
    """`trial`: a draft that the officer tries. Both it and `files` are left out of the wire where they say nothing."""

    form_id: str
    version: str
    title: Words
    current: bool
    sha256: str
    size: int
    trial: bool = False
    files: tuple[AttachedRef, ...] = ()

    def to_json(self) -> dict[str, Any]:
        document = asdict(self)
        return {name: value for name, value in document.items() if name not in ("trial", "files") or value}


@dataclass(frozen=True, slots=True)
class SetRef:
    register: str
    unit: str | None
    sensitive: bool
    rows: int
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ReviewNews:
    """A decision on one of the account's records."""

    seq: int
    record_id: str
    root_id: str
    outcome: str
    reason: str | None
    fields: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FigureNews:
    """A figure of the own unit, as every page shows it."""

    indicator: str
    label: Words
    short: Words
    counted_in: Words
    period: Words
    numerator: int
    denominator: int | None
    target: float | None
    measure: str
    mode: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """`cursor` is the highest review `seq` in it, or `since` again."""

    server_id: str
    epoch: int
    cursor: int
    at: datetime
    demo: bool
    me: Me
    forms: tuple[FormRef, ...]
    sets: tuple[SetRef, ...]
    reviews: tuple[ReviewNews, ...]
    figures: tuple[FigureNews, ...]
    newer_format: int | None = None  # of a published form that the asking app cannot read

    def to_json(self, next_token: str | None = None) -> dict[str, Any]:
        """The wire's object. Only an active device reads changes, so its state needs no field here."""
        document = asdict(self)
        document["at"] = instant(self.at)
        document["forms"] = [form.to_json() for form in self.forms]
        if document["newer_format"] is None:
            del document["newer_format"]
        for row, news in zip(document["reviews"], self.reviews, strict=True):
            row["at"] = instant(news.at)
        document["device"] = {"state": "active"} | ({"next_token": next_token} if next_token else {})
        return document
