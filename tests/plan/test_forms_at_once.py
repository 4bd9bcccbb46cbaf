"""Acts on one version of a form at one moment, on a database that lets both write: the second looks after the first."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from server.db import db, transaction
from server.models.plan import FormUpload, FormVersion
from server.plan import form_life, form_reading, form_trials, form_uploads
from server.plan.form_uploads import Handed
from server.queries import forms
from sync.problems import Problem
from tests import drafts
from tests.pages.forms_make import survey
from tests.small_form import small_form
from tests.sync.make import SqlWorld, phone

WAITING = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
FORM = "market_check"


@pytest.fixture
def postgres(tmp_path: Path, postgres_url: str) -> Iterator[SqlWorld]:
    made = SqlWorld(tmp_path, postgres_url)
    yield made
    made.close()


@pytest.fixture
def draft(postgres: SqlWorld) -> int:
    with postgres.app.app_context(), transaction() as session:
        return drafts.draft(session, FORM, "1")


def upload(world: SqlWorld) -> int:
    """Another source of the same version, which the worker has yet to read."""
    with world.app.app_context(), transaction() as session:
        file = Handed("form.md", survey("1"))
        return form_uploads.take(session, world.made.accounts["staff"], None, file, (), world.clock())


def while_open(world: SqlWorld, first: Callable[[], object], second: Callable[[], object]) -> bool:
    """`first` has written and not committed while `second` is under way; whether that one had to wait."""
    waited, coming = 0, threading.Thread(target=second)
    with world.app.app_context():
        with transaction():
            first()
            coming.start()
            with db.engine.connect() as looking:
                while coming.is_alive() and not (waited := looking.scalar(WAITING)):
                    looking.rollback()
        db.session.remove()
    coming.join()
    return bool(waited)


def publish(world: SqlWorld) -> None:
    found = forms.version(db.session(), FORM, "1")
    assert found
    form_life.publish(db.session(), found, small_form(FORM), None, world.made.accounts["staff"], world.clock())


def give_up(world: SqlWorld) -> None:
    found = forms.version(db.session(), FORM, "1")
    assert found
    form_life.give_up(db.session(), found, world.made.accounts["staff"], world.clock())


def read(world: SqlWorld, number: int) -> None:
    with world.app.app_context():
        form_reading.read(number, world.clock())
        db.session.remove()


@pytest.mark.postgres
def test_a_version_that_is_being_published_is_not_replaced_by_an_upload(postgres: SqlWorld, draft: int) -> None:
    number = upload(postgres)
    while_open(postgres, lambda: publish(postgres), lambda: read(postgres, number))
    assert postgres.all(select(FormVersion.state).where(FormVersion.id == draft)) == ["published"]
    assert [fault["code"] for fault in postgres.all(select(FormUpload.faults))[0]] == ["version-published"]


@pytest.mark.postgres
def test_a_phone_that_begins_to_try_a_draft_waits_for_what_becomes_of_it(postgres: SqlWorld, draft: int) -> None:
    officer, statuses = phone(postgres), list[int]()
    with postgres.app.app_context(), transaction() as session:
        code = form_trials.issue(session, draft, postgres.made.accounts["staff"], postgres.clock())

    def redeem() -> None:
        statuses.append(officer.try_form(code).status)

    assert while_open(postgres, lambda: form_life.alone(db.session()), redeem)
    assert statuses == [200]


@pytest.mark.postgres
def test_a_draft_that_was_just_given_up_gets_no_code(postgres: SqlWorld, draft: int) -> None:
    told: list[str] = []

    def issue() -> None:
        with postgres.app.app_context():
            try:
                with transaction() as session:
                    form_trials.issue(session, draft, postgres.made.accounts["staff"], postgres.clock())
            except Problem as problem:
                told.append(problem.type)
            db.session.remove()

    while_open(postgres, lambda: give_up(postgres), issue)
    assert told == ["form-state-differs"]
