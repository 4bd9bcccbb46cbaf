"""A line to a running server that can serve another release of the phone app in front of it, be dead, or lie."""

from collections.abc import Callable
from http.client import responses
from pathlib import Path

from flask import Flask

from server import headers, phone_files, recall
from server.config import Config
from tests.chaos.browser.releases import Release
from tests.e2e.bad_line import BadLine
from tests.e2e.running import Running

OF_THE_APP = ("/sw.js", "/sw-sending.js", "/manifest.webmanifest", "/static/dist/")
CUT = b""


class Line:
    """Everything goes to the server; what belongs to the phone app comes from `release`, once there is one."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.dead = False
        self.fault: Callable[[str], bytes | None] = lambda path: None  # bytes to send instead
        self._app: Flask | None = None
        self._line = BadLine(running.port)
        self._line.answer = self._answer
        self.origin = self._line.origin

    @property
    def asked(self) -> list[str]:
        """The paths of all requests so far."""
        return [_path(head) for head in self._line.heads]

    def close(self) -> None:
        self._line.close()

    def serve(self, release: Release | None) -> None:
        """As after an update of the server; None: its own build again. The server's own code answers, recalls too."""
        self._app = _app_of(release.dist, self.running) if release else None

    def _answer(self, head: bytes) -> bytes | None:
        path = _path(head)
        fault = CUT if self.dead else self.fault(path)
        if fault is not None or self._app is None:
            return fault
        bare = path.split("?")[0]
        return _told(self._app, bare) if bare == "/" or bare.startswith(OF_THE_APP) else None


def _path(head: bytes) -> str:
    return head.split(b" ", 2)[1].decode()


def _app_of(dist: Path, running: Running) -> Flask:
    config = Config.from_env(running.environment)
    app = Flask("release", static_folder=None)
    headers.install(app, config)
    phone_files.mount(app, dist, lambda: recall.recalled(config.data_dir))
    app.wsgi_app = phone_files.wrapped(app.wsgi_app, config, dist)  # type: ignore[method-assign]
    return app


def _told(app: Flask, path: str) -> bytes:
    with app.test_client().get(path) as answer:
        status = f"HTTP/1.1 {answer.status_code} {responses[answer.status_code]}"
        lines = [f"{name}: {value}" for name, value in answer.headers if name.lower() != "connection"]
        return "\r\n".join([status, *lines, "Connection: close", "", ""]).encode() + answer.data
