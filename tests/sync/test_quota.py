"""What one device may promise (P-54), and uploads through what lets only GET and POST pass, in every store."""

from datetime import timedelta
from typing import Any

import pytest

from sync.problems import Problem
from sync.store import Promised, Upload
from sync.uploads import Quota, Uploads
from tests.phone import Answer, Phone, Photo
from tests.sync.make import World, jpeg, outreach, phone, photo
from tests.sync.test_media import BYTES, TUS, head, state
from tests.sync.test_records import refusal

HUGE = 16 * 1024 * 1024


def promised(sender: Phone, number: int) -> Answer:
    """A promise of the largest photo that nobody has to keep."""
    return sender.create_upload(outreach(sender), _Huge(number))  # type: ignore[arg-type]


class _Huge:
    """Only its length is told; its bytes never come."""

    question = "photo"

    def __init__(self, number: int) -> None:
        self.media_id = f"{number:032x}"
        self.data = _Long()


class _Long(bytes):
    def __len__(self) -> int:
        return HUGE


def test_a_device_promises_so_much_without_a_record_and_no_more(world: World) -> None:
    sender = phone(world)
    most = Quota().orphan_bytes // HUGE
    answers = [promised(sender, number) for number in range(1, most + 2)]
    assert [answer.status for answer in answers] == [201] * most + [429]
    assert refusal(answers[-1]) == ("media-quota", 429)
    assert int(answers[-1].headers["retry-after"]) > 0
    assert promised(sender, 1).status == 201  # what was promised goes on


def test_another_device_has_a_quota_of_its_own(world: World) -> None:
    greedy, other = phone(world), phone(world, "officer_c")
    for number in range(1, Quota().orphan_bytes // HUGE + 2):
        promised(greedy, number)
    assert promised(other, 1000).status == 201


def test_what_a_record_promised_is_never_refused(world: World) -> None:
    sender, picture = phone(world), photo()
    record = outreach(sender, photos=(picture,))
    sender.send(record)
    for number in range(1, Quota().orphan_bytes // HUGE + 2):
        promised(sender, number)
    assert sender.upload(record, picture).status == 204


def test_giving_up_an_upload_makes_room(world: World) -> None:
    sender = phone(world)
    for number in range(1, Quota().orphan_bytes // HUGE + 2):
        promised(sender, number)
    path = f"/sync/media/{1:032x}"
    assert sender.wire("DELETE", path, {**TUS, **sender.credentials()}, b"").status == 204
    assert promised(sender, 2000).status == 201


class _Lately:
    """A store that has taken so many bytes today."""

    def __init__(self, lately: int) -> None:
        self._lately = lately

    def media(self, *_: Any) -> None:
        return None

    def promised(self, _device: Any, since: Any) -> Promised:
        self.since = since
        return Promised(0, self._lately)


def test_a_day_has_an_end(world: World) -> None:
    store = _Lately(Quota().daily_bytes)
    uploads = Uploads(store, None, None)  # type: ignore[arg-type]
    with pytest.raises(Problem, match="media-quota"):
        uploads.create(None, Upload("ab" * 16, "cd" * 32, 1, None, None), world.clock())  # type: ignore[arg-type]
    assert store.since == world.clock() - timedelta(days=1)


def posted(sender: Phone, picture: Photo, method: str, body: bytes = b"", **more: str) -> Answer:
    headers = {**TUS, **sender.credentials(), "X-HTTP-Method-Override": method, **more}
    return sender.wire("POST", f"/sync/media/{picture.media_id}", headers, body)


def test_post_stands_for_the_method_that_is_meant(world: World) -> None:
    sender, picture = phone(world), photo()
    record = outreach(sender, photos=(picture,))
    sender.send(record)
    sender.create_upload(record, picture)
    half = len(picture.data) // 2
    first = posted(sender, picture, "PATCH", picture.data[:half], **BYTES, **{"Upload-Offset": "0"})
    assert (first.status, first.headers["upload-offset"]) == (204, str(half))
    asked = posted(sender, picture, "HEAD")
    assert (asked.status, asked.headers["upload-offset"], asked.body) == (200, str(half), b"")
    rest = posted(sender, picture, "PATCH", picture.data[half:], **BYTES, **{"Upload-Offset": str(half)})
    assert rest.status == 204
    assert state(sender, picture)[0] == "there"
    assert refusal(posted(sender, picture, "DELETE")) == ("media-complete", 409)


@pytest.mark.parametrize("method", ["", "PUT", "GET", "CONNECT"])
def test_post_that_means_nothing_is_refused(world: World, method: str) -> None:
    sender, picture = phone(world), photo(jpeg(10))
    answer = posted(sender, picture, method)
    assert refusal(answer) == ("method-unmeant", 405)
    assert answer.headers["tus-resumable"] == "1.0.0"


def test_refusals_say_which_tus_is_spoken(world: World) -> None:
    sender, picture = phone(world), photo()
    assert head(sender, picture).headers["tus-resumable"] == "1.0.0"
    stranger = sender.wire("HEAD", f"/sync/media/{picture.media_id}", TUS, b"")
    assert (stranger.status, stranger.headers["tus-resumable"]) == (401, "1.0.0")
