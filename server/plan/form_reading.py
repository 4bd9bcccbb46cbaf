"""An upload becomes a draft, or a report of all its faults. Needs pyxform and openpyxl: for the worker only.

Whatever the file is, the report is written: a fault of our own while reading it is told as one.
"""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import brotli
from sqlalchemy.orm import Session

from forms.csv_files import CsvFile, csv_file
from forms.faults import Fault, FormFaults
from forms.model import MODEL_FORMAT
from forms.xlsform import Compiled, compile_file, xlsx_of
from server import audit
from server.db import db, transaction
from server.media_files import picture_type
from server.queries import form_uploads as rows
from server.queries import forms
from server.queries import registers as items
from server.queries.form_uploads import Fetched, GivenFile, ToRead
from server.queries.forms import DRAFT, NewVersion, VersionLine

log = logging.getLogger("lantoa.forms")

AUDIO_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"RIFF", "audio/wav"),
)


def read(upload_id: int, at: datetime) -> None:
    """Reads one upload; a second time nothing happens."""
    session = db.session()
    upload = rows.to_read(session, upload_id)
    session.rollback()
    if upload is None:
        return
    try:
        compiled, xlsform, fetched = _compiled(upload)
    except FormFaults as broken:
        _report(upload, broken.faults, getattr(broken, "warnings", ()), at)
    except (Exception, RecursionError) as error:
        log.warning("upload %s could not be read: %s", upload_id, type(error).__name__)
        _report(upload, (_own("unreadable", "", type=type(error).__name__),), (), at)
    else:
        _draft(upload, compiled, xlsform, fetched, at)


def _compiled(upload: ToRead) -> tuple[Compiled, bytes | None, list[Fetched]]:
    given = {file.name: file.body for _, file in upload.files}
    compiled = compile_file(upload.file_name, upload.body, given)
    fetched: list[Fetched] = []
    faults: list[Fault] = []
    for file_id, file in upload.files:
        try:
            fetched.append(_fetched(file_id, file))
        except FormFaults as broken:
            faults += broken.faults
    if faults:
        raise FormFaults(tuple(faults))
    return compiled, None if upload.kind == "xml" else xlsx_of(upload.file_name, upload.body), fetched


def _fetched(file_id: int, file: GivenFile) -> Fetched:
    """What phones get of a file; its type is what its bytes are, not what its name says."""
    if file.kind == "csv":
        body = _register_set(csv_file(file.name, file.body)).encode()
        packed = brotli.compress(body, quality=9)
        return Fetched(file_id, hashlib.sha256(body).hexdigest(), "application/json", body, packed)
    media_type = picture_type(file.body) if file.kind == "image" else _sound_type(file.body)
    if media_type is None:
        raise FormFaults((_own("file-not-what-it-says", file.name, name=file.name),))
    return Fetched(file_id, hashlib.sha256(file.body).hexdigest(), media_type, file.body, b"")


def _register_set(found: CsvFile) -> str:
    shape = {"register": found.name, "unit": None, "columns": found.columns, "rows": found.rows}
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


def _sound_type(body: bytes) -> str | None:
    if body[4:8] == b"ftyp":
        return "audio/mp4"
    return next((kind for mark, kind in AUDIO_MARKS if body.startswith(mark)), None)


def _draft(upload: ToRead, compiled: Compiled, xlsform: bytes | None, fetched: list[Fetched], at: datetime) -> None:
    form = compiled.form
    with transaction() as session:
        known = forms.version(session, form.form_id, form.version)
        taken = _taken(known)
        if taken:
            _close(session, upload, form.form_id, None, (taken,), compiled.warnings, at)
            return
        if known:
            forms.drop_version(session, known.id)
        version_id = forms.add_version(session, _row(upload, compiled, xlsform), at)
        rows.attach(session, version_id, fetched)
        items.move_stamp(session)
        _close(session, upload, form.form_id, version_id, (), compiled.warnings, at)
        subject = f"form-version:{version_id}"
        audit.note(session, "form.drafted", subject, upload.account_id, None, {"form": form.form_id}, at)


def _taken(known: VersionLine | None) -> Fault | None:
    """A draft that nobody has tried gives way to a new one of its name; everything else stays as it is."""
    if known is None or (known.state == DRAFT and not known.tried):
        return None
    code = "version-tried" if known.published_at is None else "version-published"
    return _own(code, "settings", row=2, column="version", version=known.version)


def _row(upload: ToRead, compiled: Compiled, xlsform: bytes | None) -> NewVersion:
    form, model = compiled.form, compiled.model_json
    text = "" if upload.kind == "xlsx" else upload.body.decode("utf-8", "replace").replace("\x00", "\ufffd")
    return NewVersion(
        form_id=form.form_id,
        version=form.version,
        title=form.title or {"vi": form.form_id},
        model_format=int(json.loads(model).get("model_format", MODEL_FORMAT)),
        source=text,
        source_kind=upload.kind,
        source_name=upload.file_name,
        source_file=upload.body,
        xlsform=xlsform,
        xform=compiled.xform,
        model=model,
        model_sha256=hashlib.sha256(model.encode()).hexdigest(),
        warnings=_lines(compiled.warnings),
        uploaded_by_id=upload.account_id,
    )


def _report(upload: ToRead, faults: Sequence[Fault], warnings: Sequence[Fault], at: datetime) -> None:
    with transaction() as session:
        _close(session, upload, None, None, faults, warnings, at)


def _close(
    session: Session,
    upload: ToRead,
    form_id: str | None,
    version_id: int | None,
    faults: Sequence[Fault],
    warnings: Sequence[Fault],
    at: datetime,
) -> None:
    rows.close(session, upload.id, form_id, version_id, _lines(faults), _lines(warnings), at)
    if version_id is None:
        rows.drop_files(session, upload.id)


def _lines(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    """As JSON that every database takes: without NUL and halves of surrogate pairs."""
    return [{**asdict(fault), "details": dict(fault.details)} for fault in map(_fit, faults)]


def _fit(fault: Fault) -> Fault:
    details = {name: _text(value) for name, value in fault.details.items()}
    parts = (_text(fault.sheet), fault.row, _text(fault.column), _text(fault.message))
    return Fault(*parts, fault.code, details, fault.letter)


def _text(value: object) -> str:
    return str(value).encode("utf-8", "replace").decode().replace("\x00", "\ufffd")[:1000]


def _own(code: str, sheet: str, row: int = 0, column: str = "", **details: str) -> Fault:
    return Fault(sheet, row, column, code, code, details)


def run(detail: Mapping[str, Any], at: datetime) -> None:
    """The job."""
    read(int(detail["upload"]), at)


def give_up(detail: Mapping[str, Any], at: datetime) -> None:
    """The job failed again and again, or ended the worker each time: the report says so, nobody waits for ever."""
    session = db.session()
    upload = rows.to_read(session, int(detail["upload"]))
    session.rollback()
    if upload is not None:
        _report(upload, (_own("unreadable", "", type="given up"),), (), at)
