"""What bases are made of: indicators, periods, register items and special groups, as the ledger reads them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from server.models.plan import Indicator, Period, Plan, Term
from server.models.registers import Item, ItemCategory
from server.models.units import Unit
from server.queries.chains import in_chunks
from server.queries.review import CHUNK, chunks

CATEGORY_LISTS = ("categories", "special_groups")


@dataclass(frozen=True, slots=True)
class Feed:
    """Where an indicator takes its items or values from: one question of one form, under a condition."""

    form: str
    question: str | None
    filter: str | None


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """`span`: the days that any named period of its plan covers; no record outside leaves a fact."""

    id: int
    plan_id: int
    key: str
    kind: str
    register: str | None
    decided_by: str
    base: str
    feeds: tuple[Feed, ...]
    settings: dict[str, Any]
    zone: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class PeriodRow:
    id: int
    plan_id: int
    key: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class CategorySpan:
    category: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A register item with open ends filled in; `kept`: its unit keeps its roll here (t2_mode = register);
    `side`: police or local, of a rapporteur."""

    id: int
    uid: str
    register: str
    unit_id: int | None
    first_day: date
    last_day: date
    state: str
    alias_of_id: int | None
    excluded: bool
    kept: bool
    side: str
    categories: tuple[CategorySpan, ...]


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A special group: where its people are, whether the plan's scope holds it, and when it exists."""

    code: str
    setting: str
    in_scope: bool
    first_day: date
    last_day: date


def indicators(session: Session) -> list[IndicatorRow]:
    """The indicators that are counted from records."""
    spans = (
        select(Period.plan_id, func.min(Period.first_day).label("first"), func.max(Period.last_day).label("last"))
        .group_by(Period.plan_id)
        .subquery()
    )
    wanted = (
        select(Indicator, Plan.zone, Plan.first_day, Plan.last_day, spans.c.first, spans.c.last)
        .join(Plan, Plan.id == Indicator.plan_id)
        .outerjoin(spans, spans.c.plan_id == Plan.id)
        .where(Indicator.kind.in_(("reach", "count", "sum")))
        .order_by(Indicator.id)
    )
    return [_indicator(*row) for row in session.execute(wanted)]


def periods(session: Session) -> list[PeriodRow]:
    columns = select(Period.id, Period.plan_id, Period.key, Period.first_day, Period.last_day)
    return [PeriodRow(*row) for row in session.execute(columns.order_by(Period.id))]


def items_by_uid(session: Session, uids: Collection[str]) -> dict[str, ItemRow]:
    """uid → the item it stands for; an alias gives the item it is an alias of."""
    found: dict[str, ItemRow] = {}
    names = sorted(uids)
    for start in range(0, len(names), CHUNK):
        for row in _items(session, Item.uid.in_(names[start : start + CHUNK])):
            found[row.uid] = row
    return {uid: target for uid, row in found.items() if (target := _alias_target(session, row)) is not None}


def items_of_registers(session: Session, registers: Iterable[str]) -> list[ItemRow]:
    """Every item of the registers, aliases left out."""
    return _items(session, and_(Item.register.in_(sorted(registers)), Item.state != "alias"))


def item_ids_of_unit(session: Session, register: str, unit_id: int) -> list[int]:
    return list(session.scalars(select(Item.id).where(Item.register == register, Item.unit_id == unit_id)))


def categories(session: Session) -> dict[str, CategoryRow]:
    rows = session.execute(
        select(Term.code, Term.data, Term.valid_from, Term.valid_to).where(Term.list_name.in_(CATEGORY_LISTS))
    )
    return {code: _category(code, data, first, last) for code, data, first, last in rows}


def registers_of(session: Session, item_ids: Collection[int]) -> set[str]:
    found: set[str] = set()
    for ids in chunks(item_ids):
        found.update(session.scalars(select(Item.register).where(Item.id.in_(ids))))
    return found


def _category(code: str, data: dict[str, Any], first: date | None, last: date | None) -> CategoryRow:
    in_scope = data.get("in_scope", "yes") == "yes"
    return CategoryRow(code, str(data.get("setting", "")), in_scope, first or date.min, last or date.max)


def _indicator(
    row: Indicator, zone: str, plan_first: date, plan_last: date, first: date | None, last: date | None
) -> IndicatorRow:
    return IndicatorRow(
        id=row.id,
        plan_id=row.plan_id,
        key=row.key,
        kind=row.kind,
        register=row.register,
        decided_by=row.decided_by,
        base=row.base,
        feeds=tuple(Feed(f["form"], f.get("question") or None, f.get("filter") or None) for f in row.feeds),
        settings=dict(row.settings),
        zone=zone,
        first_day=min(plan_first, first or plan_first),
        last_day=max(plan_last, last or plan_last),
    )


def _items(session: Session, condition: Any) -> list[ItemRow]:
    columns = (
        select(
            Item.id,
            Item.uid,
            Item.register,
            Item.unit_id,
            Item.valid_from,
            Item.valid_to,
            Item.state,
            Item.alias_of_id,
            Item.data,
            case((Unit.t2_mode == "register", 1), else_=0),
        )
        .outerjoin(Unit, Unit.id == Item.unit_id)
        .where(condition)
        .order_by(Item.id)
    )
    rows = session.execute(columns).all()
    spans = _category_spans(session, [row[0] for row in rows])
    return [
        ItemRow(
            row_id,
            uid,
            register,
            unit_id,
            first or date.min,
            last or date.max,
            state,
            alias_of,
            data.get("excluded") == "yes" or data.get("secret") == "yes",
            bool(kept),
            data.get("side", ""),
            tuple(spans.get(row_id, ())),
        )
        for row_id, uid, register, unit_id, first, last, state, alias_of, data, kept in rows
    ]


def _category_spans(session: Session, item_ids: Collection[int]) -> dict[int, list[CategorySpan]]:
    columns = select(ItemCategory.item_id, ItemCategory.category, ItemCategory.valid_from, ItemCategory.valid_to)
    found: dict[int, list[CategorySpan]] = defaultdict(list)
    for item_id, code, first, last in in_chunks(session, columns, ItemCategory.item_id, item_ids):
        found[item_id].append(CategorySpan(code, first or date.min, last or date.max))
    return found


def _alias_target(session: Session, row: ItemRow) -> ItemRow | None:
    """Follows aliases to the item they stand for; None where they lead nowhere or in a circle."""
    seen = {row.id}
    while row.state == "alias":
        if row.alias_of_id is None or row.alias_of_id in seen:
            return None
        seen.add(row.alias_of_id)
        row = _items(session, Item.id == row.alias_of_id)[0]
    return row
