"""Tokens that get lost on the way: enrolling again (P-51), two renewals at one moment (P-04), in every store."""

import pytest

from tests.phone import Answer, Phone
from tests.sync.make import World, outreach, phone, wire
from tests.sync.test_records import refusal


def asked(world: World, code: str, sender: Phone, name: str = "Điện thoại thử") -> Answer:
    """An enrolment whose answer the phone may never see: nothing is kept."""
    body = {"code": code, "public_key": sender.spki, "device_name": name, "app_version": "1", "storage_persisted": True}
    return Phone(wire(world.app), world.clock, sender.key).post("/sync/enrol", body)


def bearing(world: World, answer: Answer, sender: Phone) -> Phone:
    """The phone as it is with that answer."""
    return Phone(wire(world.app), world.clock, sender.key, answer.json())


def test_the_same_code_and_key_again_is_the_same_device_with_another_token(world: World) -> None:
    sender, code = Phone(wire(world.app), world.clock), world.code()
    first, again = asked(world, code, sender), asked(world, code, sender)
    assert (first.status, again.status) == (201, 201)
    assert first.json()["device_id"] == again.json()["device_id"]
    assert first.json()["token"] != again.json()["token"]
    made = bearing(world, again, sender)
    assert made.send(outreach(made)).status == 200


def test_whichever_of_the_answers_arrives_its_token_is_good(world: World) -> None:
    sender, code = Phone(wire(world.app), world.clock), world.code()
    answers = [asked(world, code, sender) for _ in range(3)]
    for answer in (answers[1], answers[0], answers[2]):
        assert bearing(world, answer, sender).changes().status == 200


def test_a_phone_that_was_heard_of_is_not_enrolled_again(world: World) -> None:
    sender, code = Phone(wire(world.app), world.clock), world.code()
    assert bearing(world, asked(world, code, sender), sender).changes().status == 200
    assert refusal(asked(world, code, sender)) == ("enrolment-code-used", 409)


def test_another_key_with_a_spent_code_is_refused(world: World) -> None:
    sender, code = Phone(wire(world.app), world.clock), world.code()
    asked(world, code, sender)
    assert refusal(asked(world, code, Phone(wire(world.app), world.clock))) == ("enrolment-code-used", 409)


def test_after_the_codes_ten_minutes_nobody_is_enrolled_again(world: World) -> None:
    sender, code = Phone(wire(world.app), world.clock), world.code()
    asked(world, code, sender)
    world.clock.advance(minutes=10)
    assert refusal(asked(world, code, sender)) == ("enrolment-code-used", 409)


def test_a_device_that_was_revoked_unheard_is_not_enrolled_again(world: World) -> None:
    sender, code = Phone(wire(world.app), world.clock), world.code()
    world.revoke(bearing(world, asked(world, code, sender), sender))
    assert refusal(asked(world, code, sender)) == ("enrolment-code-used", 409)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_renewals_at_one_moment_both_tokens_are_good(world: World, order: tuple[int, int]) -> None:
    made = phone(world)
    assert made.changes().status == 200
    world.clock.advance(days=31)
    offered = [made.changes().json()["device"]["next_token"] for _ in range(2)]
    assert offered[0] != offered[1]
    old = dict(made.enrolled)
    for index in order:
        made.enrolled["token"] = offered[index]
        assert made.changes().status == 200
    made.enrolled = old
    assert refusal(made.changes()) == ("token-unknown", 401)


def test_an_old_token_is_good_until_a_new_one_was_used(world: World) -> None:
    made = phone(world)
    made.changes()
    world.clock.advance(days=31)
    for _ in range(20):  # no answer ever arrives
        assert "next_token" in made.changes().json()["device"]


def test_a_used_renewal_is_not_renewed_again_at_once(world: World) -> None:
    made = phone(world)
    made.changes()
    world.clock.advance(days=31)
    made.enrolled["token"] = made.changes().json()["device"]["next_token"]
    assert "next_token" not in made.changes().json()["device"]


def test_a_new_phone_is_told_what_an_earlier_one_of_its_name_never_sent(world: World) -> None:
    emptied = phone(world)
    emptied.have([], [], waiting=3)
    world.clock.advance(days=2)
    again = asked(world, world.code(), Phone(wire(world.app), world.clock)).json()
    assert (again["lost"]["device"], again["lost"]["waiting"]) == ("Điện thoại thử", 3)
    assert again["lost"]["last_contact_at"] == "2024-06-15T01:00:00.000Z"


@pytest.mark.parametrize(("waiting", "name"), [(0, "Điện thoại thử"), (3, "Máy khác"), (3, "")])
def test_nothing_is_told_as_lost_that_was_not_waiting_or_not_this_phones(world: World, waiting: int, name: str) -> None:
    phone(world).have([], [], waiting=waiting)
    assert "lost" not in asked(world, world.code(), Phone(wire(world.app), world.clock), name).json()


def test_what_a_revoked_phone_held_is_not_told_as_lost(world: World) -> None:
    earlier = phone(world)
    earlier.have([], [], waiting=3)
    world.revoke(earlier)
    assert "lost" not in asked(world, world.code(), Phone(wire(world.app), world.clock)).json()
