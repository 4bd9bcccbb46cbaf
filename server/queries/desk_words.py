"""Names for what answers hold: forms, items, units, devices, words of lists.

Scope is checked by the caller, except for photos.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.models.people import Device
from server.models.plan import FormVersion, Term
from server.models.records import Chain, Media, Record, RecordMedia
from server.models.registers import Item
from server.models.units import Unit
from server.queries.scope import Scope
from server.queries.spans import in_force

UNITS = "units"


@dataclass(frozen=True, slots=True)
class FormText:
    """A compiled form as stored (`forms.model_json` reads it)."""

    title: dict[str, Any]
    model: str


def form(session: Session, form_id: str, version: str) -> FormText | None:
    row = session.execute(
        select(FormVersion.title, FormVersion.model).where(
            FormVersion.form_id == form_id, FormVersion.version == version
        )
    ).one_or_none()
    return FormText(row.title, row.model) if row else None


def form_titles(session: Session) -> dict[str, dict[str, Any]]:
    """form id → title of its newest version."""
    rows = session.execute(select(FormVersion.form_id, FormVersion.title).order_by(FormVersion.id))
    return dict(iter(rows))


def labels(session: Session, register: str, names: Collection[str]) -> dict[str, dict[str, Any]]:
    """name as it stands in answers → label; a member's label is its code in the book."""
    if register == UNITS:
        rows = session.execute(select(Unit.key, Unit.label).where(Unit.key.in_(sorted(names))))
        return dict(iter(rows))
    found = session.execute(select(Item.uid, Item.label, Item.code).where(Item.uid.in_(sorted(names))))
    return {uid: {"vi": code} if register == "members" and code else label for uid, label, code in found}


def photo_in(session: Session, scope: Scope, media_id: str, image: bool = True) -> str | None:
    """The hash of a photo (or of another file) whose bytes are there and which a record in scope names."""
    kind = Media.kind.startswith("image/")
    wanted = (
        select(Media.sha256)
        .join(RecordMedia, RecordMedia.media_id == Media.media_id)
        .join(Record, Record.id == RecordMedia.record_pk)
        .join(Chain, Chain.id == Record.chain_id)
        .where(Media.media_id == media_id, Media.state == "there", Chain.unit_id.in_(scope))
        .where(kind if image else ~kind)
    )
    return session.scalar(wanted.limit(1))


def device_name(session: Session, uid: str) -> str:
    """What the phone calls itself; the start of its id where it has not said."""
    report = session.scalar(select(Device.report).where(Device.uid == uid)) or {}
    return str(report.get("name") or uid[:6])


@dataclass(frozen=True, slots=True)
class TermLine:
    code: str
    label: dict[str, Any]


def terms(session: Session, list_name: str, day: date) -> list[TermLine]:
    """The words of a list that are in force on `day`."""
    wanted = select(Term).where(Term.list_name == list_name, *in_force(Term, day))
    return [TermLine(term.code, term.label) for term in session.scalars(wanted.order_by(Term.position, Term.code))]


def members_of(session: Session, unit_id: int, most: int) -> list[tuple[int, str]]:
    """(id, book code) of the confirmed and pending members of one unit's book."""
    wanted = (
        select(Item.id, Item.code)
        .where(Item.register == "members", Item.unit_id == unit_id, Item.state != "alias", Item.code.is_not(None))
        .order_by(Item.sort_key, Item.id)
    )
    return [(item_id, code or "") for item_id, code in session.execute(wanted.limit(most))]
