"""Puts the service together: the one module that knows everybody. Rules live where they belong, none here."""

import os
import sys

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from server import cli, engine, headers, health, models, pages, phone_files, problem_pages
from server.api import sync
from server.clock import Clock, system_clock
from server.config import Config, ConfigFaults
from server.keys import KeyRing
from server.people import door, policy

MOST_BODY_BYTES = 16 * 1024 * 1024
LOOPBACK_NAMES = ("127.0.0.1", "localhost")

__all__ = ["create_app", "models"]


def create_app(config: Config | None = None, clock: Clock = system_clock) -> Flask:
    """The service with `config`, or with the environment's; a broken setting ends the program with status 2."""
    settings = config or _settings_or_exit()
    app = Flask("server", static_folder=None, template_folder="templates")
    app.config.update(MAX_CONTENT_LENGTH=MOST_BODY_BYTES, TRUSTED_HOSTS=_hosts(settings), TRAP_HTTP_EXCEPTIONS=False)
    app.extensions.update(lantoa_config=settings, lantoa_clock=clock, lantoa_keys=KeyRing(settings.keys_dir))
    engine.connect(app, settings)
    headers.install(app, settings)
    problem_pages.install(app)
    policy.install(app, {"public": door.guard_public, "desk": door.guard_desk})
    health.mount(app)
    phone_files.mount(app)
    sync.mount(app)
    pages.mount(app)
    cli.register(app)
    _wrap(app, settings)
    return app


def _settings_or_exit() -> Config:
    try:
        config = Config.from_env(os.environ)
        config.make_folders()
    except ConfigFaults as broken:
        sys.stderr.write("".join(f"{fault}\n" for fault in broken.faults))
        raise SystemExit(2) from None
    return config


def _hosts(config: Config) -> list[str]:
    """The public name, and loopback for whoever watches the service from the machine itself (R31)."""
    return sorted({config.hostname, *LOOPBACK_NAMES})


def _wrap(app: Flask, config: Config) -> None:
    """Outermost first: whom we speak to, then files, then what sync wrapped around bodies, then Flask."""
    wsgi_app = phone_files.wrapped(app.wsgi_app, config)
    hops = config.trusted_proxies
    app.wsgi_app = ProxyFix(wsgi_app, x_for=hops, x_proto=hops, x_host=hops) if hops else wsgi_app  # type: ignore[method-assign, assignment]
