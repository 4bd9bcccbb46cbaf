"""What a phone is told by `GET /sync/changes`: hashes of files, reviews, figures, itself. Shapes as in shapes.ts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sync.encoding import instant
from sync.signatures import Keyring, statement_signature

RENEW_AFTER = timedelta(days=30)
Words = Mapping[str, str]


def members(row: Any) -> dict[str, Any]:
    """A flat dataclass as an object of the wire, in the order of its members; `asdict` copies whatever is in them."""
    return {name: getattr(row, name) for name in row.__slots__}


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
        document = members(self) | {"files": [members(file) for file in self.files]}
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
    """A decision on one of the account's records. `by_account` and `same_as` (its target's root) are only signed."""

    seq: int
    record_id: str
    root_id: str
    outcome: str
    reason: str | None
    fields: tuple[str, ...]
    by: str
    at: datetime
    by_account: str = ""
    same_as: str | None = None

    def to_json(self, server_id: str, epoch: int, keyring: Keyring) -> dict[str, Any]:
        """The row of `reviews`, with the statement that a phone keeps."""
        names = ("outcome", "reason", "fields", "by")
        said: dict[str, Any] = {name: getattr(self, name) for name in names} | {"at": instant(self.at)}
        row = {"seq": self.seq, "record_id": self.record_id, "root_id": self.root_id, **said}
        # P-53: signed as it stands, so that a phone can give it back to a server that has forgotten it.
        whose = {"outcome_of": self.record_id, "root_id": self.root_id, "server_id": server_id, "epoch": epoch}
        statement = whose | {"seq": self.seq} | said | {"by_account": self.by_account}
        if self.same_as:
            statement["same_as"] = self.same_as
        text = json.dumps(statement, ensure_ascii=False, separators=(",", ":"))
        return row | statement_signature(keyring, text)


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
    own: int = 0  # records of the officer that this device did not make (P-50)

    def to_json(self, keyring: Keyring, next_token: str | None = None) -> dict[str, Any]:
        """The wire's object. Only an active device reads changes, so its state needs no field here."""
        document: dict[str, Any] = {
            "server_id": self.server_id,
            "epoch": self.epoch,
            "cursor": self.cursor,
            "at": instant(self.at),
            "demo": self.demo,
            "me": members(self.me),
            "forms": [form.to_json() for form in self.forms],
            "sets": [members(kept) for kept in self.sets],
            "reviews": [news.to_json(self.server_id, self.epoch, keyring) for news in self.reviews],
            "figures": [members(figure) for figure in self.figures],
        }
        if self.newer_format is not None:
            document["newer_format"] = self.newer_format
        # P-50: told only where there is something to fetch; P-52: only where a key was ever announced.
        if self.own:
            document["own"] = self.own
        if len(keyring.announced) > 1:
            document["receipt_keys"] = list(keyring.announced)
        document["device"] = {"state": "active"} | ({"next_token": next_token} if next_token else {})
        return document
