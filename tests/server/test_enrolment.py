"""Enrolment codes: single use, ten minutes, one winner of many, slowed down guessing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.db import transaction
from server.keys import base64url
from server.models.people import Device, EnrolmentCode
from server.people import accounts, devices, enrolment
from server.people.enrolment import Asking
from sync.problems import Problem
from tests.server import make
from tests.settable_clock import SettableClock

RACES = 30


def public_key(curve: ec.EllipticCurve | None = None) -> str:
    key = ec.generate_private_key(curve or ec.SECP256R1()).public_key()
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64url(der)


KEY = public_key()


def asking(code: str, key: str = KEY, network: str = "192.0.2.1") -> Asking:
    return Asking(code, key, "phone", "0.1.0", True, network)


@pytest.fixture
def officer(session: Session) -> int:
    with transaction() as writing:
        return make.account(writing, login="minh", role="officer", password=None)


def issue(account_id: int, clock: SettableClock) -> str:
    with transaction() as session:
        return enrolment.issue(session, account_id, 1, clock())


def test_a_code_makes_a_device_of_its_person_and_unit(session: Session, officer: int, clock: SettableClock) -> None:
    redeemed = enrolment.redeem(asking(issue(officer, clock)), clock())
    device = session.get_one(Device, redeemed.device_id)
    assert (device.account_id, device.unit_id, device.state, device.public_key) == (officer, 1, "active", KEY)
    assert redeemed.token not in (device.token_hash, device.uid)
    assert len(redeemed.token) == 43


def test_a_new_code_ends_the_one_before_it(session: Session, officer: int, clock: SettableClock) -> None:
    old, new = issue(officer, clock), issue(officer, clock)
    with pytest.raises(Problem) as refused:
        enrolment.redeem(asking(old), clock())
    assert refused.value.type == "enrolment-code-expired"
    assert enrolment.redeem(asking(new), clock()).account_id == officer


def test_a_code_has_130_bits_and_reads_in_groups(session: Session, officer: int, clock: SettableClock) -> None:
    code = issue(officer, clock)
    assert len(enrolment.normalised(code)) == 26
    assert [len(group) for group in code.split("-")] == [5, 5, 5, 5, 6]


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("0", "o").replace("1", "l")]
)
def test_a_code_is_taken_however_it_is_typed(
    session: Session, officer: int, clock: SettableClock, typed: object
) -> None:
    assert callable(typed)
    assert enrolment.redeem(asking(typed(issue(officer, clock))), clock()).account_id == officer


def test_a_used_an_expired_and_an_unknown_code_are_told_apart(
    session: Session, officer: int, clock: SettableClock
) -> None:
    used = issue(officer, clock)
    enrolment.redeem(asking(used), clock())
    old = issue(officer, clock)
    clock.advance(minutes=10)
    answers = []
    for code in (used, old, "ABCDE"):
        with pytest.raises(Problem) as caught:
            enrolment.redeem(asking(code), clock())
        answers.append((caught.value.type, caught.value.status))
    assert answers == [("enrolment-code-used", 409), ("enrolment-code-expired", 410), ("enrolment-code-unknown", 404)]


def test_a_code_is_stored_only_as_a_hash(session: Session, officer: int, clock: SettableClock) -> None:
    code = issue(officer, clock)
    assert session.scalars(select(EnrolmentCode.code_hash)).all() == [enrolment.hash_of(code)]


@pytest.mark.parametrize("key", ["", "not a key", public_key(ec.SECP384R1())])
def test_a_key_that_is_no_p256_key_is_refused_and_spends_nothing(
    session: Session, officer: int, clock: SettableClock, key: str
) -> None:
    code = issue(officer, clock)
    with pytest.raises(Problem, match="enrolment-key-unusable"):
        enrolment.redeem(asking(code, key), clock())
    assert enrolment.redeem(asking(code), clock()).account_id == officer


def test_a_disabled_person_gets_no_device(session: Session, officer: int, clock: SettableClock) -> None:
    code = issue(officer, clock)
    with transaction() as writing:
        accounts.disable(writing, officer, None, clock())
    with pytest.raises(Problem, match="account-disabled"):
        enrolment.redeem(asking(code), clock())


def test_guessing_codes_is_slowed_down(session: Session, officer: int, clock: SettableClock) -> None:
    answers = []
    for number in range(25):
        with pytest.raises(Problem) as caught:
            enrolment.redeem(asking(f"GUESS{number}"), clock())
        answers.append(caught.value.type)
    assert answers == ["enrolment-code-unknown"] * 20 + ["too-many-attempts"] * 5


def test_of_two_redeems_at_one_instant_exactly_one_wins(
    app: Flask, session: Session, officer: int, clock: SettableClock
) -> None:
    start = Barrier(2)

    def race(code: str) -> str:
        with app.app_context():
            start.wait()
            try:
                enrolment.redeem(asking(code, network=code), clock())
            except Problem as problem:
                return problem.type
            return "won"

    with ThreadPoolExecutor(2) as pool:
        answers = [sorted(pool.map(race, [issue(officer, clock)] * 2)) for _ in range(RACES)]
    assert answers == [["enrolment-code-used", "won"]] * RACES
    assert session.scalar(select(func.count()).select_from(Device)) == RACES


def test_a_device_is_revoked_once(session: Session, officer: int, clock: SettableClock) -> None:
    redeemed = enrolment.redeem(asking(issue(officer, clock)), clock())
    with transaction() as writing:
        devices.revoke(writing, redeemed.device_uid, None, clock())
    assert session.get_one(Device, redeemed.device_id).state == "revoked"
    with pytest.raises(Problem, match="not-found"), transaction() as writing:
        devices.revoke(writing, redeemed.device_uid, None, clock())
