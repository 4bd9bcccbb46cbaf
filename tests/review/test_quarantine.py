"""What a revoked phone hands over and a reviewer lets out of quarantine (D27) counts as if it had come in time."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import coverage, review
from server.models.records import Chain
from sync.problems import Problem
from tests import make
from tests.coverage.ask import accept, chain_of, decide, numerators
from tests.make import World


def handed_over(session: Session, world: World, intent: str, replaces: str, unit: str = "A") -> str:
    """A later version that a revoked phone gave."""
    return make.record(
        session,
        world,
        unit=unit,
        attendees=50,
        intent=intent,
        replaces=replaces,
        status="held",
        held_reason="after-revocation",
    )


def test_a_released_correction_takes_the_place_of_what_it_corrects(session: Session, world: World) -> None:
    first = accept(session, world, make.record(session, world, members=["a1"], attendees=30))
    later = handed_over(session, world, "correct", first)
    assert chain_of(session, later) != chain_of(session, first)
    decide(session, world, later, "accepted")
    assert numerators(session, world, "sessions")["A"] == 1
    assert numerators(session, world, "attendance")["A"] == 50
    assert chain_of(session, later) == chain_of(session, first)
    assert coverage.verify(session) == []


def test_a_released_withdrawal_withdraws(session: Session, world: World) -> None:
    first = accept(session, world, make.record(session, world))
    decide(session, world, handed_over(session, world, "withdraw", first), "accepted")
    state = session.scalar(select(Chain.state).where(Chain.id == chain_of(session, first)))
    assert (state, numerators(session, world, "sessions")) == ("withdrawn", {})


def test_a_released_correction_brings_nothing_back_that_was_withdrawn(session: Session, world: World) -> None:
    first = accept(session, world, make.record(session, world))
    later = handed_over(session, world, "correct", first)
    make.record(session, world, intent="withdraw", replaces=first)
    decide(session, world, later, "accepted")
    assert numerators(session, world, "sessions") == {}
    assert coverage.verify(session) == []


def test_releasing_a_correction_from_elsewhere_needs_both_units(session: Session, world: World) -> None:
    first = accept(session, world, make.record(session, world, unit="C"))
    later = handed_over(session, world, "correct", first)
    with pytest.raises(Problem) as found:
        decide(session, world, later, "accepted", by="district1", unit="D1")
    assert found.value.type == "unit-out-of-scope"
    assert numerators(session, world, "sessions")["P"] == 1


@pytest.mark.parametrize("members", [(), ("a1",)])
def test_nothing_is_let_out_of_quarantine_in_bulk(session: Session, world: World, members: Sequence[str]) -> None:
    sent = make.record(session, world, members=members, status="held", held_reason="after-revocation")
    who = make.principal(world, "province")
    assert review.accept_many(session, who, [chain_of(session, sent)], make.NOON) == []
