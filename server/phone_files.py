"""The phone app's own files: the page at `/`, its workers and its manifest by Flask, the hashed rest by WhiteNoise.

WhiteNoise adds no headers by itself and knows no `/`; so it gets only `/static/dist`.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, request
from whitenoise import WhiteNoise

from server import headers
from server.config import Config
from server.people.policy import cover
from sync import problems
from sync.problems import Problem

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"
PREFIX = "/static/dist/"
HASHED = re.compile(r"-[A-Z0-9]{8}\.\w+(\.\w+)?$")
REVALIDATE = "no-cache"

problems.add("phone-app-missing", 503, "The phone app is not built: run script/server")


def mount(app: Flask, dist: Path = DIST) -> None:
    blueprint = Blueprint("phone", __name__)

    @blueprint.get("/")
    def page() -> Response:
        return _file(dist, "index.html", "text/html; charset=utf-8")

    @blueprint.get("/sw.js")
    def worker() -> Response:
        return _file(dist, "sw.js", "text/javascript; charset=utf-8")

    @blueprint.get("/sw-sending.js")
    def sending_worker() -> Response:
        return _file(dist, "sw-sending.js", "text/javascript; charset=utf-8")

    @blueprint.get("/manifest.webmanifest")
    def manifest() -> Response:
        return _file(dist, "manifest.webmanifest", "application/manifest+json; charset=utf-8")

    app.register_blueprint(blueprint)
    cover(app, "phone", "public")


def wrapped(wsgi_app: "WSGIApplication", config: Config, dist: Path = DIST) -> "WSGIApplication":
    """Hashed names never change: they may be kept for ever. Others are asked for again."""
    if not dist.is_dir():
        return wsgi_app
    files: WSGIApplication = WhiteNoise(
        wsgi_app,
        root=str(dist),
        prefix=PREFIX,
        max_age=60,
        allow_all_origins=False,
        immutable_file_test=lambda _path, url: bool(HASHED.search(url)),
        add_headers_function=headers.for_static(config),
    )
    return files


def _file(dist: Path, name: str, content_type: str) -> Response:
    """With its Brotli twin where the browser takes it; always asked for again, answered by 304 when unchanged."""
    packed = dist / f"{name}.br"
    use_packed = packed.is_file() and request.accept_encodings["br"] > 0
    path = packed if use_packed else dist / name
    if not path.is_file():
        raise Problem("phone-app-missing")
    response = Response(path.read_bytes(), content_type=content_type)
    response.headers["Cache-Control"] = REVALIDATE
    response.vary.add("Accept-Encoding")
    if use_packed:
        response.headers["Content-Encoding"] = "br"
    response.add_etag()
    response.make_conditional(request)
    return response
