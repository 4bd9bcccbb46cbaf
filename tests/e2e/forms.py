"""Forms of a test's own in an installation: compiled from Markdown and published, as if staff had uploaded them."""

import hashlib
from datetime import UTC, datetime

from forms.xlsform import compile_markdown
from server.db import transaction
from server.queries.plan import FormRow, put_forms


def publish(source: str) -> str:
    """Puts this form where phones find it; its id."""
    compiled = compile_markdown(source)
    form = compiled.form
    row = FormRow(
        form_id=form.form_id,
        version=form.version,
        title=form.title,
        source=source,
        xform=compiled.xform,
        model=compiled.model_json,
        model_sha256=hashlib.sha256(compiled.model_json.encode()).hexdigest(),
    )
    with transaction() as session:
        put_forms(session, [row], datetime.now(UTC))
    return form.form_id
