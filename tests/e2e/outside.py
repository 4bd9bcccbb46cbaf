"""A client outside the machine: asks for the service by its public name, and trusts only the test's authority."""

import http.client
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

from tests.phone import Answer

LONG_S = 60.0


@dataclass(frozen=True)
class Outside:
    """A `Wire` (tests/phone.py) to one port of loopback; over TLS when there is an authority to trust."""

    port: int
    host: str = "127.0.0.1"
    authority: Path | None = None

    @property
    def origin(self) -> str:
        return f"{'https' if self.authority else 'http'}://{self.host}:{self.port}"

    def __call__(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        """One request on a connection of its own; redirects are answers."""
        line = _Line(self)
        try:
            line.request(method, path, body or None, {"Host": f"{self.host}:{self.port}", **headers})
            reply = line.getresponse()
            return Answer(reply.status, _joined(reply), reply.read())
        finally:
            line.close()

    def get(self, path: str, **headers: str) -> Answer:
        """GET; underscores in the names of headers stand for dashes."""
        return self("GET", path, {name.replace("_", "-"): value for name, value in headers.items()})

    def head(self, method: str, path: str, headers: dict[str, str], length: int) -> bytes:
        """The bytes before a body of this length."""
        named = {"Host": f"{self.host}:{self.port}", "Content-Length": str(length), **headers}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def connect(self) -> socket.socket:
        """A line on which a test says what it likes."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=LONG_S)
        if self.authority is None:
            return plain
        return ssl.create_default_context(cafile=self.authority).wrap_socket(plain, server_hostname=self.host)


def answer_on(line: socket.socket) -> Answer | None:
    """What comes back on this line; None where it is closed without a word."""
    reply = http.client.HTTPResponse(line)
    try:
        reply.begin()
        return Answer(reply.status, _joined(reply), reply.read())
    except (http.client.RemoteDisconnected, ConnectionResetError):
        return None
    finally:
        reply.close()


class _Line(http.client.HTTPConnection):
    """Goes to loopback whatever the name is, as the browsers of these tests do."""

    def __init__(self, outside: Outside) -> None:
        super().__init__(outside.host, outside.port, timeout=LONG_S)
        self._outside = outside

    def connect(self) -> None:
        self.sock = self._outside.connect()


def _joined(reply: http.client.HTTPResponse) -> dict[str, str]:
    """Headers in lower case; several of one name on lines of their own."""
    found: dict[str, str] = {}
    for name, value in reply.getheaders():
        before = found.get(name.lower())
        found[name.lower()] = value if before is None else f"{before}\n{value}"
    return found
