"""A bad line between phone and program: passes bytes on, and cuts, delays or answers by itself when it is told to."""

import contextlib
import socket
import threading
from collections.abc import Callable

PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 44\r\nConnection: close\r\n\r\n"
    b"<html><body>Sign in to the Wi-Fi</body></html"
)
REFUSED = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class BadLine:
    """Listens on loopback; each connection carries one request. `answer(head)`: bytes to send instead, or None."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answer: Callable[[bytes], bytes | None] = lambda head: None
        self.lose_reply: Callable[[bytes], bool] = lambda head: False
        self.heads: list[bytes] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """No new connection is taken."""
        self.listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                phone, _ = self.listening.accept()
                threading.Thread(target=self._carry, args=(phone,), daemon=True).start()

    def _carry(self, phone: socket.socket) -> None:
        with contextlib.suppress(OSError), phone:
            head, body = _head_of(phone)
            if not head:
                return
            self.heads.append(head)
            instead = self.answer(head)
            if instead is not None:
                _drain(phone, head, body)
                phone.sendall(instead)
                return
            with socket.create_connection(("127.0.0.1", self.port)) as server:
                once = head.replace(b"\r\n", b"\r\nConnection: close\r\n", 1).replace(
                    b"Connection: keep-alive\r\n", b""
                )
                server.sendall(once + body + _drain(phone, head, body))
                while piece := server.recv(65536):
                    if not self.lose_reply(head):
                        phone.sendall(piece)


def _head_of(phone: socket.socket) -> tuple[bytes, bytes]:
    got = b""
    while b"\r\n\r\n" not in got:
        piece = phone.recv(65536)
        if not piece:
            return b"", b""
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", body


def _drain(phone: socket.socket, head: bytes, body: bytes) -> bytes:
    """The rest of the body."""
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    rest = b""
    while len(body) + len(rest) < length:
        piece = phone.recv(65536)
        if not piece:
            break
        rest += piece
    return rest
