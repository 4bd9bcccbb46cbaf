"""Downloads of a form version: as it was uploaded, as an XLSForm, as an XForm; and of a report, as a table.

Never shown in the page's own place.
"""

import csv
import io
from collections.abc import Callable, Iterable

from flask import Response

import server.pages.forms as pages
from server.pages.blueprint import desk
from server.pages.form_words import FaultShown
from server.pages.frame import session
from server.pages.phrases import gettext
from server.people.policy import policy
from server.queries import form_uploads
from server.queries import forms as rows
from server.queries.forms import Source, VersionLine
from sync.problems import Problem

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"xlsx": XLSX, "md": "text/markdown", "csv": "text/csv", "xml": "application/xml"}
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
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


@desk.get("/forms/uploads/<int(max=2147483647):number>/faults")
@policy(pages.READERS)
def form_faults(number: int) -> Response:
    """The report as a table for a spreadsheet, in the reader's language."""
    found = form_uploads.line(session(), number)
    if found is None:
        raise Problem("not-found")
    kinds = ((gettext("phải sửa"), found.faults), (gettext("nên xem"), found.warnings))
    rows_ = [(kind, *_cells(one)) for kind, lines in kinds for one in pages.told(lines)]
    head = (gettext("Loại"), gettext("Trang tính"), gettext("Ô"), gettext("Sai ở đâu"), gettext("Nội dung ô"))
    return _attached(_csv(((*head, gettext("Sửa thế nào")), *rows_)), "text/csv", f"faults-{number}.csv")


def _cells(one: FaultShown) -> tuple[str, ...]:
    return one.sheet or gettext("cả tệp"), one.place, one.what, one.text, one.do


def _csv(lines: Iterable[tuple[str, ...]]) -> bytes:
    """UTF-8 with its mark, so that every spreadsheet reads the letters; no cell begins as a formula would (R26)."""
    written = io.StringIO()
    csv.writer(written).writerows([_plain_cell(cell) for cell in line] for line in lines)
    return "\ufeff".encode() + written.getvalue().encode()


def _plain_cell(text: str) -> str:
    return f"'{text}" if text.lstrip(" \xa0").startswith(FORMULA_SIGNS) else text


def _download(version: VersionLine, part: Part) -> Response:
    """R21: an attachment under a name that we made, in a sandbox."""
    body, ending = part(rows.source(session(), version.id))
    if body is None:
        raise Problem("not-found")
    return _attached(body, TYPES.get(ending, "application/octet-stream"), f"{_plain(version)}.{ending}")


def _attached(body: bytes, media_type: str, name: str) -> Response:
    answer = Response(body, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _plain(version: VersionLine) -> str:
    name = f"{version.form_id}-{version.version}"
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "_" for letter in name)
