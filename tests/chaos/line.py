"""A line that is cut after a chosen byte, in either direction, and a phone's strict reading of what comes through.

A reply counts only when it is whole: a status line, all headers, as many bytes as were promised.
"""

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass
from typing import Literal

from tests.phone import Answer

PATIENCE_S = 30.0
BODILESS = (204, 304)


class CutOff(Exception):
    """No whole answer came: nobody knows what the server did."""


@dataclass(frozen=True, slots=True)
class Cut:
    """`up`: after so many bytes of the request; `down`: of the reply. `reset` or an orderly `end` of the line."""

    direction: Literal["up", "down"]
    offset: int
    how: Literal["reset", "end"] = "reset"


class CutLine:
    """Listens on loopback, one request per connection, one connection at a time; `cut` is for the next one alone."""

    def __init__(self, port: int) -> None:
        self.cut: Cut | None = None
        self.first: tuple[int, int] | None = None  # lengths of the next request and its reply, once they are known
        self.moved = 0  # bytes in both directions since it was opened
        self._server_port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                phone, _ = self._listening.accept()
                with contextlib.suppress(OSError), phone:
                    phone.settimeout(PATIENCE_S)
                    self._carry(phone)

    def _carry(self, phone: socket.socket) -> None:
        cut, self.cut = self.cut, None
        request = whole(phone, "request")
        up = request[: cut.offset] if cut and cut.direction == "up" else request
        self.moved += len(up)
        with socket.create_connection(("127.0.0.1", self._server_port), timeout=PATIENCE_S) as server:
            server.sendall(up)
            if cut and cut.direction == "up":
                _let_go(server, cut)
                reset(phone)
                return
            reply = _rest(server)
        down = reply[: cut.offset] if cut else reply
        self.moved += len(down)
        self.first = self.first or (len(request), len(reply))
        phone.sendall(down)
        if cut and cut.how == "reset":
            reset(phone)


def _let_go(server: socket.socket, cut: Cut) -> None:
    """The server sees a reset, or an end after which nobody reads its answer."""
    if cut.how == "reset":
        reset(server)
        return
    server.shutdown(socket.SHUT_WR)
    with contextlib.suppress(OSError):
        _rest(server)


def reset(line: socket.socket) -> None:
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def whole(line: socket.socket, what: str) -> bytes:
    """One whole message as its head promises it."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(line, what)
    head, _, body = data.partition(b"\r\n\r\n")
    missing = _promised(head) - len(body)
    while missing > 0:
        data += (piece := _some(line, what))
        missing -= len(piece)
    return data


def _some(line: socket.socket, what: str) -> bytes:
    try:
        piece = line.recv(65536)
    except OSError as error:
        raise CutOff(what) from error
    if not piece:
        raise CutOff(what)
    return piece


def _promised(head: bytes) -> int:
    fields = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return next((int(value) for name, _, value in fields if name.lower() == b"content-length"), 0)


def _rest(line: socket.socket) -> bytes:
    data = b""
    while piece := line.recv(65536):
        data += piece
    return data


@dataclass(frozen=True, slots=True)
class Wire:
    """A phone's way through a line: one connection for each request. Raises CutOff."""

    port: int

    def __call__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as line:
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                line.sendall(_head(method, path, headers, len(body)) + body)
                data = whole(line, "reply") if method != "HEAD" else _only_head(line)
        except OSError as error:
            raise CutOff(method) from error
        return _answer(data)


def _head(method: str, path: str, headers: dict[str, str], length: int) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if method in ("POST", "PATCH"):
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _only_head(line: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(line, "head")
    return data


def _answer(data: bytes) -> Answer:
    top, _, body = data.partition(b"\r\n\r\n")
    status, *fields = top.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, value in (field.split(": ", 1) for field in fields)}
    return Answer(int(status.split(" ")[1]), headers, body)
