"""The bases of all figures: for each indicator, period and unit how many items there are to reach.

Also keeps the table of cached counts complete: one cell per indicator, period of its plan and unit.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy.orm import Session

from server.coverage import base
from server.queries import bases
from server.queries import coverage as rows
from server.queries.bases import IndicatorRow, ItemRow, PeriodRow
from server.queries.coverage import Cell, Figures


def rebase(session: Session, registers: Iterable[str] | None = None, *, anew: bool = False) -> None:
    """Recomputes denominators after registers, units or plan changed (all registers without a list).

    Numerators are left alone but where they may not be: in new cells, for bases at a cut-off (who left since is
    out), and everywhere if `anew`.
    """
    rows.lock_counts(session)
    chosen = None if registers is None else frozenset(registers)
    stored = rows.cells(session)
    wanted: dict[Cell, Figures] = {}
    looked_at: set[int] = set()
    for indicator, periods in _rebased(session, chosen):
        looked_at.add(indicator.id)
        wanted |= _cells_of(session, indicator, periods, stored, anew)
    rows.write_cells(
        session,
        new={c: f for c, f in wanted.items() if c not in stored},
        changed={c: f for c, f in wanted.items() if c in stored and stored[c] != f},
        gone=[c for c in stored if c.indicator_id in looked_at and c not in wanted],
    )


def denominators(
    indicator: IndicatorRow,
    period: PeriodRow,
    units: Sequence[int],
    above: dict[int, tuple[int, ...]],
    items: Sequence[ItemRow],
    groups: base.Categories,
) -> dict[int, int | None]:
    """unit → how many items are to be reached there in the period; None: no denominator."""
    if indicator.kind != "reach":
        return dict.fromkeys(units, None)
    inside = [item for item in items if base.in_base(indicator, item, period, groups)]
    if indicator.decided_by != "item_unit":
        return dict.fromkeys(units, len(inside) or None)
    counted = Counter(unit_id for item in inside for unit_id in above.get(item.unit_id or 0, ()))
    return {unit_id: counted[unit_id] or None for unit_id in units}


def _rebased(session: Session, registers: frozenset[str] | None) -> Iterator[tuple[IndicatorRow, list[PeriodRow]]]:
    periods = bases.periods(session)
    for indicator in bases.indicators(session):
        if registers is None or indicator.register in registers:
            yield indicator, [p for p in periods if p.plan_id == indicator.plan_id]


def _cells_of(
    session: Session, indicator: IndicatorRow, periods: list[PeriodRow], stored: dict[Cell, Figures], anew: bool
) -> dict[Cell, Figures]:
    units, above, groups = rows.all_units(session), rows.ancestors(session), bases.categories(session)
    items = bases.items_of_registers(session, [indicator.register]) if indicator.register else []
    found: dict[Cell, Figures] = {}
    for period in periods:
        cells = [Cell(indicator.id, period.id, unit_id) for unit_id in units]
        fresh = anew or indicator.base == "at_cutoff" or any(c not in stored for c in cells)
        numerators = _numerators(session, indicator, period, items, groups) if fresh else {}
        below = denominators(indicator, period, units, above, items, groups)
        for cell in cells:
            numerator = numerators.get(cell.unit_id, 0) if fresh else stored[cell].numerator
            found[cell] = Figures(numerator, below[cell.unit_id])
    return found


def _numerators(
    session: Session, indicator: IndicatorRow, period: PeriodRow, items: Sequence[ItemRow], groups: base.Categories
) -> dict[int, int]:
    if indicator.kind != "reach" or indicator.base != "at_cutoff":
        return rows.numerators(session, indicator, period)
    return rows.numerators_inside(session, indicator, period, base.items_inside(indicator, period, items, groups))
