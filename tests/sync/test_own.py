"""GET /sync/own and /sync/records: an officer's records on another of their phones (P-50), in every store."""

from typing import Any

from tests.phone import Phone, receipt_holds
from tests.sync.make import World, outreach, phone, photo, receipt_of
from tests.sync.test_records import refusal


def own(phone: Phone) -> list[dict[str, Any]]:
    answer = phone.get("/sync/own")
    assert answer.status == 200, answer.body
    rows: list[dict[str, Any]] = answer.json()["records"]
    return rows


def told(phone: Phone) -> int | None:
    """What `changes` tells of other phones' records; None where the member is missing."""
    count: int | None = phone.changes().json().get("own")
    return count


def test_a_second_phone_is_told_of_what_the_first_one_sent(world: World) -> None:
    first, picture = phone(world), photo()
    record = outreach(first, photos=(picture,))
    receipt = receipt_of(first.send(record))
    second = phone(world)
    assert (second.enrolled["changes"]["own"], told(second)) == (1, 1)
    [row] = own(second)
    assert (row["record_id"], row["device_id"], row["intent"]) == (record.record_id, first.enrolled["device_id"], "new")
    assert row["receipt"] == receipt
    assert receipt_holds(row["receipt"], second.enrolled["receipt_keys"][0]["spki"])
    assert [promise["id"] for promise in row["media"]] == [picture.media_id]
    assert "trial" not in row


def test_a_phone_is_not_told_of_what_it_made_itself(world: World) -> None:
    only = phone(world)
    only.send(outreach(only))
    assert told(only) is None
    assert own(only) == []
    phone(world)
    assert told(only) is None


def test_the_bytes_of_an_own_record_are_those_that_were_sent(world: World) -> None:
    first = phone(world)
    record = outreach(first)
    first.send(record)
    second = phone(world)
    assert second.get(f"/sync/records/{record.record_id}").json() == record.wire()


def test_others_records_do_not_exist(world: World) -> None:
    stranger, officer = phone(world, "officer_c"), phone(world)
    record = outreach(stranger)
    stranger.send(record)
    assert told(officer) is None
    assert own(officer) == []
    for name in (record.record_id, "0" * 32, "x"):
        assert refusal(officer.get(f"/sync/records/{name}")) == ("not-found", 404)


def test_after_sixty_days_only_returned_records_are_told(world: World) -> None:
    first = phone(world)
    returned, quiet = outreach(first), outreach(first)
    first.send(returned, quiet)
    world.returned(returned.record_id, "Thiếu ảnh")
    second = phone(world)
    world.clock.advance(days=60)
    assert {row["record_id"] for row in own(second)} == {returned.record_id, quiet.record_id}
    world.clock.advance(seconds=1)
    [row] = own(second)
    assert (row["record_id"], row["review"]["outcome"], row["review"]["reason"]) == (
        returned.record_id,
        "returned",
        "Thiếu ảnh",
    )
    assert told(second) == 1


def test_what_a_revoked_phone_hands_over_is_not_told_as_own(world: World) -> None:
    lost, new = phone(world), phone(world)
    world.revoke(lost)
    record = outreach(lost)
    assert receipt_of(lost.send(record))["status"] == "held"
    assert told(new) is None
    assert refusal(new.get(f"/sync/records/{record.record_id}")) == ("not-found", 404)
    assert refusal(lost.get("/sync/own")) == ("device-revoked", 403)
