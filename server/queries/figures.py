"""What a figure is read from: cached counts, plan, units, and what waits. Never scans records that were decided."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from server.models.coverage import Count, Fact
from server.models.people import Device
from server.models.plan import Indicator, Period, Plan, Target
from server.models.records import Chain, Record, RecordItem
from server.models.registers import Declaration, Item, ItemCategory
from server.models.units import Unit, UnitPath
from server.queries.bases import IndicatorRow, PeriodRow

Words = dict[str, Any]
Scope = Select[int]


@dataclass(frozen=True, slots=True)
class UnitName:
    id: int
    key: str
    label: Words
    level: str
    kind: str
    t2_mode: str


@dataclass(frozen=True, slots=True)
class Naming:
    """How an indicator is spoken of, and the target in force for a level at the period's end."""

    id: int
    key: str
    kind: str
    label: Words
    short: Words
    counted_in: Words
    quote: str
    section: str
    reading: Words
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TargetRow:
    op: str
    value: float
    measure: str


@dataclass(frozen=True, slots=True)
class DeclaredRow:
    unit_id: int
    numerator: int
    denominator: int
    as_of: date
    source: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How many chains of a unit and period count, and how many wait."""

    counted: int
    waiting: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of a figure's base. `records`: how many counted records reached it; `first_on`: the first day."""

    id: int
    uid: str
    label: Words
    code: str | None
    unit_id: int | None
    data: dict[str, Any]
    first_on: date | None
    records: int


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A counted record behind a figure."""

    chain_id: int
    record_id: str
    form_id: str
    unit_id: int
    unit_label: Words
    held_on: date
    summary: dict[str, Any]


def period(session: Session, period_id: int) -> PeriodRow | None:
    columns = select(Period.id, Period.plan_id, Period.key, Period.first_day, Period.last_day)
    row = session.execute(columns.where(Period.id == period_id)).first()
    return PeriodRow(*row) if row else None


def unit(session: Session, unit_id: int) -> UnitName | None:
    return next(iter(_units(session, Unit.id == unit_id)), None)


def children(session: Session, unit_id: int, on: date) -> list[UnitName]:
    """Units directly below that stand on the day, in their order."""
    return _units(session, Unit.parent_id == unit_id, _stands(on))


def communes(session: Session, unit_ids: Collection[int], on: date) -> dict[int, list[UnitName]]:
    """unit → its communes that stand on the day (a commune: itself)."""
    found: dict[int, list[UnitName]] = {unit_id: [] for unit_id in unit_ids}
    wanted = (
        select(UnitPath.ancestor_id, Unit)
        .join(Unit, Unit.id == UnitPath.unit_id)
        .where(UnitPath.ancestor_id.in_(sorted(unit_ids)), Unit.level == "commune", _stands(on))
    )
    for ancestor_id, row in session.execute(wanted):
        found[ancestor_id].append(_name(row))
    return found


def namings(session: Session, plan_id: int) -> list[Naming]:
    rows = session.scalars(
        select(Indicator).where(Indicator.plan_id == plan_id).order_by(Indicator.position, Indicator.id)
    )
    return [
        Naming(r.id, r.key, r.kind, r.label, r.short, r.counted_in, r.quote, r.section, r.reading, r.settings)
        for r in rows
    ]


def targets(session: Session, plan_id: int, on: date) -> dict[int, TargetRow]:
    """indicator → the target in force on the day; the latest where several are."""
    wanted = (
        select(Target)
        .join(Indicator, Indicator.id == Target.indicator_id)
        .where(Indicator.plan_id == plan_id, Target.valid_from <= on)
        .where(or_(Target.valid_to.is_(None), Target.valid_to >= on))
        .order_by(Target.valid_from)
    )
    return {t.indicator_id: TargetRow(t.op, t.value, t.measure) for t in session.scalars(wanted)}


def counts(
    session: Session, period_id: int, unit_ids: Collection[int]
) -> dict[tuple[int, int], tuple[int, int | None]]:
    """(indicator, unit) → (numerator, denominator) from the cached counts."""
    wanted = select(Count.indicator_id, Count.unit_id, Count.numerator, Count.denominator)
    rows = session.execute(wanted.where(Count.period_id == period_id, Count.unit_id.in_(sorted(unit_ids))))
    return {(i, u): (n, d) for i, u, n, d in rows}


def waiting_items(
    session: Session, indicator: IndicatorRow, period: PeriodRow, unit_ids: Collection[int]
) -> list[tuple[int, str]]:
    """(unit, item's uid) of items that waiting records name and that no counted record of the unit has reached."""
    target = aliased(Item)
    questions = [_asked(feed.question) for feed in indicator.feeds if feed.question]
    whose = target.unit_id if indicator.decided_by == "item_unit" else Chain.unit_id
    below = aliased(UnitPath)
    reached = (
        select(Fact.id)
        .join(below, below.unit_id == Fact.unit_id)
        .where(below.ancestor_id == UnitPath.ancestor_id, Fact.indicator_id == indicator.id)
        .where(Fact.item_id == target.id, Fact.held_on.between(period.first_day, period.last_day), Fact.value > 0)
    )
    wanted = (
        select(UnitPath.ancestor_id, target.uid)
        .select_from(Chain)
        .join(RecordItem, RecordItem.record_pk == Chain.latest_id)
        .join(Item, Item.uid == RecordItem.item_uid)
        .join(target, target.id == func.coalesce(Item.alias_of_id, Item.id))
        .join(UnitPath, UnitPath.unit_id == whose)
        .where(*_waiting(indicator, period), UnitPath.ancestor_id.in_(sorted(unit_ids)))
        .where(or_(false(), *questions), target.register == indicator.register, ~reached.exists())
        .distinct()
    )
    return [(unit_id, uid) for unit_id, uid in session.execute(wanted)]


def waiting_records(
    session: Session, indicator: IndicatorRow, period: PeriodRow, unit_ids: Collection[int]
) -> list[tuple[int, bytes, int]]:
    """(unit, payload, what the chain counts already) of waiting records that feed a count or a sum."""
    wanted = (
        select(UnitPath.ancestor_id, Record.payload, func.coalesce(Fact.value, 0))
        .select_from(Chain)
        .join(Record, Record.id == Chain.latest_id)
        .join(UnitPath, UnitPath.unit_id == Chain.unit_id)
        .outerjoin(Fact, (Fact.chain_id == Chain.id) & (Fact.indicator_id == indicator.id))
        .where(*_waiting(indicator, period), UnitPath.ancestor_id.in_(sorted(unit_ids)))
    )
    return [(unit_id, payload, value) for unit_id, payload, value in session.execute(wanted)]


def standing(session: Session, unit_id: int, period: PeriodRow) -> Standing:
    wanted = (
        select(func.count(Chain.counted_id), func.count().filter(Chain.state == "waiting"))
        .select_from(Chain)
        .where(Chain.unit_id.in_(below(unit_id)), Chain.held_on.between(period.first_day, period.last_day))
    )
    counted, waiting = session.execute(wanted).one()
    return Standing(counted, waiting)


def phone_reports(session: Session, unit_id: int) -> list[tuple[dict[str, Any], datetime | None]]:
    """What the unit's active phones last said of themselves, and when."""
    wanted = select(Device.report, Device.last_contact_at).where(
        Device.unit_id.in_(below(unit_id)), Device.state == "active"
    )
    return [(report or {}, at) for report, at in session.execute(wanted)]


def pending_codes(session: Session, unit_ids: Collection[int], register: str) -> dict[int, int]:
    """unit → how many codes from the field wait there for the keeper of the book."""
    wanted = (
        select(UnitPath.ancestor_id, func.count())
        .join(Item, Item.unit_id == UnitPath.unit_id)
        .where(UnitPath.ancestor_id.in_(sorted(unit_ids)), Item.register == register, Item.state == "pending")
        .group_by(UnitPath.ancestor_id)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def declared(session: Session, indicator_id: int, period_id: int, unit_id: int) -> list[DeclaredRow]:
    """The newest declaration of each unit within the unit."""
    wanted = (
        select(Declaration)
        .where(Declaration.indicator_id == indicator_id, Declaration.period_id == period_id)
        .where(Declaration.unit_id.in_(below(unit_id)))
        .order_by(Declaration.as_of, Declaration.id)
    )
    newest = {d.unit_id: d for d in session.scalars(wanted)}
    return [DeclaredRow(d.unit_id, d.numerator, d.denominator, d.as_of, d.source) for d in newest.values()]


def items_beside(session: Session, indicator_id: int, period: PeriodRow, unit_id: int) -> int:
    """How many items have a contact that is kept beside the headline."""
    wanted = (
        select(func.count(Fact.item_id.distinct()))
        .where(Fact.indicator_id == indicator_id, Fact.held_on.between(period.first_day, period.last_day))
        .where(Fact.value == 0, Fact.unit_id.in_(below(unit_id)))
    )
    return session.scalar(wanted) or 0


def uids_in_categories(session: Session, register: str, codes: Collection[str], unit_id: int) -> list[str]:
    """Items of the unit that are or were in one of these special groups."""
    within = select(ItemCategory.item_id).where(ItemCategory.category.in_(sorted(codes)))
    wanted = select(Item.uid).where(Item.register == register, Item.id.in_(within), Item.unit_id.in_(below(unit_id)))
    return list(session.scalars(wanted))


def items(session: Session, indicator: IndicatorRow, period: PeriodRow, unit_id: int) -> list[ItemLine]:
    """Every confirmed item of the indicator's register that may belong to the unit, with what reached it there."""
    reached = (
        select(Fact.item_id, func.min(Fact.held_on).label("first_on"), func.count(Fact.chain_id.distinct()).label("n"))
        .where(Fact.indicator_id == indicator.id, Fact.held_on.between(period.first_day, period.last_day))
        .where(Fact.value > 0, Fact.unit_id.in_(below(unit_id)))
        .group_by(Fact.item_id)
        .subquery()
    )
    wanted = (
        select(
            Item.id, Item.uid, Item.label, Item.code, Item.unit_id, Item.data,
            reached.c.first_on, func.coalesce(reached.c.n, 0),
        )
        .outerjoin(reached, reached.c.item_id == Item.id)
        .where(Item.register == indicator.register, Item.state == "confirmed")
        .order_by(Item.position, Item.sort_key, Item.id)
    )  # fmt: skip
    if indicator.decided_by == "item_unit":
        wanted = wanted.where(Item.unit_id.in_(below(unit_id)))
    return [ItemLine(*row) for row in session.execute(wanted)]


def records(
    session: Session,
    indicator: IndicatorRow,
    period: PeriodRow,
    unit_id: int,
    scope: Scope,
    item_id: int | None,
    after: tuple[date, int] | None,
    limit: int,
) -> list[RecordLine]:
    """Counted records behind a figure that lie in the scope, newest first, after (held_on, chain)."""
    wanted = (
        select(Chain.id, Record.record_id, Record.form_id, Record.unit_id, Unit.label, Record.held_on, Record.summary)
        .join(Record, Record.id == Chain.counted_id)
        .join(Unit, Unit.id == Record.unit_id)
        .where(Chain.id.in_(_behind(indicator, period, unit_id, item_id)), Record.unit_id.in_(scope))
        .order_by(Record.held_on.desc(), Chain.id.desc())
    )
    if after:
        later = (Record.held_on < after[0]) | ((Record.held_on == after[0]) & (Chain.id < after[1]))
        wanted = wanted.where(later)
    return [RecordLine(*row) for row in session.execute(wanted.limit(limit))]


def records_outside(
    session: Session, indicator: IndicatorRow, period: PeriodRow, unit_id: int, scope: Scope, item_id: int | None
) -> int:
    """How many counted records behind a figure lie outside the scope (a member reached elsewhere)."""
    wanted = select(func.count()).select_from(Chain).join(Record, Record.id == Chain.counted_id)
    behind = Chain.id.in_(_behind(indicator, period, unit_id, item_id))
    return session.scalar(wanted.where(behind, Record.unit_id.not_in(scope))) or 0


def last_period(session: Session) -> int | None:
    """The period that the desk opens on: the first one (by position) of the newest plan."""
    wanted = select(Period.id).join(Plan, Plan.id == Period.plan_id).order_by(Plan.first_day.desc(), Period.position)
    return session.scalar(wanted.limit(1))


def below(unit_id: int) -> Select[int]:
    """Ids of the unit, what is below it, and predecessors of these."""
    return select(UnitPath.unit_id).where(UnitPath.ancestor_id == unit_id)


def _behind(indicator: IndicatorRow, period: PeriodRow, unit_id: int, item_id: int | None) -> Select[int]:
    wanted = (
        select(Fact.chain_id)
        .where(Fact.indicator_id == indicator.id, Fact.held_on.between(period.first_day, period.last_day))
        .where(Fact.value > 0, Fact.unit_id.in_(below(unit_id)))
    )
    return wanted if item_id is None else wanted.where(Fact.item_id == item_id)


def _asked(question: str) -> ColumnElement[bool]:
    """Rows of records tell a question by its path, feeds by its name."""
    return or_(RecordItem.question == question, RecordItem.question.endswith(f"/{question}", autoescape=True))


def _waiting(indicator: IndicatorRow, period: PeriodRow) -> Sequence[Any]:
    return (
        Chain.state == "waiting",
        Chain.held_on.between(period.first_day, period.last_day),
        Chain.form_id.in_(sorted({feed.form for feed in indicator.feeds})),
    )


def _units(session: Session, *conditions: Any) -> list[UnitName]:
    return [_name(row) for row in session.scalars(select(Unit).where(*conditions).order_by(Unit.sort_key, Unit.id))]


def _name(row: Unit) -> UnitName:
    return UnitName(row.id, row.key, row.label, row.level, row.kind, row.t2_mode)


def _stands(on: date) -> Any:
    return (Unit.valid_from <= on) & or_(Unit.valid_to.is_(None), Unit.valid_to >= on)
