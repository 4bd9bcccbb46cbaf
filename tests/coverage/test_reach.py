"""What a decision moves: T1 by the record's unit, T2 by the member's, every level on its own."""

from datetime import date

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from server import coverage
from server.models.coverage import Count
from server.models.plan import Indicator
from server.models.registers import Item
from server.models.units import Unit
from tests import make
from tests.coverage.ask import accept, cells, decide, numerators
from tests.make import World


def test_accepting_moves_commune_district_and_province_by_the_rules_told(session: Session, world: World) -> None:
    accept(session, world, make.record(session, world, unit="C", rules=["rule2", "rule3"]))
    assert numerators(session, world, "T1") == {"P": 2, "D2": 2, "C": 2}
    assert coverage.verify(session) == []


def test_nothing_moves_before_the_record_is_accepted(session: Session, world: World) -> None:
    make.record(session, world, members=["a1"])
    assert numerators(session, world, "T1") == numerators(session, world, "sessions") == {}


def test_a_province_counts_a_rule_once_that_two_communes_told(session: Session, world: World) -> None:
    for unit, by in (("A", "officer"), ("C", "officer_c")):
        accept(session, world, make.record(session, world, by=by, unit=unit, rules=["rule1"]))
    assert numerators(session, world, "T1") == {"P": 1, "D1": 1, "A": 1, "AB": 1, "D2": 1, "C": 1}


def test_a_member_reached_in_another_commune_counts_for_their_own(session: Session, world: World) -> None:
    accept(session, world, make.record(session, world, unit="C", members=["a1"]))
    assert numerators(session, world, "T2") == {"P": 1, "D1": 1, "A": 1, "AB": 1}


@pytest.mark.parametrize(
    ("unit", "by", "counted"), [("A", "officer", True), ("D", "officer", True), ("C", "new", False)]
)
def test_a_condition_sees_the_officer_as_the_phone_did(
    session: Session, world: World, unit: str, by: str, counted: bool
) -> None:
    """`me` is the officer of the unit that the phone was enrolled for, wherever the session was held."""
    make.account(session, world, "new", "D")
    condition = "instance('me')/root/item[1]/t2_mode = 'register'"
    session.get_one(Indicator, world.indicators["sessions"]).feeds = [{"form": "outreach_session", "filter": condition}]
    session.flush()
    accept(session, world, make.record(session, world, by=by, unit=unit))
    assert (numerators(session, world, "sessions").get(unit) == 1) == counted


def test_a_contact_without_a_relevant_rule_reaches_no_member(session: Session, world: World) -> None:
    accept(session, world, make.record(session, world, rules=["rule2"], members=["a1"]))
    assert numerators(session, world, "T2") == {}


def test_a_member_met_twice_counts_once_and_stays_when_one_record_is_withdrawn(session: Session, world: World) -> None:
    first = make.record(session, world, members=["a1"])
    second = make.record(session, world, members=["a1"], held_on=date(2024, 3, 9))
    accept(session, world, first, second)
    assert numerators(session, world, "T2")["P"] == 1
    make.record(session, world, intent="withdraw", replaces=first, rules=[], attendees=0)
    assert numerators(session, world, "T2")["P"] == 1
    assert coverage.verify(session) == []


def test_withdrawing_puts_every_figure_back(session: Session, world: World) -> None:
    before = cells(session)
    sent = make.record(session, world, members=["a1", "c1"], rules=["rule1", "rule2"], attendees=41)
    accept(session, world, sent)
    assert cells(session) != before
    make.record(session, world, intent="withdraw", replaces=sent)
    assert cells(session) == before


def test_a_correction_waits_while_the_accepted_link_goes_on_counting(session: Session, world: World) -> None:
    first = make.record(session, world, attendees=30)
    accept(session, world, first)
    second = make.record(session, world, intent="correct", replaces=first, attendees=50)
    assert numerators(session, world, "attendance")["P"] == 30
    accept(session, world, second)
    assert numerators(session, world, "attendance")["P"] == 50
    assert numerators(session, world, "sessions")["P"] == 1


def test_a_reversal_brings_no_former_link_back(session: Session, world: World) -> None:
    first = make.record(session, world, attendees=30)
    accept(session, world, first)
    second = make.record(session, world, intent="correct", replaces=first, attendees=50)
    accept(session, world, second)
    decide(session, world, second, "reversed", reason="nhầm buổi")
    assert numerators(session, world, "attendance") == {}
    assert coverage.verify(session) == []


def test_declared_mode_never_moves_t2(session: Session, world: World) -> None:
    make.member(session, world, "d1", unit="D")
    coverage.rebase(session, ["members"])
    accept(session, world, make.record(session, world, by="officer_c", unit="D", members=["d1"]))
    assert numerators(session, world, "T2") == {}
    assert cells(session)[("T2", "year", "D")] == (0, None)


def test_switching_a_unit_to_its_register_counts_what_was_accepted_before(session: Session, world: World) -> None:
    make.member(session, world, "d1", unit="D")
    accept(session, world, make.record(session, world, by="officer_c", unit="D", members=["d1"]))
    session.get_one(Unit, world.units["D"]).t2_mode = "register"
    session.flush()
    coverage.mode_changed(session, world.units["D"])
    assert cells(session)[("T2", "year", "D")] == (1, 1)
    assert coverage.verify(session) == []


def test_a_pending_code_counts_nowhere_until_it_is_confirmed(session: Session, world: World) -> None:
    make.member(session, world, "new", unit="A", state="pending", categories=())
    accept(session, world, make.record(session, world, members=["new"]))
    assert cells(session)[("T2", "year", "A")] == (0, 2)
    item = session.get_one(Item, world.items["new"])
    item.state, item.valid_from = "confirmed", date(2024, 2, 1)
    session.flush()
    coverage.items_changed(session, [item.id])
    assert cells(session)[("T2", "year", "A")] == (1, 3)
    assert coverage.verify(session) == []


def test_an_alias_counts_for_the_item_it_stands_for(session: Session, world: World) -> None:
    make.member(session, world, "again", unit="A", state="alias", alias_of="a1")
    accept(session, world, make.record(session, world, members=["a1", "again"]))
    assert numerators(session, world, "T2")["A"] == 1


@pytest.mark.parametrize(
    ("first", "last", "held_on", "counted"),
    [
        (date(2024, 3, 6), None, date(2024, 3, 5), 0),
        (date(2024, 3, 5), None, date(2024, 3, 5), 1),
        (None, date(2024, 3, 5), date(2024, 3, 5), 1),
        (None, date(2024, 3, 4), date(2024, 3, 5), 0),
    ],
)
def test_a_contact_outside_the_members_own_dates_does_not_count(
    session: Session, world: World, first: date | None, last: date | None, held_on: date, counted: int
) -> None:
    make.member(session, world, "short", unit="A", first=first, last=last)
    accept(session, world, make.record(session, world, members=["short"], held_on=held_on))
    assert numerators(session, world, "T2").get("A", 0) == counted


def test_detention_stands_beside_the_headline_never_inside(session: Session, world: World) -> None:
    make.member(session, world, "held", unit="C", categories=[("SG01", None, None)])
    coverage.rebase(session, ["members"])
    accept(session, world, make.record(session, world, by="officer_c", unit="C", members=["held"]))
    assert cells(session)[("T2", "year", "C")] == (0, 1)


def test_who_came_home_from_detention_counts_from_that_day(session: Session, world: World) -> None:
    spans = [("SG01", None, date(2024, 2, 29)), ("SG03", date(2024, 3, 1), None)]
    make.member(session, world, "home", unit="C", categories=spans)
    coverage.rebase(session, ["members"])
    inside = make.record(session, world, by="officer_c", unit="C", members=["home"], held_on=date(2024, 2, 10))
    accept(session, world, inside)
    assert cells(session)[("T2", "year", "C")] == (0, 2)
    after = make.record(session, world, by="officer_c", unit="C", members=["home"], held_on=date(2024, 3, 10))
    accept(session, world, after)
    assert cells(session)[("T2", "year", "C")] == (1, 2)


def test_a_late_acceptance_stays_in_the_period_of_its_day(session: Session, world: World) -> None:
    accept(session, world, make.record(session, world, held_on=date(2024, 2, 5)), at=make.NOON.replace(month=12))
    assert numerators(session, world, "sessions", "q1")["P"] == 1
    assert numerators(session, world, "sessions", "m03") == {}


def test_a_successors_figure_includes_its_predecessors(session: Session, world: World) -> None:
    accept(session, world, make.record(session, world, unit="A", rules=["rule1"]))
    accept(session, world, make.record(session, world, unit="B", rules=["rule1", "rule2"]))
    assert numerators(session, world, "T1") == {"P": 2, "D1": 2, "A": 1, "B": 2, "AB": 2}


def test_a_rule_told_before_it_was_in_force_is_not_covered(session: Session, world: World) -> None:
    make.provision(session, world, "young", first=date(2024, 7, 1))
    make.provision(session, world, "secret", excluded=True)
    coverage.rebase(session, ["provisions"])
    accept(session, world, make.record(session, world, rules=["young", "secret"]))
    assert cells(session)[("T1", "year", "A")] == (0, 5)
    assert cells(session)[("T1", "q1", "A")] == (0, 4)


def test_a_base_at_the_cutoff_leaves_out_who_left(session: Session, world: World) -> None:
    feeds = [{"form": "outreach_session", "question": "members"}]
    make.indicator(session, world, "T4", register="members", decided_by="item_unit", base="at_cutoff", feeds=feeds)
    coverage.rebase(session)
    accept(session, world, make.record(session, world, members=["a1", "a2"]))
    session.get_one(Item, world.items["a2"]).valid_to = date(2024, 3, 20)
    session.flush()
    coverage.items_changed(session, [world.items["a2"]])
    assert cells(session)[("T4", "year", "A")] == (1, 1)
    assert coverage.verify(session) == []
    decide(session, world, accept(session, world, make.record(session, world, members=["a2"])), "reversed", reason="x")
    assert coverage.verify(session) == []


def test_a_register_without_items_gives_no_denominator(session: Session, world: World) -> None:
    session.execute(delete(Item).where(Item.register == "provisions"))
    coverage.rebase(session)
    assert cells(session)[("T1", "year", "P")] == (0, None)


def test_the_ledger_made_anew_is_the_ledger_that_was_kept(session: Session, world: World) -> None:
    accept(session, world, make.record(session, world, members=["a1"]), make.record(session, world, rules=["rule4"]))
    kept = cells(session)
    session.execute(delete(Count))
    coverage.recount_all(session)
    assert cells(session) == kept


def test_the_proof_names_a_cell_that_was_tampered_with(session: Session, world: World) -> None:
    accept(session, world, make.record(session, world))
    cell = session.get_one(Count, (world.indicators["T1"], world.periods["year"], world.units["P"]))
    cell.numerator += 1
    session.flush()
    found = coverage.verify(session)
    assert [d.table for d in found] == ["coverage_count"]
