"""Two honest records of one evening (U20): the session and its attendance count once, rules and members are united."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import coverage
from server.models.records import Chain
from sync.problems import Problem
from tests import make
from tests.coverage.ask import accept, cells, chain_of, decide, numerators
from tests.make import World


@pytest.fixture
def pair(session: Session, world: World) -> tuple[str, str]:
    """An accepted record, and another one of the same evening that waits."""
    first = accept(session, world, make.record(session, world, rules=["rule1"], members=["a1"], attendees=40))
    other = make.record(session, world, by="officer_c", rules=["rule1", "rule2"], members=["c1"], attendees=45)
    return first, other


def state_of(session: Session, record_id: str) -> Any:
    return session.scalar(select(Chain.state).where(Chain.id == chain_of(session, record_id)))


def test_a_linked_session_counts_once_and_unites_rules_and_members(
    session: Session, world: World, pair: tuple[str, str]
) -> None:
    decide(session, world, pair[1], "same_as", same_as=pair[0])
    assert numerators(session, world, "sessions")["P"] == 1
    assert numerators(session, world, "attendance")["P"] == 40
    assert numerators(session, world, "T1")["P"] == 2
    assert numerators(session, world, "T2")["P"] == 2
    assert coverage.verify(session) == []


def test_when_the_session_is_reversed_its_linked_record_waits_again(
    session: Session, world: World, pair: tuple[str, str]
) -> None:
    decide(session, world, pair[1], "same_as", same_as=pair[0])
    decide(session, world, pair[0], "reversed", reason="không có buổi này")
    assert state_of(session, pair[1]) == "waiting"
    assert numerators(session, world, "T1") == {}
    accept(session, world, pair[1])
    assert numerators(session, world, "attendance")["P"] == 45
    assert coverage.verify(session) == []


def test_a_link_to_a_linked_record_leads_to_the_one_that_counts(
    session: Session, world: World, pair: tuple[str, str]
) -> None:
    decide(session, world, pair[1], "same_as", same_as=pair[0])
    third = make.record(session, world, by="colleague", rules=["rule3"])
    decide(session, world, third, "same_as", same_as=pair[1])
    assert numerators(session, world, "T1")["P"] == 3
    assert coverage.verify(session) == []


def test_withdrawing_a_linked_record_takes_only_its_own_items(
    session: Session, world: World, pair: tuple[str, str]
) -> None:
    before = cells(session)
    decide(session, world, pair[1], "same_as", same_as=pair[0])
    make.record(session, world, by="officer_c", intent="withdraw", replaces=pair[1])
    assert cells(session) == before


@pytest.mark.parametrize("target", ["itself", "waiting"])
def test_a_record_is_linked_only_to_one_that_counts(
    session: Session, world: World, pair: tuple[str, str], target: str
) -> None:
    same_as = pair[1] if target == "itself" else make.record(session, world)
    with pytest.raises(Problem, match="same-as-unusable"):
        decide(session, world, pair[1], "same_as", same_as=same_as)
