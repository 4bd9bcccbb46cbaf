"""Publishes the form that holds every type and appearance (tests/forms/sources/every_type.md).

Made inside the app of one installation, after tests.e2e.world.
"""

import hashlib
from pathlib import Path

import brotli

from forms.xlsform import compile_markdown
from server import clock
from server.db import transaction
from server.queries import plan as plans
from server.queries import registers as items
from server.queries.plan import FormRow
from server.queries.registers import FileRow

SOURCE = Path(__file__).resolve().parents[1] / "forms/sources/every_type.md"
TITLE = {"vi": "Phiếu mọi kiểu câu hỏi", "en": "Sheet of every question type"}


def publish() -> None:
    """Adds the form as a published version, as loading a preset would."""
    source = SOURCE.read_text()
    compiled = compile_markdown(source)
    body = compiled.model_json.encode()
    digest = hashlib.sha256(body).hexdigest()
    form = compiled.form
    row = FormRow(form.form_id, form.version, TITLE, source, compiled.xform, compiled.model_json, digest)
    with transaction() as session:
        items.add_file(session, FileRow(digest, "form", None, body, brotli.compress(body)))
        plans.put_forms(session, [row], clock.now())
