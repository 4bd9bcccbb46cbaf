"""Composes `changes` for one device: itself, forms, register sets, decisions, the figures of its unit."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from server.clock import PLAN_ZONE, day_of
from server.coverage import figures
from server.coverage.figures import Figure
from server.db import db, transaction
from server.queries import changes as rows
from server.queries import devices_sync as devices
from server.queries import forms, system
from server.queries.devices_sync import Officer
from server.registers import sets
from sync.changes import AttachedRef, Changes, FigureNews, FormRef, Me, ReviewNews, SetRef
from sync.problems import Problem
from sync.store import Device, Installation

ANY_FORMAT = 1_000_000


def changes_of(device: Device, here: Installation, since: int, at: datetime, model_format: int) -> Changes:
    """What the device has to know, as of `at`."""
    _cut_sets(device, at)
    session = db.session()
    officer = devices.officer(session, device.account_id, device.unit_id)
    if officer is None:
        raise Problem("not-found")
    reviews = _reviews(session, device, since)
    row = system.installation(session)
    return Changes(
        server_id=here.server_id,
        epoch=here.epoch,
        # P-40: the phone asks on from the last decision that it was told.
        cursor=max((news.seq for news in reviews), default=since),
        at=at,
        demo=bool(row and row.demo),
        me=_me(device, officer),
        forms=forms_of(session, device, model_format),
        sets=tuple(_set(ref) for ref in sets.refs(session, device.unit_id, day_of(at))),
        reviews=reviews,
        figures=_figures(session, device, at),
        newer_format=rows.newer_format(session, model_format),
    )


def _cut_sets(device: Device, at: datetime) -> None:
    """Writes register sets that nobody fetched since the registers moved."""
    if sets.missing(db.session(), device.unit_id, day_of(at)):
        with transaction() as session:
            sets.ensure(session, device.unit_id, day_of(at))


def _me(device: Device, officer: Officer) -> Me:
    return Me(
        account=device.account_uid,
        name=officer.name,
        unit=officer.unit_key,
        unit_label=_vi(officer.unit_label),
        unit_kind=officer.unit_kind,
        parent_label=_vi(officer.parent_label),
        organisation=officer.organisation_uid,
        rapporteur=officer.rapporteur_uid,
        t2_mode=officer.t2_mode,
        zone=PLAN_ZONE,
    )


def _vi(label: Mapping[str, str]) -> str:
    return label.get("vi", "")


def forms_of(session: Session, device: Device, model_format: int) -> tuple[FormRef, ...]:
    """P-44, P-46: what the app can read, what its officer tries, and the files beside them."""
    found = rows.forms(session, device.account_id, model_format)
    files = forms.files(session, [line.id for line in found])
    return tuple(
        FormRef(
            line.form_id,
            line.version,
            line.title,
            line.current,
            line.sha256,
            line.size_bytes,
            line.trial,
            tuple(AttachedRef(f.name, f.sha256, f.size_bytes, f.kind) for f in files.get(line.id, ()) if f.sha256),
        )
        for line in found
    )


def _set(ref: sets.SetRef) -> SetRef:
    return SetRef(ref.register, ref.unit, ref.sensitive, ref.rows, ref.sha256, ref.size)


def _reviews(session: Session, device: Device, since: int) -> tuple[ReviewNews, ...]:
    found = rows.decisions(session, device.account_id, since)
    return tuple(ReviewNews(d.seq, d.record_id, d.root_id, d.outcome, d.reason, d.fields, d.by, d.at) for d in found)


def _figures(session: Session, device: Device, at: datetime) -> tuple[FigureNews, ...]:
    period = rows.period_on(session, day_of(at))
    if period is None:
        return ()
    found = figures.of_unit(device.unit_id, period.id)
    return tuple(_figure(figure, period.label) for figure in found)


def _figure(figure: Figure, period: Mapping[str, str]) -> FigureNews:
    return FigureNews(
        indicator=figure.indicator,
        label=figure.label,
        short=figure.short,
        counted_in=figure.counted_in,
        period=period,
        numerator=figure.numerator,
        denominator=figure.denominator,
        target=figure.target,
        measure=figure.measure or "count",
        mode=figure.mode,
    )
