"""A list asks the database as often for many rows as for one."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from server.db import db, transaction
from tests import drafts, make
from tests.make import World
from tests.pages.conftest import OpenDesk

MOST = 20  # statements of one page, its frame and the sign-in with it
MOST_OF_FIGURES = 90  # these two ask for each indicator of the plan
LISTS = [
    ("chief", "/desk/records"),
    ("chief", "/desk/records?state=all"),
    ("chief", "/desk/records?state=accepted&indicator=T1&period=year"),
    ("chief", "/desk/people"),
    ("chief", "/desk/devices"),
    ("chief", "/desk/registers/pending"),
    ("chief", "/desk/declarations"),
    ("chief", "/desk/units"),
    ("admin", "/desk/units"),
    ("chief", "/desk/plan"),
    ("province", "/desk/records"),
    ("province", "/desk/registers/pending"),
    ("province", "/desk/people"),
    ("province", "/desk/units"),
    ("province", "/desk/plan"),
    ("admin", "/desk/people"),
    ("admin", "/desk/t2"),
    ("admin", "/desk/forms"),
    ("staff", "/desk/forms"),
    ("admin", "/desk/forms/new"),
]


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What is executed meanwhile, without the beginnings and ends of transactions."""
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            told.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", note)


def more_of_everything(app: Flask, world: World) -> None:
    with app.app_context(), transaction() as session:
        for n in range(12):
            drafts.draft(session, f"form_{n}", "1")
            make.unit(session, world, f"N{n}", "commune", "D1")
            make.account(session, world, f"person{n}", "A")
            make.record(session, world, by=f"person{n}", rules=("rule1", "rule2"), members=(f"new{n}",))


@pytest.mark.parametrize(("name", "address"), LISTS)
def test_a_list_of_many_rows_takes_as_many_statements_as_one_of_one_row(
    app: Flask, world: World, waiting: str, at_desk: OpenDesk, name: str, address: str
) -> None:
    desk = at_desk(name)
    assert desk.get(address).status_code == 200
    with statements(app) as few:
        desk.get(address)
    more_of_everything(app, world)
    with statements(app) as many:
        desk.get(address)
    assert 1 < len(few) <= (MOST_OF_FIGURES if address in ("/desk/units", "/desk/plan") else MOST)
    assert len(many) == len(few)
