"""Signing in at the desk: sessions, timeouts, slowing down guesses, changing the password."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.db import transaction
from server.models.people import DeskSession, SignInAttempt
from server.models.system import Audit
from server.people import accounts, sign_in
from server.people.sign_in import Knock
from sync.problems import Problem
from tests.server import make
from tests.settable_clock import SettableClock

TODAY = date(2024, 6, 15)
NEW_PASSWORD = "mưa rơi trên mái lá"


def knock(
    login: str = "lan", password: str = make.PASSWORD, network: str = "192.0.2.1", browser: str | None = None
) -> Knock:
    return Knock(login, password, network, browser)


@pytest.fixture
def lan(session: Session) -> int:
    with transaction() as writing:
        return make.account(writing)


def guess(clock: SettableClock, times: int, network: str = "192.0.2.66", browser: str | None = None) -> list[str]:
    """Wrong guesses at one instant each; what they were answered."""
    answers = []
    for number in range(times):
        try:
            sign_in.sign_in_with(knock(password=f"guess {number}", network=network, browser=browser), clock())
        except Problem as problem:
            answers.append(problem.type)
    return answers


def test_the_right_password_opens_a_session_of_this_person(session: Session, lan: int, clock: SettableClock) -> None:
    signed_in = sign_in.sign_in_with(knock(login=" LAN "), clock())
    present = sign_in.presence(signed_in.token, clock(), TODAY)
    assert present is not None
    assert present.principal.account_id == lan
    assert present.principal.has("reviewer")
    assert not present.principal.has("administrator")


def test_the_token_is_stored_only_as_a_hash(session: Session, lan: int, clock: SettableClock) -> None:
    signed_in = sign_in.sign_in_with(knock(), clock())
    assert session.scalars(select(DeskSession.token_hash)).all() == [sign_in.hashed(signed_in.token)]


@pytest.mark.parametrize("login", ["lan", "nobody"])
def test_unknown_names_and_wrong_passwords_get_one_answer(
    session: Session, lan: int, clock: SettableClock, login: str
) -> None:
    with pytest.raises(Problem) as caught:
        sign_in.sign_in_with(knock(login=login, password="wrong"), clock())
    assert (caught.value.type, caught.value.status) == ("sign-in-refused", 401)


def test_each_sign_in_has_a_token_of_its_own(session: Session, lan: int, clock: SettableClock) -> None:
    first, second = (sign_in.sign_in_with(knock(), clock()) for _ in range(2))
    assert first.token != second.token


def test_signing_out_ends_the_session(session: Session, lan: int, clock: SettableClock) -> None:
    signed_in = sign_in.sign_in_with(knock(), clock())
    sign_in.sign_out(signed_in.token, clock())
    assert sign_in.presence(signed_in.token, clock(), TODAY) is None


def test_an_hour_without_a_sign_ends_the_session(session: Session, lan: int, clock: SettableClock) -> None:
    signed_in = sign_in.sign_in_with(knock(), clock())
    clock.advance(minutes=59)
    assert sign_in.presence(signed_in.token, clock(), TODAY) is not None
    clock.advance(minutes=59)
    assert sign_in.presence(signed_in.token, clock(), TODAY) is not None
    clock.advance(minutes=60)
    assert sign_in.presence(signed_in.token, clock(), TODAY) is None


def test_twelve_hours_end_the_session_however_busy(session: Session, lan: int, clock: SettableClock) -> None:
    signed_in = sign_in.sign_in_with(knock(), clock())
    answers = []
    for _ in range(25):
        clock.advance(minutes=30)
        answers.append(sign_in.presence(signed_in.token, clock(), TODAY) is not None)
    assert answers == [True] * 23 + [False] * 2


def test_a_disabled_person_is_out_at_once(session: Session, lan: int, clock: SettableClock) -> None:
    signed_in = sign_in.sign_in_with(knock(), clock())
    with transaction() as writing:
        accounts.disable(writing, lan, None, clock())
    assert sign_in.presence(signed_in.token, clock(), TODAY) is None
    with pytest.raises(Problem, match="sign-in-refused"):
        sign_in.sign_in_with(knock(), clock())


def test_a_change_of_role_ends_the_session(session: Session, lan: int, clock: SettableClock) -> None:
    signed_in = sign_in.sign_in_with(knock(), clock())
    with transaction() as writing:
        accounts.grant(writing, lan, "staff", 1, clock(), TODAY)
    assert sign_in.presence(signed_in.token, clock(), TODAY) is None


def test_guessing_is_slowed_down_and_waiting_is_enough(session: Session, lan: int, clock: SettableClock) -> None:
    assert guess(clock, 12) == ["sign-in-refused"] * 10 + ["too-many-attempts"] * 2
    clock.advance(seconds=1)
    assert sign_in.sign_in_with(knock(network="192.0.2.66"), clock()).token


def test_strangers_do_not_slow_down_a_browser_that_was_here_before(
    session: Session, lan: int, clock: SettableClock
) -> None:
    before = sign_in.sign_in_with(knock(), clock())
    for number in range(40):
        guess(clock, 1, network=f"198.51.100.{number}")
    with pytest.raises(Problem, match="too-many-attempts"):
        sign_in.sign_in_with(knock(network="203.0.113.9"), clock())
    assert sign_in.sign_in_with(knock(network="203.0.113.9", browser=before.browser), clock()).token


def test_a_stranger_with_an_invented_browser_is_slowed_down_all_the_same(
    session: Session, lan: int, clock: SettableClock
) -> None:
    assert guess(clock, 11, browser="invented")[-1] == "too-many-attempts"


def test_no_account_waits_longer_than_ten_seconds_for_strangers_elsewhere(
    session: Session, lan: int, clock: SettableClock
) -> None:
    for number in range(60):
        guess(clock, 1, network=f"198.51.100.{number}")
    clock.advance(seconds=10)
    assert sign_in.sign_in_with(knock(network="203.0.113.9"), clock()).token


def test_attempts_hold_neither_login_nor_network(session: Session, lan: int, clock: SettableClock) -> None:
    guess(clock, 1)
    keys = session.scalars(select(SignInAttempt.key)).all()
    assert keys
    assert all(len(key) == 64 for key in keys)


def test_sign_ins_and_refusals_are_in_the_audit(session: Session, lan: int, clock: SettableClock) -> None:
    sign_in.sign_in_with(knock(), clock())
    guess(clock, 1)
    assert session.scalars(select(Audit.action).order_by(Audit.id)).all() == ["sign-in", "sign-in.refused"]


def test_a_new_password_ends_every_session_and_opens_one(session: Session, lan: int, clock: SettableClock) -> None:
    old = sign_in.sign_in_with(knock(), clock())
    present = sign_in.presence(old.token, clock(), TODAY)
    assert present is not None
    new = sign_in.change_password(present.principal, make.PASSWORD, NEW_PASSWORD, clock())
    assert sign_in.presence(old.token, clock(), TODAY) is None
    assert sign_in.presence(new.token, clock(), TODAY) is not None
    assert sign_in.sign_in_with(knock(password=NEW_PASSWORD), clock()).token


@pytest.mark.parametrize(
    ("old", "new", "pointer"),
    [("wrong", NEW_PASSWORD, "/old"), (make.PASSWORD, "short", "/new"), (make.PASSWORD, make.PASSWORD, "/new")],
)
def test_a_refused_new_password_says_where(
    session: Session, lan: int, clock: SettableClock, old: str, new: str, pointer: str
) -> None:
    signed_in = sign_in.sign_in_with(knock(), clock())
    present = sign_in.presence(signed_in.token, clock(), TODAY)
    assert present is not None
    with pytest.raises(Problem) as caught:
        sign_in.change_password(present.principal, old, new, clock())
    assert [getattr(fault, "pointer", None) for fault in caught.value.errors] == [pointer]
