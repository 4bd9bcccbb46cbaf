"""The whole small province that most tests begin with."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from server import coverage
from server.models.system import Installation
from tests.make.base import NOON, World
from tests.make.people import people
from tests.make.plan import forms, plan
from tests.make.registers import member, provision
from tests.make.units import units


def world(session: Session, register_mode: Sequence[str] = ("A", "B", "C")) -> World:
    """A province, two districts, four communes of which A and B became AB; plan, forms, people, 4 rules, 4 members."""
    made = World()
    if session.get(Installation, 1) is None:
        session.add(Installation(id=1, server_id="5e" * 16, epoch=1, seq=0, backup_seq=0, created_at=NOON))
    units(session, made, register_mode)
    plan(session, made)
    forms(session)
    people(session, made)
    for number in range(1, 5):
        provision(session, made, f"rule{number}", t2="yes" if number == 1 else "no")
    for name, unit in (("a1", "A"), ("a2", "A"), ("b1", "B"), ("c1", "C")):
        member(session, made, name, unit=unit)
    session.flush()
    coverage.rebase(session)
    return made
