"""Which passwords are taken, how they are kept, and that deriving never takes all threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from server.db import transaction
from server.people import passwords
from sync.problems import Problem


def test_a_password_verifies_and_another_does_not() -> None:
    stored = passwords.derive("con thuyền xuôi dòng")
    assert passwords.verify("con thuyền xuôi dòng", stored)
    assert not passwords.verify("con thuyền xuôi dong", stored)


def test_the_stored_form_names_one_lane_and_the_memory_of_the_requirement() -> None:
    assert passwords.derive("x").startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_nothing_stored_is_never_right() -> None:
    assert not passwords.verify("anything", None)


def test_a_weaker_stored_form_is_derived_again() -> None:
    assert passwords.needs_rehash("$argon2id$v=19$m=47104,t=1,p=1$c2FsdA$aGFzaA")
    assert not passwords.needs_rehash(passwords.derive("x"))


@pytest.mark.parametrize(
    "password",
    [
        "ngắn quá",
        "password1234",
        "Matkhau@2024!",
        "0123456789012",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaaa",
        "P@ssw0rd2024!!",
        "congansoctrang2024",
        "nguyenlan-1985-x",
        "x" * 300,
    ],
)
def test_short_common_and_own_names_are_refused(password: str) -> None:
    assert passwords.fault_in(password, "nguyenlan") is not None


@pytest.mark.parametrize(
    "password", ["con cò bay lả bay la", "correct horse battery", "k7mh-92xa-bbqz-3f4p", "ấp" * 32 + "dài mãi"]
)
def test_long_ones_are_taken_whatever_their_characters(password: str) -> None:
    assert passwords.fault_in(password, "nguyenlan") is None


def test_the_ninth_at_once_is_told_to_come_again_and_eight_are_served() -> None:
    def attempt(number: int) -> bool | str:
        try:
            return passwords.verify(str(number), None)
        except Problem as problem:
            return problem.type

    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(attempt, range(24)))
    assert answers.count(False) >= 8
    assert set(answers) <= {False, "too-many-attempts"}


def test_one_time_passwords_differ() -> None:
    assert len({passwords.one_time() for _ in range(100)}) == 100


@pytest.mark.parametrize("derivation", [passwords.derive, lambda text: passwords.verify(text, None)])
def test_nothing_is_derived_while_a_writing_transaction_is_open(
    session: Session, derivation: Callable[[str], object]
) -> None:
    with transaction(), pytest.raises(RuntimeError, match="all other writers wait"):
        derivation("con thuyền xuôi dòng")
    assert derivation("con thuyền xuôi dòng") is not None
