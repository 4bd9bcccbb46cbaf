"""The chains that wait, or that stand behind a figure: by state, unit, form, officer or days, always within a scope."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlalchemy.orm import Session, aliased

from server.models.coverage import Fact
from server.models.people import Account
from server.models.plan import Indicator
from server.models.records import Chain, Finding, Record, RecordMedia
from server.models.units import Unit
from server.queries.scope import Scope
from server.queries.slices import Slice

HELD = "held"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for. `indicator_id`: only what counts for it, in these units and days."""

    state: str
    units: Scope | None = None
    form_id: str | None = None
    officer_uid: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    indicator_id: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One chain, told by its latest record."""

    chain_id: int
    record_id: str
    form_id: str
    form_version: str
    unit: dict[str, Any]
    above: dict[str, Any] | None
    held_on: date
    state: str
    status: str
    officer: str
    arrived_at: datetime
    received_at: datetime
    summary: dict[str, Any]
    revision: int
    findings: int
    photos: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a record stands among those that wait: `place` of `total`, and the ones beside it."""

    place: int
    total: int
    before: str | None
    after: str | None


def lines(session: Session, scope: Scope, wanted: Wanted, part: Slice) -> list[Line]:
    """The oldest first where records wait, else the newest first."""
    inside = _conditions(scope, wanted)
    order = (Chain.arrived_at, Chain.id) if wanted.state == "waiting" else (Record.received_at.desc(), Chain.id.desc())
    rows = session.execute(_lines().where(*inside).order_by(*order).offset(part.offset).limit(part.limit))
    return [Line(*row) for row in rows]


def tallies(session: Session, scope: Scope, wanted: Wanted) -> dict[str, int]:
    """How many of these records are in which state; `held` counts quarantine, `all` everything."""
    inside = _conditions(scope, Wanted(ALL, *(getattr(wanted, name) for name in Wanted.__slots__ if name != "state")))
    held = func.sum(case((Record.status == HELD, 1), else_=0))
    wanted_rows = select(Chain.state, func.count(), held)
    rows = session.execute(_chains(wanted_rows).where(*inside).group_by(Chain.state)).all()
    found = {row[0]: row[1] for row in rows}
    return found | {HELD: sum(row[2] or 0 for row in rows), ALL: sum(found.values())}


def states(session: Session, units: Scope, first_day: date, last_day: date) -> dict[str, int]:
    """How many records of these units, held in this span, are in which state."""
    rows = session.execute(
        select(Chain.state, func.count())
        .where(Chain.unit_id.in_(units), Chain.held_on.between(first_day, last_day), Chain.state != "trial")
        .group_by(Chain.state)
    )
    return dict(iter(rows))


def waiting(session: Session, units: Scope) -> int:
    """How many records of these units wait for a decision, whenever they were held."""
    return session.scalar(select(func.count()).where(Chain.state == "waiting", Chain.unit_id.in_(units))) or 0


def beside(session: Session, scope: Scope, chain_id: int) -> Neighbours | None:
    """Among all that wait in the scope; None for one that does not wait."""
    wanted = select(Chain.id, Record.record_id).join(Record, Record.id == Chain.latest_id)
    rows = session.execute(
        wanted.where(Chain.state == "waiting", Chain.unit_id.in_(scope)).order_by(Chain.arrived_at, Chain.id)
    ).all()
    at = next((n for n, row in enumerate(rows) if row.id == chain_id), None)
    if at is None:
        return None
    before = rows[at - 1].record_id if at else None
    after = rows[at + 1].record_id if at + 1 < len(rows) else None
    return Neighbours(at + 1, len(rows), before, after)


def officers(session: Session, scope: Scope, most: int) -> list[tuple[str, str]]:
    """(uid, name) of who has sent records of these units."""
    sent = select(Record.account_id).where(Record.unit_id.in_(scope), Record.trial.is_(False)).distinct()
    rows = session.execute(
        select(Account.uid, Account.name).where(Account.id.in_(sent)).order_by(Account.name).limit(most)
    )
    return [(uid, name) for uid, name in rows]


def indicator_id(session: Session, plan_id: int, key: str) -> int | None:
    return session.scalar(select(Indicator.id).where(Indicator.plan_id == plan_id, Indicator.key == key))


def counted_elsewhere(session: Session, scope: Scope, wanted: Wanted) -> int:
    """Records that count for the figure but were held in a unit outside the scope: a member met in another commune."""
    inside = _conditions(None, wanted)
    return session.scalar(_chains(select(func.count())).where(*inside, Chain.unit_id.not_in(scope))) or 0


def _conditions(scope: Scope | None, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Record.trial.is_(False)]
    if scope is not None:
        found.append(Chain.unit_id.in_(scope))
    if wanted.state == HELD:
        found.append(Record.status == HELD)
    elif wanted.state != ALL:
        found.append(Chain.state == wanted.state)
    if wanted.form_id:
        found.append(Chain.form_id == wanted.form_id)
    if wanted.officer_uid:
        found.append(Account.uid == wanted.officer_uid)
    if wanted.indicator_id is not None:
        return [*found, Chain.id.in_(_counting(wanted))]
    return [*found, *_where_and_when(wanted)]


def _where_and_when(wanted: Wanted) -> Collection[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.units is not None:
        found.append(Chain.unit_id.in_(wanted.units))
    if wanted.first_day:
        found.append(Chain.held_on >= wanted.first_day)
    if wanted.last_day:
        found.append(Chain.held_on <= wanted.last_day)
    return found


def _counting(wanted: Wanted) -> Select[int]:
    """Chains with a fact of the indicator; the fact's unit decides, not the record's (D16)."""
    facts = select(Fact.chain_id).where(Fact.indicator_id == wanted.indicator_id, Fact.value > 0)
    if wanted.units is not None:
        facts = facts.where(Fact.unit_id.in_(wanted.units))
    if wanted.first_day and wanted.last_day:
        facts = facts.where(Fact.held_on.between(wanted.first_day, wanted.last_day))
    return facts


def _chains(wanted: Any) -> Any:
    return (
        wanted.select_from(Chain)
        .join(Record, Record.id == Chain.latest_id)
        .join(Account, Account.id == Record.account_id)
    )


def _lines() -> Any:
    unit, above, other = aliased(Unit), aliased(Unit), aliased(Record)
    links = select(func.count() - literal(1)).where(other.chain_id == Chain.id, other.intent != "withdraw")
    findings = select(func.count()).where(Finding.record_pk == Record.id)
    photos = select(func.count()).where(RecordMedia.record_pk == Record.id)
    columns = select(
        Chain.id, Record.record_id, Record.form_id, Record.form_version, unit.label, above.label, Record.held_on,
        Chain.state, Record.status, Account.name, Chain.arrived_at, Record.received_at, Record.summary,
        links.scalar_subquery(), findings.scalar_subquery(), photos.scalar_subquery(), Record.synthetic,
    )  # fmt: skip
    return _chains(columns).join(unit, unit.id == Chain.unit_id).outerjoin(above, above.id == unit.parent_id)
