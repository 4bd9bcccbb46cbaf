"""The one place that moves figures: facts of chains, and the cached counts of the named periods (D15).

Counts move by differences: for every (indicator, item, unit above, period) that a changed fact touches, presence is
asked before and after the facts change, so that an item counts once at every level on its own.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy.orm import Session

from server.coverage import base
from server.coverage.denominators import rebase
from server.coverage.wanted import wanted_facts
from server.queries import bases
from server.queries import coverage as rows
from server.queries.bases import IndicatorRow, PeriodRow
from server.queries.coverage import Cell, FactRow, Presence

CHAINS_AT_ONCE = 500


def recount(session: Session, chain_ids: Iterable[int]) -> None:
    """Makes facts and cached counts what the chains' counted links say. Same transaction as what changed them."""
    rows.lock_counts(session)
    ordered = sorted(set(chain_ids))
    for start in range(0, len(ordered), CHAINS_AT_ONCE):
        _recount(session, ordered[start : start + CHAINS_AT_ONCE])


def items_changed(session: Session, item_ids: Collection[int]) -> None:
    """After items were confirmed, merged (alias), moved or re-dated: recounts what names them, then the bases."""
    recount(session, rows.chains_naming(session, item_ids))
    rebase(session, bases.registers_of(session, item_ids))


def mode_changed(session: Session, unit_id: int) -> None:
    """After a unit's t2_mode was switched (U3): its members begin or cease to count."""
    items_changed(session, bases.item_ids_of_unit(session, base.MEMBERS, unit_id))
    rebase(session, [base.MEMBERS])


def recount_all(session: Session) -> None:
    """Everything anew: after units merged, a plan was loaded or indicators changed."""
    recount(session, rows.counted_chain_ids(session))
    rebase(session, anew=True)


def _recount(session: Session, chain_ids: Collection[int]) -> None:
    stored = rows.facts_of(session, chain_ids)
    wanted = wanted_facts(session, rows.counted_records(session, chain_ids))
    gone, new = stored.keys() - wanted, wanted - stored.keys()
    if not gone and not new:
        return
    ground = _Ground.read(session, gone | new)
    keys = ground.presences(gone | new)
    before = rows.present(session, keys)
    rows.delete_facts(session, [stored[fact] for fact in gone])
    rows.insert_facts(session, new)
    after = rows.present(session, keys)
    moves: Counter[Cell] = Counter()
    moves.update(_cell(key) for key in after - before)
    moves.subtract(_cell(key) for key in before - after)
    ground.add_values(moves, new, 1)
    ground.add_values(moves, gone, -1)
    rows.move_counts(session, moves)


def _cell(key: Presence) -> Cell:
    return Cell(key.indicator_id, key.period_id, key.unit_id)


class _Ground:
    """The plan and the units that changed facts are spread over."""

    def __init__(
        self,
        indicators: Mapping[int, IndicatorRow],
        periods: Collection[PeriodRow],
        above: Mapping[int, tuple[int, ...]],
        inside: Mapping[tuple[int, int], frozenset[int]],
    ) -> None:
        self._indicators = indicators
        self._periods = periods
        self._above = above
        self._inside = inside

    @classmethod
    def read(cls, session: Session, facts: Collection[FactRow]) -> "_Ground":
        indicators = {i.id: i for i in bases.indicators(session)}
        periods, groups = bases.periods(session), bases.categories(session)
        cutoffs = [i for i in indicators.values() if i.kind == "reach" and i.base == "at_cutoff"]
        touched = {f.indicator_id for f in facts}
        inside = {
            (i.id, p.id): base.items_inside(i, p, bases.items_of_registers(session, [i.register or ""]), groups)
            for i in cutoffs
            if i.id in touched
            for p in periods
            if p.plan_id == i.plan_id
        }
        return cls(indicators, periods, rows.ancestors(session, {f.unit_id for f in facts}), inside)

    def presences(self, facts: Iterable[FactRow]) -> set[Presence]:
        """Every count of distinct items that these facts may move."""
        return {
            Presence(fact.indicator_id, fact.item_id, unit_id, period.id)
            for fact in facts
            if fact.value > 0 and self._kind(fact) == "reach"
            for period in self._periods_of(fact)
            if fact.item_id in self._inside.get((fact.indicator_id, period.id), (fact.item_id,))
            for unit_id in self._above.get(fact.unit_id, ())
        }

    def add_values(self, moves: Counter[Cell], facts: Iterable[FactRow], sign: int) -> None:
        """Counts and sums add up: every fact moves its cells by its value."""
        for fact in facts:
            if self._kind(fact) in ("count", "sum"):
                for period in self._periods_of(fact):
                    for unit_id in self._above.get(fact.unit_id, ()):
                        moves[Cell(fact.indicator_id, period.id, unit_id)] += sign * fact.value

    def _kind(self, fact: FactRow) -> str | None:
        indicator = self._indicators.get(fact.indicator_id)
        return indicator.kind if indicator else None

    def _periods_of(self, fact: FactRow) -> list[PeriodRow]:
        plan_id = self._indicators[fact.indicator_id].plan_id
        return [p for p in self._periods if p.plan_id == plan_id and p.first_day <= fact.held_on <= p.last_day]
