"""What the commands do and say; a refusal is one sentence per fault and status 2."""

import re
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.cli import COMMANDS
from server.db import transaction
from server.models.people import Account, Grant
from server.people import enrolment, sign_in
from server.people.enrolment import Asking
from server.people.sign_in import Knock
from tests.server import make
from tests.server.test_enrolment import KEY
from tests.settable_clock import SettableClock

ADD = ("people", "add", "--login", "Lan", "--name", "Nguyễn Thị Lan", "--role", "reviewer")


def run(app: Flask, *arguments: str, stdin: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments), input=stdin)


@pytest.fixture
def province(session: Session) -> str:
    with transaction() as writing:
        make.unit(writing, "94@2004-01-01")
    return "94@2004-01-01"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_can_be_loaded_and_says_what_it_is_for(app: Flask, name: str) -> None:
    told = run(app, name, "--help")
    assert told.exit_code == 0, told.output
    assert "Usage" in told.output


def test_a_person_is_added_with_role_and_one_time_password(
    app: Flask, session: Session, province: str, clock: SettableClock
) -> None:
    told = run(app, *ADD, "--unit", province)
    assert told.exit_code == 0, told.output
    password = re.search(r"One-time password: (\S+)", told.output)
    assert password is not None
    signed_in = sign_in.sign_in_with(Knock("lan", password[1], "192.0.2.1", None), clock())
    assert signed_in.must_change_password
    assert session.scalars(select(Grant.role)).all() == ["reviewer"]


def test_a_given_password_need_not_be_changed(
    app: Flask, session: Session, province: str, clock: SettableClock
) -> None:
    told = run(app, *ADD, "--unit", province, "--password-stdin", stdin=f"{make.PASSWORD}\n")
    assert told.exit_code == 0, told.output
    assert not sign_in.sign_in_with(Knock("lan", make.PASSWORD, "192.0.2.1", None), clock()).must_change_password


def test_an_officer_gets_no_password(app: Flask, session: Session, province: str) -> None:
    told = run(app, *ADD[:-1], "officer", "--unit", province)
    assert "password" not in told.output
    assert session.scalars(select(Account.password_hash)).all() == [None]


def test_all_faults_of_a_person_are_told_at_once(app: Flask, session: Session, province: str) -> None:
    told = run(app, *ADD, "--unit", "nowhere", "--password-stdin", stdin="short\n")
    assert told.exit_code == 2
    assert "no single unit 'nowhere'" in told.output
    assert "ít nhất 12 ký tự" in told.output
    assert session.scalars(select(Account.id)).all() == []


def test_a_login_is_taken_once(app: Flask, session: Session, province: str) -> None:
    run(app, *ADD, "--unit", province)
    told = run(app, *ADD, "--unit", province)
    assert (told.exit_code, "is taken" in told.output) == (2, True)


def test_a_code_that_two_units_bear_names_the_one_without_an_end(app: Flask, session: Session, province: str) -> None:
    with transaction() as writing:
        make.unit(writing, "94@2024-01-01")
    assert run(app, *ADD, "--unit", "94").exit_code == 2


def test_enrol_prints_a_code_that_works_its_link_and_a_qr(
    app: Flask, session: Session, province: str, clock: SettableClock
) -> None:
    run(app, *ADD[:-1], "officer", "--unit", province)
    told = run(app, "enrol", "LAN")
    assert told.exit_code == 0, told.output
    code = re.search(r"Code: (\S+)", told.output)
    assert code is not None
    assert f"Link: http://localhost/#enrol={enrolment.normalised(code[1])}" in told.output
    assert "▀" in told.output
    assert "only this computer can open it" in told.output
    clock.advance(minutes=9)
    assert enrolment.redeem(Asking(code[1], KEY, "phone", "0.1.0", True, "192.0.2.1"), clock()).account_id == 1


def test_enrol_of_nobody_is_refused(app: Flask, session: Session) -> None:
    told = run(app, "enrol", "nobody")
    assert (told.exit_code, told.output) == (2, "There is no active person with the login 'nobody'.\n")


def test_a_device_is_listed_and_revoked(app: Flask, session: Session, province: str, clock: SettableClock) -> None:
    run(app, *ADD[:-1], "officer", "--unit", province)
    with transaction() as writing:
        code = enrolment.issue(writing, 1, 1, clock() - timedelta(minutes=1))
    device = enrolment.redeem(Asking(code, KEY, "phone", "0.1.0", True, "192.0.2.1"), clock())
    assert f"{device.device_uid}  active" in run(app, "device", "list", "lan").output
    assert run(app, "device", "revoke", device.device_uid).exit_code == 0
    assert f"{device.device_uid}  revoked" in run(app, "device", "list", "lan").output
    assert run(app, "device", "revoke", device.device_uid).exit_code == 2


def test_a_preset_that_is_not_there_is_refused(app: Flask, session: Session) -> None:
    assert run(app, "preset", "load", "presets/nowhere").exit_code == 2


def test_an_empty_installation_has_figures_that_agree(app: Flask, session: Session) -> None:
    assert run(app, "coverage", "recount").exit_code == 0
    told = run(app, "coverage", "verify")
    assert (told.exit_code, told.output) == (0, "All figures equal their recomputation.\n")
