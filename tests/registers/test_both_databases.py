"""The same preset, codes and sets on SQLite and PostgreSQL, also where two hands type one code at one moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from server.db import db, transaction
from server.models.registers import Item
from server.models.units import Unit
from server.plan import presets
from server.queries import units
from server.registers import items, sets
from tests.plan import make


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with make.bare_app(tmp_path, database_url=url) as bare:
        presets.load(make.SHIPPED)
        yield bare


def commune_id() -> int:
    return db.session.execute(select(Unit.id).where(Unit.key == "31673@2023-01-01")).scalar_one()


def test_a_second_load_changes_nothing(app: Flask) -> None:
    assert not presets.load(make.SHIPPED).changed


def test_units_sort_in_vietnamese_order(app: Flask) -> None:
    found = [unit.label["vi"] for unit in units.standing(db.session(), make.OCTOBER.date(), "district")]
    assert found[:4] == ["Huyện Châu Thành", "Huyện Cù Lao Dung", "Huyện Kế Sách", "Huyện Long Phú"]
    assert found[-3:] == ["Thành phố Sóc Trăng", "Thị xã Ngã Năm", "Thị xã Vĩnh Châu"]


def test_two_hands_that_type_one_code_at_one_moment_make_one_item(app: Flask) -> None:
    unit_id, together = commune_id(), Barrier(4)
    db.session.remove()

    def type_it(number: int) -> str:
        with app.app_context():
            together.wait()
            with transaction() as session:
                return items.add_pending(session, f"{number:032x}", "31673-0113", unit_id, make.OCTOBER)

    with ThreadPoolExecutor(4) as hands:
        uids = set(hands.map(type_it, range(1, 5)))
    assert len(uids) == 1
    states = db.session.scalars(select(Item.state).where(Item.register == "members")).all()
    assert sorted(states) == ["alias", "alias", "alias", "pending"]


def test_sets_can_be_cut_and_fetched(app: Flask) -> None:
    unit_id = commune_id()
    with transaction() as session:
        refs = sets.ensure(session, unit_id, make.OCTOBER.date())
    assert len(refs) == 7
    assert not sets.missing(db.session(), unit_id, make.OCTOBER.date())
