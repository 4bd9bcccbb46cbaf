"""The demonstration: made by the ways of real records, marked everywhere, only in an empty installation."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import coverage, demo, engine
from server.api import sync
from server.config import Config
from server.db import db, transaction
from server.keys import KeyRing
from server.models.people import Account
from server.models.records import Chain, Finding, Media, Record
from server.models.registers import Item
from server.models.system import Installation
from server.plan import presets
from server.queries import system
from tests import tables
from tests.plan.make import SHIPPED
from tests.settable_clock import SettableClock

NOVEMBER = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def stage(folder: Path, preset: bool = True) -> Flask:
    """An installation with the store of `sync`, without pages. Its context has to be opened."""
    bare = Flask("demo")
    config = Config.for_tests(folder)
    config.make_folders()
    bare.extensions.update(
        lantoa_config=config, lantoa_clock=SettableClock(NOVEMBER), lantoa_keys=KeyRing(config.keys_dir)
    )
    engine.connect(bare, config)
    sync.mount(bare)
    with bare.app_context():
        tables.create()
        with transaction() as session:
            system.ensure_installation(session, "5e" * 16, NOVEMBER)
        if preset:
            presets.load(SHIPPED, 2026)
    return bare


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, list[demo.SignIn]]]:
    app = stage(tmp_path_factory.mktemp("demo"))
    with app.app_context():
        sign_ins = demo.fill(app)
        assert demo.sign_ins(app) == sign_ins
        yield db.session(), sign_ins


def test_every_role_signs_in_and_only_officers_have_no_password(
    filled: tuple[Session, list[demo.SignIn]],
) -> None:
    _, sign_ins = filled
    assert {one.role for one in sign_ins} == {"administrator", "staff", "reviewer", "officer"}
    assert {one.role for one in sign_ins if one.password is None} == {"officer"}
    assert all(one.name.endswith("(mẫu)") for one in sign_ins)
    districts = {one.unit.rpartition(", ")[2] for one in sign_ins if one.role == "officer"}
    assert districts == {"Huyện Trần Đề", "Thành phố Sóc Trăng"}


def test_a_page_of_every_state_has_something_to_show(filled: tuple[Session, list[demo.SignIn]]) -> None:
    session, _ = filled
    states = set(session.scalars(select(Chain.state)))
    assert states >= {"accepted", "waiting", "returned", "rejected", "withdrawn"}
    assert set(session.scalars(select(Chain.form_id))) == {"outreach_session", "individual_contact"}
    assert set(session.scalars(select(Media.state))) >= {"there", "expected"}
    assert session.scalars(select(Finding.code)).all()
    assert session.scalars(select(Item).where(Item.state == "pending")).all()


def test_every_record_and_every_person_of_the_rolls_is_marked(filled: tuple[Session, list[demo.SignIn]]) -> None:
    session, _ = filled
    assert set(session.scalars(select(Record.synthetic))) == {True}
    made = session.scalars(select(Item.synthetic).where(Item.register.in_(("members", "rapporteurs", "materials"))))
    assert set(made) == {True}
    assert session.scalar(select(Installation.demo)) is True
    sessions = select(Record.payload).where(Record.form_id == "outreach_session", Record.intent != "withdraw")
    for payload in session.scalars(sessions):
        assert "dữ liệu mẫu" in json.loads(payload)["answers"]["place"]["place_name"]


def test_nothing_is_held_and_phone_and_server_calculate_alike(filled: tuple[Session, list[demo.SignIn]]) -> None:
    session, _ = filled
    assert set(session.scalars(select(Record.status))) == {"stored"}
    assert set(session.scalars(select(Finding.code))) <= {"required", "constraint", "media-unreadable"}


def test_nothing_arrives_after_the_moment_of_filling(filled: tuple[Session, list[demo.SignIn]]) -> None:
    session, _ = filled
    assert max(session.scalars(select(Record.received_at))) <= NOVEMBER


def test_its_figures_equal_their_recomputation(filled: tuple[Session, list[demo.SignIn]]) -> None:
    session, _ = filled
    assert coverage.verify(session) == []


def test_one_seed_gives_the_same_records(tmp_path: Path) -> None:
    contents = []
    for name in ("first", "second"):
        app = stage(tmp_path / name)
        with app.app_context():
            demo.fill(app, seed=7, days=6)
            contents.append(db.session.execute(select(Record.record_id, Record.payload, Record.envelope)).all())
            db.session.remove()
            db.engine.dispose()
    assert contents[0] == contents[1]
    assert contents[0]


def test_the_password_is_kept_as_private_as_a_key(filled: tuple[Session, list[demo.SignIn]]) -> None:
    session, _ = filled
    database = session.get_bind().engine.url.database
    assert database is not None
    password = Path(database).parent.parent / "keys" / demo.PASSWORD_FILE
    assert password.stat().st_mode & 0o777 == 0o600


def test_an_installation_with_people_is_left_alone(tmp_path: Path) -> None:
    app = stage(tmp_path)
    with app.app_context():
        with transaction() as session:
            session.add(Account(uid="a" * 32, login="that", name="Người thật", unit_id=1, created_at=NOVEMBER))
        with pytest.raises(demo.DemoRefused, match="people already"):
            demo.fill(app)
        assert db.session.scalars(select(Record.id)).all() == []


def test_without_a_plan_it_says_what_to_do(tmp_path: Path) -> None:
    app = stage(tmp_path, preset=False)
    with app.app_context(), pytest.raises(demo.DemoRefused, match="preset load"):
        demo.fill(app)
