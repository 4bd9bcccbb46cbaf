"""Figures as a page shows them: shares, gaps, what waits, what stands beside."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from server import coverage
from server.coverage import figures
from server.coverage.figures import Base, Declared, Figure, Share
from server.models.coverage import Count
from server.models.people import Device
from server.models.registers import Declaration
from server.queries.scope import units_in_scope
from tests import make
from tests.coverage.ask import accept, chain_of
from tests.make import World


def figure(world: World, key: str, unit: str = "P", period: str = "year") -> Figure:
    found = figures.of_unit(world.units[unit], world.periods[period])
    return next(f for f in found if f.indicator == key)


def bare(numerator: int, denominator: int | None, target: float | None, measure: str | None = "percent") -> Figure:
    words: dict[str, Any] = {}
    plain = (words, words, words, "", "", words)
    return Figure("T", 1, "reach", *plain, numerator, denominator, ">=", target, measure, 0, Base(0, 0))


@pytest.mark.parametrize(
    ("numerator", "denominator", "target", "measure", "gap"),
    [
        (0, 7, 80, "percent", 6),
        (6, 7, 80, "percent", 0),
        (7, 7, 80, "percent", 0),
        (0, 10, 66.7, "percent", 7),
        (0, 1000, 0.3, "percent", 3),
        (0, None, 80, "percent", None),
        (0, 5, None, None, None),
        (0, None, 1, "count", 1),
    ],
)
def test_the_gap_is_in_items_and_rounded_up(
    numerator: int, denominator: int | None, target: float | None, measure: str | None, gap: int | None
) -> None:
    assert bare(numerator, denominator, target, measure).gap == gap


def test_without_a_denominator_there_is_no_share() -> None:
    assert bare(0, None, 80).share is None


def test_a_numerator_above_its_denominator_is_an_alarm_and_no_share() -> None:
    assert (bare(9, 8, 80).alarm, bare(9, 8, 80).share) == (True, None)


def test_t1_is_a_pair_over_the_communes_that_stand_at_the_periods_end(session: Session, world: World) -> None:
    accept(session, world, make.record(session, world, unit="A", rules=["rule1"]))
    accept(session, world, make.record(session, world, unit="B", rules=["rule2"]))
    accept(session, world, make.record(session, world, unit="C", rules=["rule1"]))
    found = figure(world, "T1")
    assert (found.numerator, found.denominator, found.target, found.gap) == (2, 4, 80, 2)
    assert found.pair == Share(3, 12)  # AB, C, D × four rules
    assert found.base == Base(2, 3)
    assert figure(world, "T1", period="q1").pair == Share(3, 16)  # A, B, C, D stood at the end of March


def test_waiting_says_what_records_could_add_at_most(session: Session, world: World) -> None:
    accept(session, world, make.record(session, world, rules=["rule1"], members=["a1"]))
    make.record(session, world, rules=["rule1", "rule2"], members=["a1", "c1"], attendees=25)
    make.record(session, world, by="officer_c", unit="C", rules=["rule2", "rule3"])
    assert [figure(world, key).waiting for key in ("T1", "T2", "sessions", "attendance")] == [2, 1, 2, 55]
    assert [figure(world, key, "C").waiting for key in ("T1", "T2", "sessions")] == [2, 1, 1]
    assert figure(world, "T1", period="m03").waiting == 2


def test_waiting_is_bounded_by_what_is_left_to_reach(session: Session, world: World) -> None:
    make.member(session, world, "gone", unit="C", first=date(2023, 1, 1), last=date(2023, 12, 31))
    make.record(session, world, by="officer_c", unit="C", members=["c1", "gone"])
    assert figure(world, "T2", "C").waiting == 1


def test_t2_says_how_it_comes_about(session: Session, world: World) -> None:
    make.member(session, world, "new", unit="A", state="pending")
    make.member(session, world, "cell1", unit="C", categories=[("SG01", None, None)])
    make.member(session, world, "cell2", unit="C", categories=[("SG01", None, None)])
    coverage.rebase(session, ["members"])
    accept(session, world, make.record(session, world, members=["a1", "cell1"]))
    _declare(session, world, "D", 12, 9)
    found = figure(world, "T2")
    assert (found.numerator, found.denominator) == (1, 4)
    assert found.base == Base(2, 3)  # AB by the rolls of its predecessors, C by its own; D only declares
    assert found.modes is not None
    assert (found.modes.register, found.modes.declared, found.modes.pending) == (1, 2, 1)
    assert found.modes.declarations == Declared(Share(9, 12), 1, date(2024, 6, 1))
    assert found.modes.detention == Share(1, 2)


def test_only_the_newest_declaration_of_a_unit_is_told(session: Session, world: World) -> None:
    _declare(session, world, "D", 12, 9)
    _declare(session, world, "D", 14, 3, as_of=date(2024, 9, 1))
    modes = figure(world, "T2", "D").modes
    assert modes is not None
    assert modes.declarations == Declared(Share(3, 14), 1, date(2024, 9, 1))
    assert (figure(world, "T2", "D").numerator, figure(world, "T2", "D").mode) == (0, "declared")


def test_a_row_per_child_that_stands_at_the_periods_end(session: Session, world: World) -> None:
    accept(session, world, make.record(session, world, unit="A", rules=["rule1"]))
    found = figures.by_child(world.units["D1"], world.periods["year"], "T1")
    assert [(row.unit.key.split("@")[0], row.figure.numerator) for row in found] == [("AB", 1)]
    assert [r.unit.label["vi"] for r in figures.by_child(world.units["P"], world.periods["year"], "T1")] == [
        "Đơn vị D1",
        "Đơn vị D2",
    ]


def test_a_number_leads_to_its_items_and_its_records(session: Session, world: World) -> None:
    first = accept(session, world, make.record(session, world, unit="A", rules=["rule1"], members=["a1"]))
    second = accept(session, world, make.record(session, world, by="officer_c", unit="C", members=["a1"]))
    year = world.periods["year"]
    reached = figures.items_of("T2", world.units["A"], year, reached=True)
    assert [(item.uid, item.records, item.first_on) for item in reached] == [("a1", 2, date(2024, 3, 5))]
    assert [item.uid for item in figures.items_of("T2", world.units["A"], year, reached=False)] == ["a2"]
    scope = units_in_scope(make.principal(world, "district1", "D1").grants, ["reviewer"])
    behind = figures.records_of("T2", world.units["A"], year, scope)
    assert [r.record_id for r in behind.records] == [first]
    assert behind.outside == 1
    everywhere = units_in_scope(make.principal(world, "province").grants, ["reviewer"])
    named = figures.records_of("T2", world.units["A"], year, everywhere, world.items["a1"])
    assert [r.chain_id for r in named.records] == [
        chain_of(session, second),
        chain_of(session, first),
    ]


def test_the_count_of_items_is_the_figure(session: Session, world: World) -> None:
    accept(session, world, make.record(session, world, rules=["rule1", "rule3"], members=["a1", "c1"]))
    for key in ("T1", "T2"):
        for unit in world.units:
            found = figure(world, key, unit)
            args = (key, world.units[unit], world.periods["year"])
            assert len(figures.items_of(*args, reached=True)) == found.numerator
            assert len(figures.items_of(*args)) == (found.denominator or 0)


def test_every_figure_says_as_of_when_and_what_is_still_on_phones(session: Session, world: World) -> None:
    accept(session, world, make.record(session, world))
    make.record(session, world)
    session.get_one(Device, world.devices["officer"]).report = {"waiting": 3}
    session.flush()
    found = figures.honesty(world.units["D1"], world.periods["year"])
    assert (found.counted, found.waiting, found.on_phones) == (1, 1, 3)
    assert figures.honesty(world.units["D2"], world.periods["year"]).on_phones == 0
    assert found.as_of.tzinfo is not None


@pytest.mark.parametrize(
    ("count", "holds", "hidden"),
    [(0, False, False), (1, False, True), (4, False, True), (5, False, False), (1, True, False), (None, False, False)],
)
def test_small_counts_are_hidden_from_whom_the_commune_is_not(count: int | None, holds: bool, hidden: bool) -> None:
    assert figures.suppressed(count, holds) is hidden


@pytest.mark.parametrize(
    ("numerator", "denominator", "hidden"),
    [(7, 8, True), (8, 8, False), (0, 8, False), (0, 4, True), (5, 10, False), (3, 10, True), (0, None, False)],
)
def test_a_share_that_names_a_person_is_hidden(numerator: int, denominator: int | None, hidden: bool) -> None:
    assert figures.share_suppressed(numerator, denominator, False) is hidden


def test_a_page_reads_cached_counts_and_no_facts(session: Session, world: World) -> None:
    cell = session.get_one(Count, (world.indicators["T1"], world.periods["year"], world.units["P"]))
    cell.numerator = 3
    session.flush()
    assert figure(world, "T1").numerator == 3


def _declare(
    session: Session, world: World, unit: str, denominator: int, numerator: int, as_of: date = date(2024, 6, 1)
) -> None:
    row = Declaration(
        indicator_id=world.indicators["T2"],
        period_id=world.periods["year"],
        unit_id=world.units[unit],
        as_of=as_of,
        denominator=denominator,
        numerator=numerator,
        source="báo cáo tháng",
        declared_at=make.NOON,
        declared_by_id=world.accounts["chief"],
    )
    session.add(row)
    session.flush()
