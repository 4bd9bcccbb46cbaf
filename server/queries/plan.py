"""Rows of the plan: plan, periods, indicators with targets, word lists, form versions."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.models.plan import FormVersion, Indicator, Period, Plan, Target, Term
from server.queries.upsert import Tally, put

Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class PlanRow:
    key: str
    label: Words
    zone: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class PeriodRow:
    key: str
    label: Words
    first_day: date
    last_day: date
    due_before: date | None
    position: int


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    key: str
    kind: str
    register: str | None
    decided_by: str
    base: str
    feeds: list[dict[str, str]]
    label: Words
    short: Words
    counted_in: Words
    quote: str
    section: str
    reading: Words
    settings: dict[str, str]
    position: int


@dataclass(frozen=True, slots=True)
class TargetRow:
    """`indicator` is a key."""

    indicator: str
    op: str
    value: float
    measure: str
    level: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class TermRow:
    list_name: str
    code: str
    label: Words
    data: dict[str, str]
    valid_from: date | None
    valid_to: date | None
    position: int


@dataclass(frozen=True, slots=True)
class FormRow:
    """`model_sha256` is the hash of the model's bytes, by which phones fetch it. `state`: published | draft."""

    form_id: str
    version: str
    title: Words
    source: str
    xform: str
    model: str
    model_sha256: str
    state: str = "published"
    xlsform: bytes | None = None
    warnings: tuple[dict[str, Any], ...] = ()


def put_plan(session: Session, row: PlanRow) -> tuple[int, Tally]:
    """The plan's id, and whether it was new or other."""
    found = {plan.key: plan for plan in session.scalars(select(Plan))}
    tally = put(session, Plan, found, {row.key: asdict(row)})
    return session.execute(select(Plan.id).where(Plan.key == row.key)).scalar_one(), tally


def put_periods(session: Session, plan_id: int, rows: Sequence[PeriodRow]) -> Tally:
    found = {period.key: period for period in session.scalars(select(Period).where(Period.plan_id == plan_id))}
    return put(session, Period, found, {row.key: {**asdict(row), "plan_id": plan_id} for row in rows})


def put_indicators(session: Session, plan_id: int, rows: Sequence[IndicatorRow]) -> Tally:
    wanted = {row.key: {**asdict(row), "plan_id": plan_id} for row in rows}
    return put(session, Indicator, _indicators(session, plan_id), wanted)


def put_targets(session: Session, plan_id: int, rows: Sequence[TargetRow]) -> Tally:
    """A target has no key of its own: the plan's targets are replaced where they differ from those wanted."""
    ids = {key: indicator.id for key, indicator in _indicators(session, plan_id).items()}
    wanted = {(ids[r.indicator], r.op, r.value, r.measure, r.level, r.valid_from, r.valid_to) for r in rows}
    stored = {_target(t): t for t in session.scalars(select(Target).where(Target.indicator_id.in_(ids.values())))}
    for key in stored.keys() - wanted:
        session.execute(delete(Target).where(Target.id == stored[key].id))
    columns = ("indicator_id", "op", "value", "measure", "level", "valid_from", "valid_to")
    new = sorted(wanted - stored.keys(), key=str)
    session.add_all([Target(**dict(zip(columns, key, strict=True))) for key in new])
    session.flush()
    gone = len(stored.keys() - wanted)
    return Tally(len(wanted), max(len(new) - gone, 0), gone)


def put_terms(session: Session, rows: Sequence[TermRow]) -> Tally:
    found = {(term.list_name, term.code): term for term in session.scalars(select(Term))}
    return put(session, Term, found, {(row.list_name, row.code): asdict(row) for row in rows})


def form_sources(session: Session) -> dict[tuple[str, str], str]:
    """(form, version) → its source, of all versions loaded."""
    rows = session.execute(select(FormVersion.form_id, FormVersion.version, FormVersion.source))
    return {(form_id, version): source for form_id, version, source in rows}


def put_forms(session: Session, rows: Sequence[FormRow], at: datetime) -> Tally:
    """Adds versions; a version that is there stays as it is, because records were filled with it."""
    there = form_sources(session)
    new = [row for row in rows if (row.form_id, row.version) not in there]
    session.add_all([_version(row, at) for row in new])
    session.flush()
    return Tally(len(rows), len(new), 0)


def _version(row: FormRow, at: datetime) -> FormVersion:
    return FormVersion(
        **asdict(row) | {"warnings": list(row.warnings)},
        model_format=json.loads(row.model)["model_format"],
        created_at=at,
        published_at=at if row.state == "published" else None,
    )


def first_day(session: Session) -> date | None:
    """The first day of the latest plan's earliest period: from then on records may be late."""
    latest = select(Plan.id).order_by(Plan.last_day.desc(), Plan.id.desc()).limit(1).scalar_subquery()
    return session.scalar(select(func.min(Period.first_day)).where(Period.plan_id == latest))


def _indicators(session: Session, plan_id: int) -> dict[str, Indicator]:
    return {row.key: row for row in session.scalars(select(Indicator).where(Indicator.plan_id == plan_id))}


def _target(row: Target) -> tuple[Any, ...]:
    return (row.indicator_id, row.op, row.value, row.measure, row.level, row.valid_from, row.valid_to)
