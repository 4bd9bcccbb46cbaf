"""Builders of drafts of forms, and of files beside them."""

import hashlib
import json
from dataclasses import replace

from sqlalchemy.orm import Session

from forms import model_json
from forms.model import Form
from server.models.plan import FormFile, FormVersion, SyncFile
from tests.make import NOON
from tests.small_form import small_form


def draft(session: Session, form_id: str, version: str, form: Form | None = None) -> int:
    """A version that waits to be published; its id."""
    model = model_json.dumps(replace(form or small_form(form_id), version=version))
    row = FormVersion(
        form_id=form_id,
        version=version,
        title={"vi": form_id},
        state="draft",
        model_format=json.loads(model)["model_format"],
        source="",
        xform="",
        model=model,
        model_sha256=hashlib.sha256(model.encode()).hexdigest(),
        created_at=NOON,
    )
    session.add(row)
    session.flush()
    return row.id


def attach(session: Session, version_id: int, name: str, media_type: str, body: bytes) -> None:
    """A file beside a version, as phones fetch it."""
    sha256, kind = hashlib.sha256(body).hexdigest(), media_type.partition("/")[0]
    session.add(SyncFile(sha256=sha256, kind="attachment", media_type=media_type, body=body, body_br=b""))
    file = FormFile(form_version_id=version_id, name=name, kind=kind, body=body, sha256=sha256, size_bytes=len(body))
    session.add(file)
