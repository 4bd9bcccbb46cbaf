"""Mounts the blueprint of `sync`: its store, keys, clock, photos and policies, and the middleware of bodies."""

from flask import Flask, request

from server import bodies, media_files
from server.clock import PLAN_ZONE, now
from server.config import Config
from server.keys import KeyRing
from server.people import policy, throttle
from server.stores import COPIES, STORE, SqlStore
from sync.door import Parts
from sync.media import Folder
from sync.routes import DEFAULT_POLICY, POLICIES, sync_blueprint


def mount(app: Flask, limits: bodies.Limits | None = None) -> None:
    """Needs `lantoa_config` and `lantoa_keys` among the app's extensions."""
    config: Config = app.extensions["lantoa_config"]
    keys: KeyRing = app.extensions["lantoa_keys"]
    folder = Folder(config.media_dir)
    app.extensions[STORE] = SqlStore()
    app.extensions[COPIES] = copies = media_files.DisplayCopies(folder)
    blueprint = sync_blueprint(_parts(app, keys, folder, copies))
    app.register_blueprint(blueprint)
    policy.cover(app, blueprint.name, DEFAULT_POLICY)
    for endpoint, declared in POLICIES.items():
        policy.cover(app, f"{blueprint.name}.{endpoint}", declared)
    bodies.install(app, limits)


def _parts(app: Flask, keys: KeyRing, folder: Folder, copies: media_files.DisplayCopies) -> Parts:
    return Parts(
        store=app.extensions[STORE],
        keyring=keys,
        clock=now,
        folder=folder,
        readable=media_files.readable,
        display=lambda media: copies.of(media.sha256),
        network=lambda: throttle.network_of(request.remote_addr),
        zone=PLAN_ZONE,
    )
