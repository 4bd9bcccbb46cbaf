"""Installations as docs/deploy.md sets them up, on a name that is not loopback: behind nginx, or with their own TLS."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.browser import Browser, trust
from tests.e2e.conftest import desks, fill, filled, open_browser
from tests.e2e.nginx import RECIPE_HOST, Nginx
from tests.e2e.outside import Outside
from tests.e2e.running import Running
from tests.e2e.tls import Certificates, make_certificates

__all__ = ["desks", "filled", "open_browser"]


@dataclass(frozen=True, slots=True)
class Service:
    """One installation and the way to it from outside."""

    running: Running
    outside: Outside
    nginx: Nginx | None = None

    @property
    def origin(self) -> str:
        return self.outside.origin


@contextmanager
def behind_nginx(filled: Path, folder: Path) -> Iterator[Service]:
    """A filled installation behind the nginx of the recipe; both run."""
    certificates = make_certificates(folder / "tls", RECIPE_HOST)
    running = Running(folder / "installation")
    nginx = Nginx(folder / "nginx", certificates, running.port)
    outside = Outside(nginx.https, RECIPE_HOST, certificates.authority)
    running.settings = {"LANTOA_URL": outside.origin, "TRUSTED_PROXIES": "1"}
    fill(running, filled)
    nginx.start()
    try:
        yield from _running(Service(running, outside, nginx))
    finally:
        nginx.stop()


@contextmanager
def with_own_tls(filled: Path, folder: Path) -> Iterator[Service]:
    """A filled installation whose gunicorn speaks TLS itself."""
    certificates = make_certificates(folder / "tls", RECIPE_HOST)
    running = Running(folder / "installation")
    outside = Outside(running.port, RECIPE_HOST, certificates.authority)
    running.settings = {"LANTOA_URL": outside.origin, **_files(certificates)}
    fill(running, filled)
    yield from _running(Service(running, outside))


def _files(certificates: Certificates) -> dict[str, str]:
    return {"TLS_CERT": str(certificates.chain), "TLS_KEY": str(certificates.key), "LISTEN": "127.0.0.1"}


def _running(service: Service) -> Iterator[Service]:
    service.running.start()
    try:
        yield service
    finally:
        service.running.stop()


OpenAt = Callable[..., Browser]


@pytest.fixture
def open_at(open_browser: Callable[..., Browser], tmp_path: Path) -> OpenAt:
    """Makes browsers that find the public name on loopback and trust the service's authority alone."""

    def make(service: Service, name: str, **changes: object) -> Browser:
        home = tmp_path / f"home-{name}"
        assert service.outside.authority is not None
        trust(home, service.outside.authority)
        return open_browser(name, home=home, flags=(f"--host-resolver-rules=MAP {RECIPE_HOST} 127.0.0.1",), **changes)

    return make
