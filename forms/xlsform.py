"""Markdown XLSForm → Form, XForm and model JSON. Needs pyxform: for jobs and commands, not for the web process."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from forms.faults import Fault, FormFaults
from forms.graph import graph_faults
from forms.model import Form
from forms.model_json import dumps
from forms.sheet_check import faults_of, warnings_of
from forms.sheets import Sheet, sheets_of
from forms.xform import form_of

__all__ = ["Compiled", "Fault", "FormFaults", "compile_file", "compile_markdown"]

_NAMED = re.compile(r"named '([^']+)'")
_ROW = re.compile(r"\[row : (\d+)\]\s*")


@dataclass(frozen=True, slots=True)
class Compiled:
    """One form in its three shapes, and what may surprise its author."""

    form: Form
    xform: str
    model_json: str
    warnings: tuple[Fault, ...] = ()


def compile_file(name: str, data: bytes, attachments: Mapping[str, bytes] | None = None) -> Compiled:
    """Compiles an uploaded form (.xlsx, .md, .csv or XForm .xml); raises FormFaults with all faults found.

    `attachments`: the files that came with it, by name (CSV for choices, pictures and sound for labels).
    """
    del attachments
    if not name.lower().endswith(".md"):
        raise FormFaults((Fault("", 0, "", f"{name}: this kind of file cannot be read yet"),))
    return compile_markdown(data.decode("utf-8", "replace"))


def compile_markdown(source: str) -> Compiled:
    """Compiles one form; raises FormFaults with all faults found."""
    sheets = sheets_of(source)
    faults = faults_of(sheets)
    if faults:
        raise FormFaults(tuple(faults))
    xform = _xform(source, sheets)
    form = form_of(xform)
    circles = graph_faults(form)
    if circles:
        raise FormFaults(tuple(_at_row(path, message, sheets["survey"]) for path, message in circles))
    return Compiled(form, xform, dumps(form), tuple(warnings_of(sheets)))


def _xform(source: str, sheets: dict[str, Sheet]) -> str:
    settings = sheets["settings"].rows if "settings" in sheets else ()
    form_id = settings[0].get("form_id") if settings else ""
    try:
        return str(convert(source, file_type=".md", form_name=form_id or "data").xform)
    except PyXFormError as error:
        raise FormFaults((_pyxform_fault(str(error), sheets["survey"]),)) from error


def _pyxform_fault(message: str, survey: Sheet) -> Fault:
    """pyxform's own first fault; it names a row or a question, but no sheet."""
    row, name = _ROW.search(message), _NAMED.search(message)
    number = int(row.group(1)) if row else _row_of(name.group(1), survey) if name else 0
    return Fault("survey", number, "", _ROW.sub("", message))


def _at_row(path: str, message: str, survey: Sheet) -> Fault:
    return Fault("survey", _row_of(path.rpartition("/")[2], survey), "", message)


def _row_of(name: str, survey: Sheet) -> int:
    return next((row.number for row in survey.rows if row.get("name") == name), 0)
