"""An upload becomes a draft, or a report of all its faults. For the worker: reading takes seconds.

Whatever the file is, the report is written. The reading itself happens in a process apart (`form_alone`).
"""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forms.faults import Fault, FormFaults
from forms.model import MODEL_FORMAT
from server import audit
from server.db import db, transaction
from server.plan import form_alone, form_life
from server.plan.form_wire import Handed, ReadForm
from server.queries import form_uploads as rows
from server.queries import forms
from server.queries.form_uploads import Fetched, ToRead
from server.queries.forms import DRAFT, NewVersion, VersionLine

log = logging.getLogger("lantoa.forms")


def read(upload_id: int, at: datetime) -> None:
    """Reads one upload; a second time nothing happens."""
    session = db.session()
    upload = rows.to_read(session, upload_id)
    session.rollback()
    if upload is None:
        return
    try:
        found = form_alone.read(
            Handed(upload.file_name, upload.kind, upload.body),
            tuple(Handed(file.name, file.kind, file.body) for _, file in upload.files),
        )
    except FormFaults as broken:
        _report(upload, broken.faults, broken.warnings, at)
    except Exception as error:  # a reader of ours that broke is a fault of the report, not of the worker
        log.warning("upload %s could not be read: %s", upload_id, type(error).__name__)
        _report(upload, (_own("unreadable", "", type=type(error).__name__),), (), at)
    else:
        _draft(upload, found, at)


def _fetched(upload: ToRead, found: ReadForm) -> list[Fetched]:
    """What phones fetch of the files beside the form, by its hash."""
    pairs = zip(upload.files, found.files, strict=True)
    bodies = [(file_id, made, given.body if made.body is None else made.body) for (file_id, given), made in pairs]
    return [
        Fetched(file_id, hashlib.sha256(body).hexdigest(), made.media_type, body, made.body_br)
        for file_id, made, body in bodies
    ]


def _draft(upload: ToRead, found: ReadForm, at: datetime) -> None:
    with transaction() as session:
        form_life.alone(session)
        known = forms.version(session, found.form_id, found.version)
        taken = _taken(known)
        if taken:
            _close(session, upload, found.form_id, None, (taken,), found.warnings, at)
            return
        if known:
            forms.drop_version(session, known.id)
        version_id = forms.add_version(session, _row(upload, found), at)
        rows.attach(session, version_id, _fetched(upload, found))
        _close(session, upload, found.form_id, version_id, (), found.warnings, at)
        subject = f"form-version:{version_id}"
        audit.note(session, "form.drafted", subject, upload.account_id, None, {"form": found.form_id}, at)


def _taken(known: VersionLine | None) -> Fault | None:
    """A draft that nobody has tried gives way to a new one of its name; everything else stays as it is."""
    if known is None or (known.state == DRAFT and not known.tried):
        return None
    code = "version-tried" if known.published_at is None else "version-published"
    return _own(code, "settings", row=2, column="version", version=known.version)


def _row(upload: ToRead, found: ReadForm) -> NewVersion:
    text = "" if upload.kind == "xlsx" else upload.body.decode("utf-8", "replace").replace("\x00", "\ufffd")
    return NewVersion(
        form_id=found.form_id,
        version=found.version,
        title=dict(found.title) or {"vi": found.form_id},
        model_format=int(json.loads(found.model).get("model_format", MODEL_FORMAT)),
        source=text,
        source_kind=upload.kind,
        source_name=upload.file_name,
        source_file=upload.body,
        xlsform=found.xlsform,
        xform=found.xform,
        model=found.model,
        model_sha256=hashlib.sha256(found.model.encode()).hexdigest(),
        warnings=_lines(found.warnings),
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
