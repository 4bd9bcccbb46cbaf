"""Who may decide, who was first, and what a decision leaves behind."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import review
from server.models.records import Chain, Record, Review
from server.models.system import Audit, Installation
from server.review import chains
from server.review.chains import Arrived
from sync.problems import Problem
from tests import make
from tests.coverage.ask import accept, chain_of, decide
from tests.make import World


def state_of(session: Session, record_id: str) -> str:
    return session.execute(select(Chain.state).where(Chain.id == chain_of(session, record_id))).scalar_one()


def refused(session: Session, world: World, record_id: str, outcome: str = "accepted", **how: Any) -> Problem:
    with pytest.raises(Problem) as found:
        decide(session, world, record_id, outcome, **how)
    return found.value


def test_a_decision_takes_the_next_number_and_stands_in_the_audit(session: Session, world: World) -> None:
    sent = make.record(session, world)
    before = session.get_one(Installation, 1).seq
    decide(session, world, sent, "returned", reason="thiếu số người", fields=["/outreach_session/attendance"])
    row = session.scalars(select(Review)).one()
    assert (row.seq, row.reason, row.fields) == (before + 1, "thiếu số người", ["/outreach_session/attendance"])
    assert session.scalars(select(Audit.action)).all() == ["record.returned"]


@pytest.mark.parametrize("outcome", ["returned", "rejected"])
def test_a_decision_against_a_record_needs_a_reason(session: Session, world: World, outcome: str) -> None:
    problem = refused(session, world, make.record(session, world), outcome, reason="  ")
    assert (problem.status, [e.pointer for e in problem.errors]) == (422, ["/reason"])


def test_an_unknown_outcome_is_refused(session: Session, world: World) -> None:
    assert refused(session, world, make.record(session, world), "approved").type == "decision-invalid"


@pytest.mark.parametrize(("by", "unit"), [("district2", "D2"), ("chief", "B")])
def test_a_record_outside_the_scope_is_answered_like_none(session: Session, world: World, by: str, unit: str) -> None:
    problem = refused(session, world, make.record(session, world, unit="A"), by=by, unit=unit)
    with pytest.raises(Problem) as absent:
        review.decide(session, make.principal(world, by, unit), 999, "accepted", None, (), make.NOON)
    assert problem.to_json() == absent.value.to_json()
    assert problem.status == 404


@pytest.mark.parametrize("role", ["staff", "administrator", "officer"])
def test_only_reviewers_decide(session: Session, world: World, role: str) -> None:
    chain_id = chain_of(session, make.record(session, world))
    with pytest.raises(Problem) as found:
        review.decide(session, make.principal(world, "staff", "P", [role]), chain_id, "accepted", None, (), make.NOON)
    assert found.value.status == 404


def test_a_successors_reviewer_decides_on_a_predecessors_record(session: Session, world: World) -> None:
    sent = make.record(session, world, unit="A")
    decide(session, world, sent, "accepted", by="chief", unit="AB")
    assert state_of(session, sent) == "accepted"


def test_nobody_reviews_what_they_recorded(session: Session, world: World) -> None:
    assert refused(session, world, make.record(session, world, by="officer"), by="officer").type == "own-record"


def test_nobody_reviews_what_they_presented(session: Session, world: World) -> None:
    sent = make.record(session, world, presenters=["speaker"])
    assert refused(session, world, sent, by="province").status == 403
    decide(session, world, sent, "accepted", by="district1", unit="D1")


def test_who_comes_second_is_told_who_was_first(session: Session, world: World) -> None:
    sent = accept(session, world, make.record(session, world))
    problem = refused(session, world, sent, "rejected", by="district1", unit="D1", reason="trùng")
    assert problem.status == 409
    assert "Người province" in (problem.detail or "")


def test_a_decision_on_an_older_version_is_refused(session: Session, world: World) -> None:
    first = make.record(session, world)
    seen = session.execute(select(Record.id).where(Record.record_id == first)).scalar_one()
    make.record(session, world, intent="correct", replaces=first)
    who = make.principal(world, "province")
    with pytest.raises(Problem) as found:
        review.decide(session, who, chain_of(session, first), "accepted", None, (), make.NOON, seen=seen)
    assert found.value.type == "record-changed"


def test_a_correction_that_changes_the_unit_needs_both_in_scope(session: Session, world: World) -> None:
    first = make.record(session, world, unit="C")
    accept(session, world, first)
    moved = make.record(session, world, unit="A", intent="correct", replaces=first)
    assert refused(session, world, moved, by="district1", unit="D1").type == "unit-out-of-scope"
    decide(session, world, moved, "accepted", by="province")


@pytest.mark.parametrize(("reason", "accepted"), [("form-version-unknown", False), ("after-revocation", True)])
def test_quarantine_is_accepted_only_where_there_is_something_to_count_by(
    session: Session, world: World, reason: str, accepted: bool
) -> None:
    sent = make.record(session, world, status="held", held_reason=reason)
    if accepted:
        decide(session, world, sent, "accepted")
        assert state_of(session, sent) == "accepted"
    else:
        assert refused(session, world, sent).type == "record-held"


def test_reversing_what_does_not_count_is_refused(session: Session, world: World) -> None:
    assert refused(session, world, make.record(session, world), "reversed", reason="x").type == "nothing-to-reverse"


def test_a_correction_of_another_officers_record_is_a_chain_of_its_own(session: Session, world: World) -> None:
    first = make.record(session, world, by="officer")
    other = make.record(session, world, by="colleague", intent="correct", replaces=first)
    assert chain_of(session, first) != chain_of(session, other)


def test_a_withdrawal_by_another_officer_closes_nothing(session: Session, world: World) -> None:
    first = accept(session, world, make.record(session, world, by="officer"))
    make.record(session, world, by="colleague", intent="withdraw", replaces=first)
    assert state_of(session, first) == "accepted"


def test_a_withdrawal_is_a_review_row_with_the_owners_reason(session: Session, world: World) -> None:
    first = make.record(session, world)
    make.record(session, world, intent="withdraw", replaces=first, reason="nhầm xã")
    row = session.scalars(select(Review)).one()
    assert (row.outcome, row.reason, row.account_id) == ("withdrawn", "nhầm xã", world.accounts["officer"])
    assert state_of(session, first) == "withdrawn"


def test_a_correction_that_came_before_its_predecessor_joins_it_later(session: Session, world: World) -> None:
    first = f"{77:032x}"
    second = make.record(session, world, intent="correct", replaces=first, attendees=50, status="incomplete")
    accept(session, world, second)
    make.record(session, world, record_id=first, attendees=30)
    assert chain_of(session, first) == chain_of(session, second)
    assert state_of(session, first) == "accepted"
    assert session.scalar(select(Record.status).where(Record.record_id == second)) == "stored"


def test_receiving_a_stored_record_again_keeps_its_chain(session: Session, world: World) -> None:
    row = session.execute(select(Record).where(Record.record_id == make.record(session, world))).scalar_one()
    again = Arrived(row.record_id, row.intent, None, row.form_id, row.unit_id, row.account_id, row.held_on, make.NOON)
    assert chains.receive(session, [again]) == [row.chain_id]


def test_accepting_in_bulk_leaves_out_own_decided_and_foreign_records(session: Session, world: World) -> None:
    mine = make.record(session, world, by="officer")
    free = make.record(session, world, by="colleague")
    done = accept(session, world, make.record(session, world, by="colleague"))
    far = make.record(session, world, by="officer_c", unit="C")
    ids = [chain_of(session, r) for r in (mine, free, done, far)]
    who = make.principal(world, "officer", "D1")
    assert review.accept_many(session, who, ids, make.NOON) == [chain_of(session, free)]
    assert state_of(session, free) == "accepted"


def test_staff_read_and_may_decide_nothing(session: Session, world: World) -> None:
    chain_id = chain_of(session, make.record(session, world))
    assert review.detail(session, make.principal(world, "staff", "P", ["staff"]), chain_id).may == frozenset()
    reviewer = review.detail(session, make.principal(world, "chief", "A"), chain_id)
    assert reviewer.may == {"accepted", "returned", "rejected", "same_as"}


def test_a_chain_outside_the_scope_cannot_be_opened(session: Session, world: World) -> None:
    chain_id = chain_of(session, make.record(session, world, unit="C"))
    with pytest.raises(Problem, match="not-found"):
        review.detail(session, make.principal(world, "district1", "D1"), chain_id)


def test_a_dossier_shows_every_link_and_decision(session: Session, world: World) -> None:
    first = make.record(session, world)
    decide(session, world, first, "returned", reason="sửa số")
    make.record(session, world, intent="correct", replaces=first, reason="đã sửa")
    found = review.detail(session, make.principal(world, "province"), chain_of(session, first))
    assert [link.reason for link in found.links] == [None, "đã sửa"]
    assert [(r.outcome, r.by) for r in found.reviews] == [("returned", "Người province")]
    assert found.latest.intent == "correct"
