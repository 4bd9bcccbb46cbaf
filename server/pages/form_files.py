"""Downloads of a form version: as it was uploaded, as an XLSForm, as an XForm. Never shown in the page's own place."""

from collections.abc import Callable

from flask import Response

import server.pages.forms as pages
from server.pages.blueprint import desk
from server.pages.frame import session
from server.people.policy import policy
from server.queries import forms as rows
from server.queries.forms import Source, VersionLine
from sync.problems import Problem

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"xlsx": XLSX, "md": "text/markdown", "csv": "text/csv", "xml": "application/xml"}
SANDBOX = "default-src 'none'; sandbox"

Part = Callable[[Source], tuple[bytes | None, str]]  # → bytes and the ending of the file's name


@desk.get("/forms/of/<form_id>/<int(max=2147483647):number>/source")
@policy(pages.READERS)
def form_source(form_id: str, number: int) -> Response:
    return _download(pages.found_version(form_id, number), lambda s: (s.file or s.text.encode() or None, s.kind))


@desk.get("/forms/of/<form_id>/<int(max=2147483647):number>/xlsform")
@policy(pages.READERS)
def form_xlsform(form_id: str, number: int) -> Response:
    return _download(pages.found_version(form_id, number), lambda s: (s.xlsform, "xlsx"))


@desk.get("/forms/of/<form_id>/<int(max=2147483647):number>/xform")
@policy(pages.READERS)
def form_xform(form_id: str, number: int) -> Response:
    return _download(pages.found_version(form_id, number), lambda s: (s.xform.encode() or None, "xml"))


def _download(version: VersionLine, part: Part) -> Response:
    """R21: an attachment under a name that we made, in a sandbox."""
    body, ending = part(rows.source(session(), version.id))
    if body is None:
        raise Problem("not-found")
    answer = Response(body, mimetype=TYPES.get(ending, "application/octet-stream"))
    answer.headers["Content-Disposition"] = f'attachment; filename="{_plain(version)}.{ending}"'
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _plain(version: VersionLine) -> str:
    name = f"{version.form_id}-{version.version}"
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "_" for letter in name)
