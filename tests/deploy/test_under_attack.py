"""Clients that hold the line and say nothing more: others are served, and who is silent is let go after 20 s.

Against `script/server` itself, and behind the nginx of the recipe. Eight sign-ins at once stand in
tests/server/test_many_sign_ins.py; what one cut body gets, in tests/sync/test_cut_lines.py.
"""

import contextlib
import select
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server import clock
from tests.deploy.conftest import behind_nginx
from tests.e2e.conftest import copied, enrolment_link
from tests.e2e.outside import Outside, answer_on
from tests.e2e.running import Running
from tests.phone import Answer, Phone, Photo
from tests.sync.make import upload_metadata

PLACES = 6
ANSWERS = {"attendance": {"attendees_total": "12"}}


@dataclass
class Besieged:
    """A service, and a phone whose officer wants to work."""

    outside: Outside
    phone: Phone

    def serves(self) -> bool:
        """Others are told that all is well, and what an officer sends is stored, within what silence is borne."""
        health = self.outside.get("/healthz")
        sent = self.phone.send(self.phone.seal(ANSWERS))
        return (health.status, sent.json()["results"][0]["receipt"]["status"]) == (200, "stored")


def besieged(running: Running, outside: Outside) -> Besieged:
    phone = Phone(outside, clock.system_clock)
    code = enrolment_link(running, "lan").partition("#enrol=")[2]
    assert phone.enrol(code).status == 201
    return Besieged(outside, phone)


@pytest.fixture(scope="module")
def bare(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besieged]:
    """`script/server` with nothing before it."""
    running = copied(filled, tmp_path_factory.mktemp("bare"))
    running.start()
    try:
        yield besieged(running, Outside(running.port))
    finally:
        running.stop()


@pytest.fixture(scope="module")
def proxied(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besieged]:
    with behind_nginx(filled, tmp_path_factory.mktemp("proxied")) as service:
        yield besieged(service.running, service.outside)


def mute(_target: Besieged) -> bytes:
    return b""


def half_head(_target: Besieged) -> bytes:
    return b"POST /sync/records HTTP/1.1\r\nHost: 127."


def nonsense(_target: Besieged) -> bytes:
    """Answered at once; the client does not hang up."""
    return b"nonsense\r\n\r\n"


def farewell(_target: Besieged) -> bytes:
    """Answered at once, and told that the line ends; the client does not hang up."""
    return b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"


def half_batch(target: Besieged) -> bytes:
    headers = {"Content-Type": "application/json", **target.phone.credentials()}
    return target.outside.head("POST", "/sync/records", headers, 1000) + b'{"records": ['


def half_photo(target: Besieged) -> bytes:
    """Each of an upload of its own."""
    photo = Photo("photo", b"p" * 5000)
    return patch_head(target, photo, created(target, photo)) + photo.data[:100]


def created(target: Besieged, photo: Photo) -> str:
    """Where to send the bytes of this photo, which no record names yet."""
    names = {"media_id": photo.media_id, "sha256": "5e" * 32}
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(photo.data)), **target.phone.credentials()}
    answer = target.outside("POST", "/sync/media", headers | {"Upload-Metadata": upload_metadata(names)})
    assert answer.status == 201
    return answer.headers["location"]


def patch_head(target: Besieged, photo: Photo, path: str) -> bytes:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    return target.outside.head("PATCH", path, headers | target.phone.credentials(), len(photo.data))


Siege = Callable[[Besieged], bytes]


@contextlib.contextmanager
def siege(target: Besieged, kind: Siege, count: int) -> Iterator[list[socket.socket]]:
    """So many lines on which nothing more will come."""
    said = [kind(target) for _ in range(count)]
    with contextlib.ExitStack() as opened:
        lines = [opened.enter_context(target.outside.connect()) for _ in range(count)]
        for line, words in zip(lines, said, strict=True):
            line.sendall(words)
        yield lines


KINDS = [mute, half_head, nonsense, farewell, half_batch, half_photo]


@pytest.mark.parametrize("count", [16, 40])
@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_silent_clients_stop_nobody(bare: Besieged, kind: Siege, count: int) -> None:
    with siege(bare, kind, count):
        assert bare.serves()
    assert bare.serves()


def test_all_kinds_of_silence_at_once_stop_nobody(bare: Besieged) -> None:
    with contextlib.ExitStack() as all_of_them:
        for kind in KINDS:
            all_of_them.enter_context(siege(bare, kind, 16))
        assert bare.serves()


@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_silent_clients_stop_nobody_behind_the_nginx_of_the_recipe(proxied: Besieged, kind: Siege) -> None:
    with siege(proxied, kind, 8 if kind is half_photo else 40):
        assert proxied.serves()


def test_who_is_silent_is_let_go(bare: Besieged) -> None:
    with (
        siege(bare, half_head, 2) as heads,
        siege(bare, half_batch, 2) as batches,
        siege(bare, half_photo, 2) as photos,
    ):
        told = [[answer_on(line) for line in lines] for lines in (heads, batches, photos)]
    assert told[0] == [None, None]
    assert [(answer.status, answer.json()["type"]) for answer in told[1] if answer] == [(400, "body-incomplete")] * 2
    assert [(answer.status, answer.headers["upload-offset"]) for answer in told[2] if answer] == [(204, "100")] * 2


def ready(lines: list[socket.socket], patience_s: float) -> list[socket.socket]:
    """The lines on which something came, once it came on all that it can or the time is up."""
    found: set[socket.socket] = set()
    while waiting := [line for line in lines if line not in found]:
        came, _, _ = select.select(waiting, [], [], patience_s)
        if not came:
            break
        found |= set(came)
    return [line for line in lines if line in found]


@pytest.mark.parametrize("kind", [half_batch, half_photo], ids=["text", "photo"])
def test_the_slow_body_that_is_one_too_many_is_asked_to_come_back(bare: Besieged, kind: Siege) -> None:
    with siege(bare, kind, PLACES + 3) as lines:
        refused = [answer_on(line) for line in ready(lines, 2.0)]
    assert [told(answer) for answer in refused] == [(503, "server-busy", "5", "application/problem+json")] * 3


def told(answer: Answer | None) -> tuple[int, str, str, str]:
    assert answer is not None
    return answer.status, answer.json()["type"], answer.headers["retry-after"], answer.headers["content-type"]


def test_photos_do_not_take_the_places_of_slow_text(bare: Besieged) -> None:
    body = b'{"records": []}'
    with siege(bare, half_photo, 40) as photos, bare.outside.connect() as line:
        assert len(ready(photos, 2.0)) == 40 - PLACES
        headers = {"Content-Type": "application/json", **bare.phone.credentials()}
        line.sendall(bare.outside.head("POST", "/sync/records", headers, len(body)) + body[:5])
        assert ready([line], 1.0) == [], "a slow text waits in a place of its own"
        line.sendall(body[5:])
        answer = answer_on(line)
    assert answer is not None
    assert (answer.status, answer.json()["results"]) == (200, [])


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/sync/records"), ("POST", "/sync/enrol"), ("POST", "/sync/media")]
)
def test_a_hundred_megabytes_are_refused_before_they_come(bare: Besieged, method: str, path: str) -> None:
    headers = {"Content-Type": "application/json", "Tus-Resumable": "1.0.0", **bare.phone.credentials()}
    with bare.outside.connect() as line:
        line.sendall(bare.outside.head(method, path, headers, 100_000_000) + b"{")
        answer = answer_on(line)
    assert answer is not None
    assert (answer.status, answer.json()["type"]) == (413, "body-too-large")
