"""What a real gunicorn makes of lines that are cut, reset or silent (raw sockets on loopback)."""

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running import ROOT, free_port
from tests.phone import Answer, Phone, Photo
from tests.settable_clock import SettableClock
from tests.sync.make import jpeg, outreach

THREADS = 16
PATIENCE_S = 30.0


@dataclass
class Gunicorn:
    """A server process of its own."""

    port: int
    code: str

    def connect(self) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """One whole request on a line of its own."""
        with self.connect() as line:
            line.sendall(head(method, path, headers, len(body)) + body)
            return read(line, method)


def head(method: str, path: str, headers: dict[str, str], length: int | None) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [] if length is None else [f"Content-Length: {length}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def read(line: socket.socket, method: str = "GET") -> Answer:
    """The answer, up to the end of the line."""
    data = b""
    while part := line.recv(65536):
        data += part
    top, _, body = data.partition(b"\r\n\r\n")
    status, *fields = top.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, value in (field.split(": ", 1) for field in fields)}
    return Answer(int(status.split(" ")[1]), headers, body)


@pytest.fixture(scope="module")
def gunicorn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gunicorn]:
    """A server that bears silence for one second."""
    with running(tmp_path_factory.mktemp("impatient"), 1.0) as server:
        yield server


@pytest.fixture(scope="module")
def sender(gunicorn: Gunicorn) -> Phone:
    """A phone enrolled at that server."""
    return enrolled(gunicorn)


@contextlib.contextmanager
def running(folder: Path, silence_s: float) -> Iterator[Gunicorn]:
    """gunicorn as `script/server` starts it: one worker, sixteen threads."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--threads", str(THREADS)]
    command += ["-k", "server.web_worker.WebWorker", "-b", f"127.0.0.1:{port}", "tests.sync.served:app"]
    own = {"LANTOA_TEST_FOLDER": str(folder), "LANTOA_TEST_SILENCE_S": str(silence_s)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own}, stdout=log, stderr=log)
    try:
        wait_for(port, process, folder / "log")
        yield Gunicorn(port, (folder / "code").read_text())
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def enrolled(server: Gunicorn) -> Phone:
    """The one phone of a server."""
    made = Phone(server.send, SettableClock())
    assert made.enrol(server.code).status == 201
    return made


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.sendall(head("GET", "/sync/changes", {}, None))
            if line.recv(1):
                return
        time.sleep(0.05)
    raise AssertionError(log.read_text())


@pytest.fixture
def picture(sender: Phone) -> Photo:
    return created(sender)


def created(sender: Phone) -> Photo:
    """A photo of some size whose upload was created."""
    made = Photo("photo", jpeg(400))
    record = outreach(sender, photos=(made,))
    sender.send(record)
    assert sender.create_upload(record, made).status == 201
    return made


def patch_head(sender: Phone, picture: Photo, offset: int) -> bytes:
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
        **sender.credentials(),
    }
    return head("PATCH", f"/sync/media/{picture.media_id}", headers, len(picture.data) - offset)


def offset_of(sender: Phone, picture: Photo) -> int:
    """Where the upload stands, as `have` tells it; asked until the cut request was dealt with."""
    statement = json.loads(sender.have([], [picture.media_id]).json()["statement"])
    offset: int = statement["media"][0]["offset"]
    return offset


def finish_half(line: socket.socket) -> None:
    line.shutdown(socket.SHUT_WR)


def reset(line: socket.socket) -> None:
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def stay_silent(_line: socket.socket) -> None:
    """Nothing more is sent; the line stays open."""


@pytest.mark.parametrize("end", [finish_half, stay_silent], ids=["half-closed", "silent"])
@pytest.mark.parametrize("sent", [1, 1023, 1024, 16_384, 20_001])
def test_cut_patch_keeps_the_bytes_that_came_and_goes_on_behind_them(
    gunicorn: Gunicorn, sender: Phone, picture: Photo, end: Any, sent: int
) -> None:
    with gunicorn.connect() as line:
        line.sendall(patch_head(sender, picture, 0) + picture.data[:sent])
        end(line)
        answer = read(line, "PATCH")
    assert (answer.status, answer.headers["upload-offset"]) == (204, str(sent))
    assert offset_of(sender, picture) == sent
    assert sender.patch(picture, sent, picture.data[sent:]).status == 204


def test_patch_whose_line_is_reset_goes_on_where_the_server_says(
    gunicorn: Gunicorn, sender: Phone, picture: Photo
) -> None:
    line = gunicorn.connect()
    line.sendall(patch_head(sender, picture, 0) + picture.data[:20_000])
    reset(line)
    busy = sender.patch(picture, 0, b"")
    while busy.status == 423:
        busy = sender.patch(picture, 0, b"")
    reached = offset_of(sender, picture)
    assert 0 <= reached <= 20_000
    assert sender.patch(picture, reached, picture.data[reached:]).status == 204


@pytest.mark.parametrize("end", [finish_half, stay_silent], ids=["half-closed", "silent"])
@pytest.mark.parametrize("kept", [0, 1, 500])
def test_cut_text_body_is_refused_and_nothing_is_stored(gunicorn: Gunicorn, sender: Phone, end: Any, kept: int) -> None:
    record = outreach(sender)
    body = json.dumps({"records": [record.wire()]}).encode()
    with gunicorn.connect() as line:
        headers = {"Content-Type": "application/json", **sender.credentials()}
        line.sendall(head("POST", "/sync/records", headers, len(body)) + body[:kept])
        end(line)
        answer = read(line)
    assert (answer.status, answer.json()["type"]) == (400, "body-incomplete")
    statement = json.loads(sender.have([record], []).json()["statement"])
    assert statement["missing"] == [record.record_id]


@pytest.mark.parametrize("end", [finish_half, stay_silent], ids=["half-closed", "silent"])
def test_chunked_body_without_its_end_is_refused(gunicorn: Gunicorn, sender: Phone, end: Any) -> None:
    with gunicorn.connect() as line:
        headers = {"Content-Type": "application/json", "Transfer-Encoding": "chunked", **sender.credentials()}
        line.sendall(head("POST", "/sync/records", headers, None) + b'e\r\n{"records": []\r\n')
        end(line)
        answer = read(line)
    assert (answer.status, answer.json()["type"]) == (400, "body-incomplete")


def test_body_that_comes_in_drops_is_whole_in_the_end(gunicorn: Gunicorn, sender: Phone) -> None:
    body = json.dumps({"records": [outreach(sender).wire()]}).encode()
    with gunicorn.connect() as line:
        headers = {"Content-Type": "application/json", **sender.credentials()}
        line.sendall(head("POST", "/sync/records", headers, len(body)))
        for start in range(0, len(body), 200):
            time.sleep(0.1)  # slower than the quick phase: the body becomes a slow one and goes on
            line.sendall(body[start : start + 200])
        answer = read(line)
    assert answer.json()["results"][0]["receipt"]["status"] == "stored"


def test_clients_that_go_silent_do_not_stop_the_server(tmp_path: Path) -> None:
    with running(tmp_path, 20.0) as server, contextlib.ExitStack() as silent:
        sender = enrolled(server)
        picture = created(sender)
        for _ in range(THREADS):
            records, photo = (silent.enter_context(server.connect()) for _ in range(2))
            records.sendall(head("POST", "/sync/records", sender.credentials(), 1000) + b"{")
            photo.sendall(patch_head(sender, picture, 0) + picture.data[:100])
        answer = sender.send(outreach(sender))
        assert answer.json()["results"][0]["receipt"]["status"] == "stored"
        assert sender.changes().status == 200
