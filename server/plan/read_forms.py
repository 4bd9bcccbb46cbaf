"""forms.csv and forms/*.md: Markdown XLSForms, compiled once per version (pyxform: never in the web process)."""

import hashlib
from collections.abc import Mapping, Sequence

from forms.faults import as_json
from forms.model import Form
from forms.xlsform import Compiled, FormFaults, compile_file, xlsx_of
from server.plan.folder import Folder
from server.queries.plan import FormRow, IndicatorRow
from server.sheet import Line, SheetFault

FORMS, FEEDS = "forms.csv", "feeds.csv"
STATES = ("published", "draft")

Sources = Mapping[tuple[str, str], str]


def read(folder: Folder, stored: Sources, indicators: Sequence[IndicatorRow]) -> list[FormRow]:
    """The versions that are not stored yet. One that is stored with another source is a fault: records name it."""
    lines = folder.table(FORMS, ("form_id", "label_vi"))
    folder.once(lines, "form_id")
    found: list[FormRow] = []
    for line in lines:
        compiled = _compiled(folder, line, stored)
        if compiled is not None:
            found.append(_row(folder, line, compiled))
            _check_feeds(folder, compiled.form, indicators)
    return found


def _compiled(folder: Folder, line: Line, stored: Sources) -> Compiled | None:
    """None: this very source is stored, or it has faults."""
    file = f"forms/{folder.text(line, 'form_id')}.md"
    source = folder.read(file)
    if source is None or source in (text for (form_id, _), text in stored.items() if form_id == line.get("form_id")):
        return None
    try:
        compiled = compile_file(file, source.encode())
    except FormFaults as broken:
        folder.faults.extend(SheetFault(file, f.row, f"{f.sheet} {f.column}".strip(), f.message) for f in broken.faults)
        return None
    form = compiled.form
    if form.form_id != line.get("form_id"):
        folder.faults.append(SheetFault(file, 0, "settings form_id", f"{form.form_id} is not the file's name"))
    if (form.form_id, form.version) in stored:
        folder.faults.append(
            SheetFault(file, 0, "settings version", f"version {form.version} is in use with other content: raise it")
        )
    return compiled


def _row(folder: Folder, line: Line, compiled: Compiled) -> FormRow:
    source = folder.read(f"forms/{line.get('form_id')}.md") or ""
    return FormRow(
        form_id=compiled.form.form_id,
        version=compiled.form.version,
        title=folder.words(line),
        source=source,
        xform=compiled.xform,
        model=compiled.model_json,
        model_sha256=hashlib.sha256(compiled.model_json.encode()).hexdigest(),
        state=folder.one_of(line, "state", STATES) if line.get("state") else STATES[0],
        xlsform=xlsx_of("form.md", source.encode()),
        warnings=tuple(as_json(warning) for warning in compiled.warnings),
    )


def _check_feeds(folder: Folder, form: Form, indicators: Sequence[IndicatorRow]) -> None:
    """An indicator that feeds on this form names a question that it has."""
    names = {question.name for question in form.questions()}
    for indicator in indicators:
        for feed in indicator.feeds:
            if feed["form"] == form.form_id and feed.get("question") and feed["question"] not in names:
                message = f"{form.form_id} has no question {feed['question']} (indicator {indicator.key})"
                folder.faults.append(SheetFault(FEEDS, 0, "question", message))
