"""The shipped plan with its own forms: what the filter of T2 reads on real answers, from commune to province."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import coverage
from server.coverage import figures
from server.models.plan import Indicator, Period
from server.models.system import Installation
from server.models.units import Unit
from server.plan import presets
from tests import make
from tests.coverage.ask import accept, cells

PRESET = Path(__file__).parents[2] / "presets" / "soc_trang_2024"
COMMUNE = "31498"


@pytest.fixture
def plan(session: Session) -> make.World:
    """The plan loaded, a commune that keeps its roll, two of its members, an officer and a reviewer."""
    session.add(Installation(id=1, server_id="5e" * 16, epoch=1, seq=0, backup_seq=0, created_at=make.NOON))
    session.commit()
    presets.load(PRESET)
    made = make.World()
    made.units = {u.code: u.id for u in session.scalars(select(Unit).order_by(Unit.valid_from.desc()))}
    made.indicators = {i.key: i.id for i in session.scalars(select(Indicator))}
    made.periods = {p.key: p.id for p in session.scalars(select(Period))}
    session.get_one(Unit, made.units[COMMUNE]).t2_mode = "register"
    for name in ("m1", "m2"):
        make.member(session, made, name, unit=COMMUNE)
    make.account(session, made, "officer", COMMUNE)
    make.account(session, made, "province", "94")
    coverage.rebase(session, ["members"])
    return made


@pytest.mark.parametrize(("form", "sessions"), [("outreach_session", 1), ("individual_contact", 0)])
def test_a_contact_with_a_rule_for_managed_persons_moves_t2_up_to_the_province(
    session: Session, plan: make.World, form: str, sessions: int
) -> None:
    accept_one(session, plan, form, "L15-01")
    told = cells(session)
    for unit in (COMMUNE, "941", "94"):
        assert told[("T2", "year", unit)] == (1, 2)
        assert told[("sessions", "q1", unit)] == (sessions, None)
    assert coverage.verify(session) == []


def test_a_contact_without_such_a_rule_leaves_t2_where_it_was(session: Session, plan: make.World) -> None:
    accept_one(session, plan, "outreach_session", "L01-01")
    assert cells(session)[("T2", "year", "94")] == (0, 2)
    assert cells(session)[("T1", "year", "94")][0] == 1


def test_the_pair_of_t1_is_over_all_communes_that_stand(session: Session, plan: make.World) -> None:
    accept_one(session, plan, "outreach_session", "L01-01")
    found = figures.of_unit(plan.units["94"], plan.periods["year"])[0]
    assert found.pair == figures.Share(1, 108 * (found.denominator or 0))
    assert found.base == figures.Base(1, 108)


def accept_one(session: Session, plan: make.World, form: str, rule: str) -> None:
    plan.units["P"] = plan.units["94"]
    sent = make.record(session, plan, form=form, unit=COMMUNE, held_on=date(2024, 2, 6), rules=[rule], members=["m1"])
    accept(session, plan, sent)
