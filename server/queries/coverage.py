"""Rows of the ledger: what recounting reads (records, items, plan) and what it writes (facts, cached counts)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.models.coverage import Count, Fact
from server.models.people import Device
from server.models.plan import FormVersion
from server.models.records import Chain, Record, RecordItem
from server.models.registers import Item
from server.models.system import Installation
from server.models.units import Unit, UnitPath
from server.queries.bases import IndicatorRow, PeriodRow
from server.queries.chains import in_chunks
from server.queries.review import chunks

KEYS_AT_ONCE = 500
PRESENT = """
WITH asked(n, indicator, item, unit, period) AS (VALUES <asked>)
SELECT asked.n FROM asked JOIN period ON period.id = asked.period
WHERE EXISTS (
    SELECT 1 FROM unit_path JOIN fact ON fact.unit_id = unit_path.unit_id
    WHERE unit_path.ancestor_id = asked.unit
      AND fact.indicator_id = asked.indicator AND fact.item_id = asked.item
      AND fact.held_on BETWEEN period.first_day AND period.last_day AND fact.value > 0
)
"""
TABLE: Table = Count.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class CountedRecord:
    """The link of a chain that counts; `linked`: for its items only."""

    chain_id: int
    linked: bool
    pk: int
    form_id: str
    form_version: str
    unit_id: int
    held_on: date
    finished_at: datetime
    payload: bytes
    account_id: int
    phone_unit_id: int  # the unit that its phone was enrolled for


@dataclass(frozen=True, slots=True, order=True)
class FactRow:
    indicator_id: int
    item_id: int
    chain_id: int
    unit_id: int
    held_on: date
    value: int


@dataclass(frozen=True, slots=True, order=True)
class Presence:
    """The question whether an item counts for a unit (with all below) in a period."""

    indicator_id: int
    item_id: int
    unit_id: int
    period_id: int


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """The key of one cached count."""

    indicator_id: int
    period_id: int
    unit_id: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The content of one cached count."""

    numerator: int
    denominator: int | None


def lock_counts(session: Session) -> None:
    """Lets one recount at a time look at facts and move counts: two at once would both miss each other's facts."""
    session.execute(select(Installation.id).where(Installation.id == 1).with_for_update())


def counted_records(session: Session, chain_ids: Collection[int] | None = None) -> list[CountedRecord]:
    """The counted link of each of these chains that has one; of all chains without a list."""
    wanted = (
        select(
            Chain.id,
            Chain.linked_to_id.is_not(None),
            Record.id,
            Record.form_id,
            Record.form_version,
            Record.unit_id,
            Record.held_on,
            Record.finished_at,
            Record.payload,
            Record.account_id,
            Device.unit_id,
        )
        .join(Record, Record.id == Chain.counted_id)
        .join(Device, Device.id == Record.device_id)
        .order_by(Chain.id)
    )
    return [CountedRecord(*row) for row in in_chunks(session, wanted, Chain.id, chain_ids)]


def named_items(session: Session, record_pks: Collection[int] | None = None) -> dict[int, dict[str, list[str]]]:
    """record → question → uids of the items it names there."""
    wanted = select(RecordItem.record_pk, RecordItem.question, RecordItem.item_uid)
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for pk, question, uid in in_chunks(session, wanted, RecordItem.record_pk, record_pks):
        found[pk][question.rsplit("/", 1)[-1]].append(uid)
    return found


def form_model(session: Session, form_id: str, version: str) -> tuple[str, Callable[[], str]] | None:
    """(hash, a way to its text) of a compiled form, or None where this version was never loaded."""
    wanted = select(FormVersion.model_sha256).where(FormVersion.form_id == form_id, FormVersion.version == version)
    sha256 = session.scalar(wanted)
    if sha256 is None:
        return None
    text = select(FormVersion.model).where(FormVersion.form_id == form_id, FormVersion.version == version)
    return sha256, lambda: session.execute(text).scalar_one()


def facts_of(session: Session, chain_ids: Collection[int] | None = None) -> dict[FactRow, int]:
    """Stored facts of the chains (of all without a list) with their row ids."""
    wanted = select(Fact.id, Fact.indicator_id, Fact.item_id, Fact.chain_id, Fact.unit_id, Fact.held_on, Fact.value)
    return {FactRow(*rest): row_id for row_id, *rest in in_chunks(session, wanted, Fact.chain_id, chain_ids)}


def delete_facts(session: Session, row_ids: Collection[int]) -> None:
    for ids in chunks(row_ids):
        session.execute(delete(Fact).where(Fact.id.in_(ids)).execution_options(synchronize_session=False))


def insert_facts(session: Session, facts: Iterable[FactRow]) -> None:
    rows = [
        {
            "indicator_id": f.indicator_id,
            "item_id": f.item_id,
            "chain_id": f.chain_id,
            "unit_id": f.unit_id,
            "held_on": f.held_on,
            "value": f.value,
        }
        for f in sorted(facts)
    ]
    if rows:
        session.execute(insert(Fact), rows)


def ancestors(session: Session, unit_ids: Collection[int] | None = None) -> dict[int, tuple[int, ...]]:
    """unit → every unit whose figures include it (itself, above it, successors of these)."""
    found: dict[int, list[int]] = defaultdict(list)
    wanted = select(UnitPath.unit_id, UnitPath.ancestor_id)
    for unit_id, ancestor_id in in_chunks(session, wanted, UnitPath.unit_id, unit_ids):
        found[unit_id].append(ancestor_id)
    return {unit_id: tuple(above) for unit_id, above in found.items()}


def present(session: Session, keys: Collection[Presence]) -> set[Presence]:
    """Those of the keys for which a counted fact exists."""
    ordered = sorted(keys)
    found: set[Presence] = set()
    for start in range(0, len(ordered), KEYS_AT_ONCE):
        found |= _present(session, ordered[start : start + KEYS_AT_ONCE])
    return found


def move_counts(session: Session, moves: dict[Cell, int]) -> None:
    """Adds the differences to the cached numerators; a cell that is missing begins at its difference."""
    rows = [
        {"indicator_id": c.indicator_id, "period_id": c.period_id, "unit_id": c.unit_id, "numerator": by}
        for c, by in sorted(moves.items())
        if by
    ]
    if not rows:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    add = dialect.insert(TABLE)
    moved = add.on_conflict_do_update(
        index_elements=["indicator_id", "period_id", "unit_id"],
        set_={"numerator": TABLE.c.numerator + add.excluded.numerator},
    )
    session.connection().execute(moved, rows)


def cells(session: Session) -> dict[Cell, Figures]:
    columns = select(Count.indicator_id, Count.period_id, Count.unit_id, Count.numerator, Count.denominator)
    return {Cell(i, p, u): Figures(n, d) for i, p, u, n, d in session.execute(columns)}


def all_units(session: Session) -> list[int]:
    return list(session.scalars(select(Unit.id).order_by(Unit.id)))


def write_cells(session: Session, new: dict[Cell, Figures], changed: dict[Cell, Figures], gone: Iterable[Cell]) -> None:
    """Brings the cached counts to a wanted state."""
    if new:
        session.connection().execute(insert(TABLE), [_cell(c, f) for c, f in sorted(new.items(), key=_by_cell)])
    if changed:
        rows = [
            {"i": c.indicator_id, "p": c.period_id, "u": c.unit_id, "n": f.numerator, "d": f.denominator}
            for c, f in sorted(changed.items(), key=_by_cell)
        ]
        to_change = update(TABLE).where(*_at(bindparam("i"), bindparam("p"), bindparam("u")))
        session.connection().execute(to_change.values(numerator=bindparam("n"), denominator=bindparam("d")), rows)
    for cell in gone:
        session.execute(delete(Count).where(*_at(cell.indicator_id, cell.period_id, cell.unit_id)))


def _at(indicator: Any, period: Any, unit: Any) -> tuple[ColumnElement[bool], ...]:
    """One cell of the cached counts."""
    return TABLE.c.indicator_id == indicator, TABLE.c.period_id == period, TABLE.c.unit_id == unit


def numerators(session: Session, indicator: IndicatorRow, period: PeriodRow) -> dict[int, int]:
    """unit → numerator, computed from all facts of the indicator in the period."""
    counted = func.count(Fact.item_id.distinct()) if indicator.kind == "reach" else func.sum(Fact.value)
    wanted = (
        select(UnitPath.ancestor_id, counted)
        .join(UnitPath, UnitPath.unit_id == Fact.unit_id)
        .where(Fact.indicator_id == indicator.id, Fact.held_on.between(period.first_day, period.last_day))
        .where(Fact.value > 0)
        .group_by(UnitPath.ancestor_id)
    )
    return {unit_id: int(number) for unit_id, number in session.execute(wanted)}


def numerators_inside(
    session: Session, indicator: IndicatorRow, period: PeriodRow, item_ids: Collection[int]
) -> dict[int, int]:
    """unit → numerator, of these items only: who left before a cut-off is not in the base there."""
    wanted = (
        select(UnitPath.ancestor_id, Fact.item_id)
        .join(UnitPath, UnitPath.unit_id == Fact.unit_id)
        .where(Fact.indicator_id == indicator.id, Fact.held_on.between(period.first_day, period.last_day))
        .where(Fact.value > 0)
        .distinct()
    )
    return dict(Counter(unit_id for unit_id, item_id in session.execute(wanted) if item_id in item_ids))


def chains_naming(session: Session, item_ids: Collection[int]) -> set[int]:
    """Chains with a link that names one of the items or one of their aliases, or has a fact of it."""
    found: set[int] = set()
    for ids in chunks(item_ids):
        uids = select(Item.uid).where(or_(Item.id.in_(ids), Item.alias_of_id.in_(ids)))
        named = select(Record.chain_id).join(RecordItem, RecordItem.record_pk == Record.id)
        found.update(session.scalars(named.where(RecordItem.item_uid.in_(uids))))
        found.update(session.scalars(select(Fact.chain_id).where(Fact.item_id.in_(ids))))
    return found


def counted_chain_ids(session: Session) -> list[int]:
    """Chains that count, or that still have facts."""
    counted = select(Chain.id).where(Chain.counted_id.is_not(None))
    return sorted(set(session.scalars(counted)) | set(session.scalars(select(Fact.chain_id).distinct())))


def all_chain_ids(session: Session) -> list[int]:
    return list(session.scalars(select(Chain.id).order_by(Chain.id)))


def _present(session: Session, keys: Sequence[Presence]) -> set[Presence]:
    """Only whole numbers go into the text; as bound parameters they would cost fifty times what the question costs."""
    asked = ",".join(
        f"({n:d},{k.indicator_id:d},{k.item_id:d},{k.unit_id:d},{k.period_id:d})" for n, k in enumerate(keys)
    )
    found = session.connection().exec_driver_sql(PRESENT.replace("<asked>", asked))
    return {keys[row[0]] for row in found}


def _cell(cell: Cell, figures: Figures) -> dict[str, int | None]:
    return {
        "indicator_id": cell.indicator_id,
        "period_id": cell.period_id,
        "unit_id": cell.unit_id,
        "numerator": figures.numerator,
        "denominator": figures.denominator,
    }


def _by_cell(pair: tuple[Cell, Figures]) -> Cell:
    return pair[0]
