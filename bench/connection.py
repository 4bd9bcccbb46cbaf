"""A kept-alive HTTP connection to loopback, in the shape that `tests.phone` speaks through."""

import http.client

from tests.phone import Answer


class Connection:
    """One connection; opened again when the server closed it."""

    def __init__(self, port: int, timeout_s: float = 60) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)

    def __call__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Sends one request and reads its answer."""
        self._http.request(method, path, body, headers)
        reply = self._http.getresponse()
        data = reply.read()
        return Answer(reply.status, {name.lower(): value for name, value in reply.getheaders()}, data)
