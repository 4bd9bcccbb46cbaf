"""Lines to a server in the shape that `tests.phone` speaks through: a kept-alive connection, or an app at hand."""

import http.client

from flask import Flask

from tests.phone import Answer, Wire


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


def through(app: Flask) -> Wire:
    """A line to the app's test client: no network between."""
    client = app.test_client(use_cookies=False)

    def send(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        got = client.open(path, method=method, headers=headers, data=body, buffered=True)
        return Answer(got.status_code, {name.lower(): value for name, value in got.headers.items()}, got.data)

    return send
