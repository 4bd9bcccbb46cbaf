"""The proof: everything computed from the rows alone, compared with what is stored, cell by cell. Writes nothing.

Uses the rules (wanted facts, bases) but none of the arithmetic of differences: distinct items are counted as sets.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from server.coverage import base
from server.coverage.denominators import denominators
from server.coverage.wanted import wanted_facts
from server.queries import bases
from server.queries import coverage as rows
from server.queries.bases import IndicatorRow, ItemRow, PeriodRow
from server.queries.coverage import Cell, FactRow, Figures


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is stored otherwise than it should be. `table`: fact | coverage_count."""

    table: str
    key: str
    stored: str
    wanted: str


def verify(session: Session) -> list[Difference]:
    """Every difference between the ledger and its recomputation from counted records; empty when all is well."""
    facts = wanted_facts(session, rows.counted_records(session))
    stored_facts = set(rows.facts_of(session))
    found = [Difference("fact", _name(f), "there", "not there") for f in sorted(stored_facts - facts)]
    found += [Difference("fact", _name(f), "not there", "there") for f in sorted(facts - stored_facts)]
    stored, wanted = rows.cells(session), dict(_cells(session, facts))
    for cell in sorted(stored.keys() | wanted.keys()):
        if stored.get(cell) != wanted.get(cell):
            found.append(Difference("coverage_count", _cell_name(cell), str(stored.get(cell)), str(wanted.get(cell))))
    return found


def _cells(session: Session, facts: Iterable[FactRow]) -> Iterator[tuple[Cell, Figures]]:
    units, above, groups = rows.all_units(session), rows.ancestors(session), bases.categories(session)
    by_indicator: dict[int, list[FactRow]] = defaultdict(list)
    for fact in facts:
        by_indicator[fact.indicator_id].append(fact)
    for indicator in bases.indicators(session):
        items = bases.items_of_registers(session, [indicator.register]) if indicator.register else []
        known = {item.id: item for item in items}
        for period in (p for p in bases.periods(session) if p.plan_id == indicator.plan_id):
            counted = [f for f in by_indicator[indicator.id] if _inside(indicator, period, f, known, groups)]
            numerators = _numerators(indicator, counted, above)
            below = denominators(indicator, period, units, above, items, groups)
            for unit_id in units:
                yield Cell(indicator.id, period.id, unit_id), Figures(numerators.get(unit_id, 0), below[unit_id])


def _inside(
    indicator: IndicatorRow, period: PeriodRow, fact: FactRow, items: Mapping[int, ItemRow], groups: base.Categories
) -> bool:
    if fact.value <= 0 or not period.first_day <= fact.held_on <= period.last_day:
        return False
    return indicator.kind != "reach" or base.in_base(indicator, items[fact.item_id], period, groups)


def _numerators(
    indicator: IndicatorRow, facts: Iterable[FactRow], above: Mapping[int, tuple[int, ...]]
) -> dict[int, int]:
    reached: dict[int, set[int]] = defaultdict(set)
    totals: dict[int, int] = defaultdict(int)
    for fact in facts:
        for unit_id in above.get(fact.unit_id, ()):
            reached[unit_id].add(fact.item_id)
            totals[unit_id] += fact.value
    return {u: len(found) for u, found in reached.items()} if indicator.kind == "reach" else totals


def _name(fact: FactRow) -> str:
    where = f"unit {fact.unit_id}, {fact.held_on}"
    return f"indicator {fact.indicator_id}, item {fact.item_id}, chain {fact.chain_id}, {where}, {fact.value}"


def _cell_name(cell: Cell) -> str:
    return f"indicator {cell.indicator_id}, period {cell.period_id}, unit {cell.unit_id}"
