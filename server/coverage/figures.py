"""Figures as pages, phones and reports show them: one value for one indicator, unit and period (read from the ledger).

Who may see a unit is asked before; what is too small to show (`suppressed`) is decided where it is shown (U14, D33).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from server import clock
from server.coverage import base
from server.coverage.conditions import answers_in
from server.coverage.wanted import number_in
from server.db import db
from server.queries import bases
from server.queries import figures as rows
from server.queries.bases import IndicatorRow, PeriodRow
from server.queries.figures import ItemLine, Naming, RecordLine, Scope, TargetRow, UnitName, Words

SMALL = 5  # counts of special-group persons below this, and shares on such a base, name a person to the neighbours


@dataclass(frozen=True, slots=True)
class Share:
    """A numerator with its denominator beside a headline: the pair of T1, detention of T2, a sum of declarations."""

    numerator: int
    denominator: int | None

    @property
    def share(self) -> float | None:
        return _share(self.numerator, self.denominator)


@dataclass(frozen=True, slots=True)
class Base:
    """ "n/m xã có số liệu": how many of the unit's standing communes the figure has data of."""

    with_data: int
    communes: int


@dataclass(frozen=True, slots=True)
class Declared:
    """What units declare of themselves; stands beside, is never added. `as_of`: the oldest of them."""

    total: Share
    units: int
    as_of: date


@dataclass(frozen=True, slots=True)
class Modes:
    """How T2 comes about: communes that keep a roll here, those that declare, codes from the field that wait."""

    register: int
    declared: int
    pending: int
    declarations: Declared | None = None
    detention: Share | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator for one unit in one period.

    `share`: part of 1, None without denominator. `target`: as the plan says it (80 with measure percent).
    `gap`: items still missing to the target, rounded up. `waiting`: what waiting records could add at most.
    `alarm`: the numerator is larger than the denominator. `mode`: of a commune's T2, register | declared.
    """

    indicator: str
    indicator_id: int
    kind: str
    label: Words
    short: Words
    counted_in: Words
    section: str
    quote: str
    reading: Words
    numerator: int
    denominator: int | None
    op: str | None
    target: float | None
    measure: str | None
    waiting: int
    base: Base
    mode: str | None = None
    pair: Share | None = None
    modes: Modes | None = None

    @property
    def share(self) -> float | None:
        return None if self.alarm else _share(self.numerator, self.denominator)

    @property
    def target_share(self) -> float | None:
        return self.target / 100 if self.target is not None and self.measure == "percent" else None

    @property
    def waiting_share(self) -> float:
        return self.waiting / self.denominator if self.denominator else 0.0

    @property
    def alarm(self) -> bool:
        return self.denominator is not None and self.numerator > self.denominator

    @property
    def gap(self) -> int | None:
        wanted = self._wanted()
        return None if wanted is None else max(0, wanted - self.numerator)

    def _wanted(self) -> int | None:
        if self.target is None:
            return None
        if self.measure == "percent":
            return None if self.denominator is None else math.ceil(Fraction(str(self.target)) * self.denominator / 100)
        return math.ceil(self.target)


@dataclass(frozen=True, slots=True)
class Row:
    """A unit directly below, with its figure."""

    unit: UnitName
    figure: Figure


@dataclass(frozen=True, slots=True)
class Honesty:
    """As of when, from how many records, and what is still on phones. `phones`: active ones; `last_contact`: oldest."""

    as_of: datetime
    counted: int
    waiting: int
    on_phones: int
    phones: int
    last_contact: datetime | None


@dataclass(frozen=True, slots=True)
class Behind:
    """Records behind a figure; `outside`: how many more lie outside the viewer's units."""

    records: Sequence[RecordLine]
    outside: int


def of_unit(unit_id: int, period_id: int) -> list[Figure]:
    """Every indicator of the period's plan for the unit, in the plan's order; none for an unknown unit or period."""
    session = db.session()
    unit, period = rows.unit(session, unit_id), rows.period(session, period_id)
    if unit is None or period is None:
        return []
    read = _Reader(session, period, [unit])
    return [_deep(session, read.figure(naming, unit), unit, period, read) for naming in read.namings]


def by_child(unit_id: int, period_id: int, indicator_key: str) -> list[Row]:
    """The units directly below that stand at the period's end, each with its figure of one indicator."""
    session = db.session()
    period = rows.period(session, period_id)
    if period is None:
        return []
    children = rows.children(session, unit_id, period.last_day)
    read = _Reader(session, period, children, indicator_key)
    return [Row(child, read.figure(naming, child)) for child in children for naming in read.namings]


def honesty(unit_id: int, period_id: int) -> Honesty:
    """What stands beside every figure of the unit and period."""
    session = db.session()
    period = rows.period(session, period_id)
    found = rows.standing(session, unit_id, period) if period else rows.Standing(0, 0)
    phones = rows.phone_reports(session, unit_id)
    contacts = [at for _, at in phones if at is not None]
    on_phones = sum(_whole(report.get("waiting")) for report, _ in phones)
    oldest = min(contacts, default=None)
    return Honesty(clock.now(), found.counted, found.waiting, on_phones, len(phones), oldest)


def items_of(indicator_key: str, unit_id: int, period_id: int, reached: bool | None = None) -> list[ItemLine]:
    """The items of a figure's base: all, those reached, or those still to reach."""
    session = db.session()
    found = _one(session, indicator_key, period_id)
    if found is None or found[0].kind != "reach":
        return []
    indicator, period = found
    lines = rows.items(session, indicator, period, unit_id)
    known, groups = bases.items_by_uid(session, [line.uid for line in lines]), bases.categories(session)
    return [
        line
        for line in lines
        if reached in (None, line.records > 0) and base.in_base(indicator, known[line.uid], period, groups)
    ]


def records_of(
    indicator_key: str,
    unit_id: int,
    period_id: int,
    scope: Scope,
    item_id: int | None = None,
    after: tuple[date, int] | None = None,
    limit: int = 50,
) -> Behind:
    """The counted records behind a figure (or one item of it) that lie in `scope`, newest first."""
    session = db.session()
    found = _one(session, indicator_key, period_id)
    if found is None:
        return Behind((), 0)
    lines = rows.records(session, *found, unit_id, scope, item_id, after, limit)
    return Behind(lines, rows.records_outside(session, *found, unit_id, scope, item_id))


def suppressed(count: int | None, scope_holds_commune: bool) -> bool:
    """Must this count of special-group persons be shown as "<5"? 0 is shown."""
    return count is not None and 0 < count < SMALL and not scope_holds_commune


def share_suppressed(numerator: int, denominator: int | None, scope_holds_commune: bool) -> bool:
    """Must this share be hidden? Also on a small base, and where the part that is missing is small (7 of 8)."""
    if denominator is None or scope_holds_commune:
        return False
    return denominator < SMALL or suppressed(numerator, False) or suppressed(denominator - numerator, False)


class _Reader:
    """Everything that figures of some units in one period share, read once."""

    def __init__(self, session: Session, period: PeriodRow, units: Sequence[UnitName], only: str | None = None) -> None:
        ids = [unit.id for unit in units]
        self.session, self.period, self.units = session, period, ids
        self.namings = [n for n in rows.namings(session, period.plan_id) if only in (None, n.key)]
        self.indicators = {i.id: i for i in bases.indicators(session)}
        self.targets = rows.targets(session, period.plan_id, period.last_day)
        self.communes = rows.communes(session, ids, period.last_day)
        everywhere = {commune.id for found in self.communes.values() for commune in found} | set(ids)
        self.counts = rows.counts(session, period.id, everywhere)
        self.groups = bases.categories(session)
        self.pending = rows.pending_codes(session, ids, base.MEMBERS)
        self._waiting = {n.id: self._waiting_of(n) for n in self.namings}

    def figure(self, naming: Naming, unit: UnitName) -> Figure:
        numerator, denominator = self.counts.get((naming.id, unit.id), (0, None))
        target: TargetRow | None = self.targets.get(naming.id)
        figure = Figure(
            indicator=naming.key,
            indicator_id=naming.id,
            kind=naming.kind,
            label=naming.label,
            short=naming.short,
            counted_in=naming.counted_in,
            section=naming.section,
            quote=naming.quote,
            reading=naming.reading,
            numerator=numerator,
            denominator=denominator,
            op=target.op if target else None,
            target=target.value if target else None,
            measure=target.measure if target else None,
            waiting=self._bounded(self._waiting[naming.id].get(unit.id, 0), numerator, denominator),
            base=self._base(naming, unit),
        )
        return self._with_modes(self._with_pair(figure, unit), unit)

    def indicator(self, figure: Figure) -> IndicatorRow | None:
        return self.indicators.get(figure.indicator_id)

    def _with_pair(self, figure: Figure, unit: UnitName) -> Figure:
        """T1 is read as a pair: told once in the unit | share of its commune × rule pairs (U5)."""
        indicator = self.indicator(figure)
        if indicator is None or indicator.kind != "reach" or indicator.decided_by != "record_unit":
            return figure
        cells = [self.counts.get((indicator.id, c.id), (0, None)) for c in self.communes[unit.id]]
        wanted = sum(d for _, d in cells if d is not None)
        return replace(figure, pair=Share(sum(n for n, _ in cells), wanted or None))

    def _with_modes(self, figure: Figure, unit: UnitName) -> Figure:
        indicator = self.indicator(figure)
        if indicator is None or indicator.register != base.MEMBERS:
            return figure
        communes = self.communes[unit.id]
        kept = sum(c.t2_mode == "register" for c in communes)
        modes = Modes(kept, len(communes) - kept, self.pending.get(unit.id, 0))
        return replace(figure, modes=modes, mode=unit.t2_mode if unit.level == "commune" else None)

    def _base(self, naming: Naming, unit: UnitName) -> Base:
        communes = self.communes[unit.id]
        cells = [self.counts.get((naming.id, c.id), (0, None)) for c in communes]
        indicator = self.indicators.get(naming.id)
        by_roll = indicator is not None and indicator.decided_by == "item_unit"
        told = sum(d is not None if by_roll else n > 0 for n, d in cells)
        return Base(told, len(communes))

    def _bounded(self, waiting: int, numerator: int, denominator: int | None) -> int:
        return waiting if denominator is None else max(0, min(waiting, denominator - numerator))

    def _waiting_of(self, naming: Naming) -> Mapping[int, int]:
        indicator = self.indicators.get(naming.id)
        if indicator is None or not self.units:
            return {}
        if indicator.kind == "reach":
            return self._waiting_items(indicator)
        found: dict[int, int] = {}
        for unit_id, payload, now in rows.waiting_records(self.session, indicator, self.period, self.units):
            found[unit_id] = found.get(unit_id, 0) + max(0, _value(indicator, payload) - now)
        return found

    def _waiting_items(self, indicator: IndicatorRow) -> Mapping[int, int]:
        pairs = rows.waiting_items(self.session, indicator, self.period, self.units)
        known = bases.items_by_uid(self.session, {uid for _, uid in pairs})
        found: dict[int, int] = {}
        for unit_id, uid in pairs:
            inside = uid in known and base.in_base(indicator, known[uid], self.period, self.groups)
            found[unit_id] = found.get(unit_id, 0) + inside
        return found


def _deep(session: Session, figure: Figure, unit: UnitName, period: PeriodRow, read: _Reader) -> Figure:
    """Adds what stands beside T2 (U3, U4): declarations and detention."""
    indicator = read.indicator(figure)
    if figure.modes is None or indicator is None:
        return figure
    codes = [g.code for g in read.groups.values() if base.is_beside(indicator, g)]
    uids = rows.uids_in_categories(session, base.MEMBERS, codes, unit.id)
    held = bases.items_by_uid(session, uids).values()
    inside = sum(base.in_detention(indicator, item, period, read.groups) for item in held)
    detention = Share(rows.items_beside(session, indicator.id, period, unit.id), inside or None)
    declared = _declared(session, indicator, period, unit)
    return replace(figure, modes=replace(figure.modes, declarations=declared, detention=detention))


def _declared(session: Session, indicator: IndicatorRow, period: PeriodRow, unit: UnitName) -> Declared | None:
    found = rows.declared(session, indicator.id, period.id, unit.id)
    if not found:
        return None
    total = Share(sum(d.numerator for d in found), sum(d.denominator for d in found) or None)
    return Declared(total, len(found), min(d.as_of for d in found))


def _one(session: Session, indicator_key: str, period_id: int) -> tuple[IndicatorRow, PeriodRow] | None:
    period = rows.period(session, period_id)
    if period is None:
        return None
    found = (i for i in bases.indicators(session) if i.key == indicator_key and i.plan_id == period.plan_id)
    indicator = next(found, None)
    return (indicator, period) if indicator else None


def _value(indicator: IndicatorRow, payload: bytes) -> int:
    if indicator.kind == "count":
        return 1
    answers = answers_in(payload)
    return sum(number_in(answers, feed.question) for feed in indicator.feeds)


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _share(numerator: int, denominator: int | None) -> float | None:
    return numerator / denominator if denominator else None
