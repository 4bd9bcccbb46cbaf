"""A small province, its people, a record that waits, and browsers at the desk."""

from collections.abc import Callable

import pytest
from flask import Flask

from server.config import Config
from server.db import transaction
from tests import make, tables
from tests.make import World
from tests.pages import make as desks
from tests.pages.make import Desk
from tests.settable_clock import SettableClock

OpenDesk = Callable[[str], Desk]


@pytest.fixture
def world(app: Flask, config: Config, clock: SettableClock) -> World:
    config.make_folders()
    clock.at = make.NOON
    with app.app_context():
        made = tables.create_world()
        with transaction() as session:
            desks.administrator(session, made)
    return made


@pytest.fixture
def waiting(app: Flask, world: World) -> str:
    """A record of commune A, with two members and two rules."""
    with app.app_context(), transaction() as session:
        return make.record(session, world, rules=("rule1", "rule2"), members=("a1", "a2"))


@pytest.fixture
def at_desk(app: Flask, world: World) -> OpenDesk:
    return lambda name: desks.desk(app, name)
