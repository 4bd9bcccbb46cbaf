"""gunicorn's threads, safe from clients that are slow before a request or after its answer; bodies: `server.bodies`.

gthread waits for the rest of a head without any limit, and for a client to hang up in the one thread that accepts
everybody. As many half heads as there are threads, or a few silent clients, would stop the service.
"""

import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

LONGEST_S = 20.0
QUICK_S = 0.25
SLOW_PLACES = 8


class WebWorker(ThreadWorker):  # type: ignore[misc]
    """Lets go of heads that take 20 s, and of the oldest slow ones when more than eight threads wait for such."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._waiting: dict[TConn, float] = {}

    def handle(self, conn: TConn) -> Any:
        """In a thread: the head, the request, and the farewell."""
        self._waiting[conn] = time.monotonic()
        try:
            goes_on = super().handle(conn)
            if goes_on is False:
                self._part(conn)
            return goes_on
        finally:
            self._waiting.pop(conn, None)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """The head is whole: from here on nobody waits for the client but `server.bodies`."""
        self._waiting.pop(conn, None)
        return super().handle_request(req, conn)

    def _part(self, conn: TConn) -> None:
        """Here and not in the accepting thread, which would close the line once more."""
        self._waiting[conn] = time.monotonic()
        with suppress(OSError):
            conn.sock.setblocking(True)
            util.close_graceful(conn.sock)
        conn.close = _is_closed

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Looks often while anybody is connected."""
        super().wait_for_and_dispatch_events(min(timeout, QUICK_S) if self.nr_conns else timeout)

    def murder_pending(self) -> None:
        """Called by gthread after each look."""
        super().murder_pending()
        now = time.monotonic()
        slow = sorted((since, id(conn), conn) for conn, since in self._waiting.copy().items() if now - since > QUICK_S)
        too_many = max(0, len(slow) - SLOW_PLACES)
        for place, (since, _, conn) in enumerate(slow):
            if place < too_many or now - since > LONGEST_S:
                _hang_up(conn)


def _hang_up(conn: TConn) -> None:
    """Ends reading only: an answer that is on its way goes out. Its thread sees the end of the line and closes it."""
    with suppress(OSError):
        socket.socket.shutdown(conn.sock, socket.SHUT_RD)


def _is_closed(graceful: bool = False) -> None:
    """The line is closed already."""
