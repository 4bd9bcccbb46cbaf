"""The phone app's own files: the page at `/`, its workers and its manifest by Flask, the hashed rest by WhiteNoise.

WhiteNoise adds no headers by itself and knows no `/`; so it gets only `/static/dist`.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, request
from whitenoise import WhiteNoise

from server import headers, recall
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
HTML, SCRIPT = "text/html; charset=utf-8", "text/javascript; charset=utf-8"

problems.add("phone-app-missing", 503, "The phone app is not built: run script/server")


def mount(app: Flask, dist: Path = DIST, recalled: Callable[[], tuple[str, ...]] = tuple) -> None:
    """`recalled`: the versions that no phone may keep (server/recall.py)."""
    blueprint = Blueprint("phone", __name__)

    @blueprint.get("/")
    def page() -> Response:
        if versions := recalled():
            return _page_in_recall(dist, versions)
        return _file(dist, "index.html", HTML)

    @blueprint.get("/sw.js")
    def worker() -> Response:
        return _worker(dist, "sw.js", recalled())

    @blueprint.get("/sw-sending.js")
    def sending_worker() -> Response:
        return _worker(dist, "sw-sending.js", recalled())

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


def _worker(dist: Path, name: str, recalled: tuple[str, ...]) -> Response:
    if not recalled:
        return _file(dist, name, SCRIPT)
    return _asked_again(Response(recall.worker(dist, name, recalled), content_type=SCRIPT))


def _page_in_recall(dist: Path, recalled: tuple[str, ...]) -> Response:
    """A build that was recalled itself is not given to anybody: words are."""
    if recall.served_version(dist) not in recalled:
        return _file(dist, "index.html", HTML)
    return Response((dist / "recalled.html").read_bytes(), HTTPStatus.SERVICE_UNAVAILABLE, content_type=HTML)


def _file(dist: Path, name: str, content_type: str) -> Response:
    """With its Brotli twin where the browser takes it; always asked for again, answered by 304 when unchanged."""
    packed = dist / f"{name}.br"
    use_packed = packed.is_file() and request.accept_encodings["br"] > 0
    path = packed if use_packed else dist / name
    if not path.is_file():
        raise Problem("phone-app-missing")
    response = Response(path.read_bytes(), content_type=content_type)
    response.vary.add("Accept-Encoding")
    if use_packed:
        response.headers["Content-Encoding"] = "br"
    return _asked_again(response)


def _asked_again(response: Response) -> Response:
    """Kept by nobody without asking; 304 when it is unchanged."""
    response.headers["Cache-Control"] = REVALIDATE
    response.add_etag()
    response.make_conditional(request)
    return response
