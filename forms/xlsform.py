"""An uploaded form file → Form, XForm and model JSON, or all its faults. Needs pyxform and openpyxl: for jobs and
commands, not for the web process."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from forms import xform_file
from forms.conversion import row_of, xform_of
from forms.csv_files import CsvFile, csv_files
from forms.fault_words import fault
from forms.faults import Fault, FormFaults
from forms.form_check import Seen, long_walks, pattern_faults
from forms.graph import graph_faults
from forms.identity import SETTING, identity_faults
from forms.known_registers import REGISTER_COLUMNS
from forms.model import Form
from forms.model_json import dumps
from forms.sheet_check import found_in, in_order
from forms.sheet_checks.source import Source
from forms.sheets import Book, Sheet, book_of, sheets_of
from forms.spelling import spelled
from forms.tables import Table, csv_tables, markdown_tables, text_of
from forms.workbook import as_xlsx, workbook_tables
from forms.xform import form_of
from forms.xform_source import COMES_LATER

__all__ = ["Compiled", "Fault", "FormFaults", "as_xlsx", "compile_file", "compile_markdown", "xlsx_of"]

LONGEST_MARKDOWN = 10_000_000
MOST_SURVEY_ROWS = 5_000
_HEADINGS = {"calculate": "calculation", "count": "repeat_count"}
_NOWHERE = " leads nowhere"
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".svg", ".gif", ".mp3", ".wav", ".ogg", ".m4a", ".aac", ".amr", ".mp4")

Made = TypeVar("Made")
log = logging.getLogger("lantoa.forms")


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
    given = attachments or {}
    if not data.strip(b"\x00 \t\r\n"):
        raise FormFaults((fault("empty_file", "", name=name),))
    files = csv_files(given)
    pictures = frozenset(file for file in given if file.lower().endswith(_PICTURES))
    if _ending(name) == "xml":
        return _compile_xform(name, data, files)
    tables, faults, warnings = _tables(name, data)
    return _compile_book(book_of(tables), files, pictures, faults, warnings)


def compile_markdown(source: str) -> Compiled:
    """Compiles one Markdown XLSForm, whatever files it names; raises FormFaults with all faults found."""
    return _compile_book(sheets_of(source), {}, frozenset(), [], [], True)


def xlsx_of(name: str, data: bytes) -> bytes:
    """The form's sheets as an .xlsx, whatever table file it was; raises FormFaults where it cannot be read."""
    return data if _ending(name) in ("xlsx", "xlsm") else as_xlsx(book_of(_tables(name, data)[0]))


def _ending(name: str) -> str:
    return name.lower().rpartition(".")[2]


def _tables(name: str, data: bytes) -> tuple[dict[str, Table], list[Fault], list[Fault]]:
    """The file's tables, with the faults and warnings that only the file shows."""
    ending = _ending(name)
    if ending in ("xlsx", "xlsm", "xls"):
        return workbook_tables(name, data)
    if len(data) > LONGEST_MARKDOWN:
        raise FormFaults((fault("file_too_big", "", name=name, most=LONGEST_MARKDOWN // 1_000_000),))
    if ending == "csv":
        return csv_tables(name, data), [], []
    if ending in ("md", "markdown"):
        return markdown_tables(text_of(name, data)), [], []
    raise FormFaults((fault("unknown_kind", "", name=name),))


def _compile_book(
    book: Book,
    files: Mapping[str, CsvFile],
    pictures: frozenset[str],
    faults: list[Fault],
    warnings: list[Fault],
    any_file: bool = False,
) -> Compiled:
    if len(book.get("survey", Sheet("survey", (), ())).rows) > MOST_SURVEY_ROWS:
        raise FormFaults((fault("too_many_rows", "survey", MOST_SURVEY_ROWS + 1, most=MOST_SURVEY_ROWS),))
    columns = None if any_file else {name: file.columns for name, file in files.items()}
    source = found_in(spelled(book), columns, pictures)
    seen = [*faults, *_elsewhere(faults, source.faults)]
    warnings = in_order([*warnings, *source.warnings])
    try:
        xform = xform_of(source.book)
    except FormFaults as broken:
        raise FormFaults(tuple(_with_own(seen, broken.faults)), tuple(warnings)) from broken
    if seen:
        raise FormFaults(tuple(in_order(seen)), tuple(warnings))
    form = _form(xform, source)
    survey = source.book["survey"]
    if wrong := [_seen_at(one, survey) for one in pattern_faults(form, files)]:
        raise FormFaults(tuple(in_order(wrong)), tuple(warnings))
    warnings = in_order([*warnings, *(_seen_at(one, survey) for one in long_walks(form, files))])
    return Compiled(form, xform, _made(lambda: dumps(form), survey), tuple(warnings))


def _seen_at(one: Seen, survey: Sheet | None) -> Fault:
    """What the whole form shows, at its question."""
    if survey is None:
        return fault(one.code, "xform", 0, f"{one.path} {one.column}", **one.details)
    column = survey.column(_HEADINGS.get(one.column, one.column))
    number = row_of(one.path.rpartition("/")[2], survey)
    return fault(one.code, "survey", number, column.heading, column.letter, **one.details)


def _elsewhere(told: list[Fault], faults: list[Fault]) -> list[Fault]:
    """What the sheets show, but for cells of which the file itself has said what is wrong."""
    cells = {(one.sheet, one.row, one.letter) for one in told if one.letter}
    return [one for one in faults if (one.sheet, one.row, one.letter) not in cells]


def _with_own(seen: list[Fault], own: tuple[Fault, ...]) -> list[Fault]:
    """pyxform's fault stands beside ours where it says something new: at a row that we had nothing to say of."""
    rows = {(one.sheet, one.row) for one in seen}
    new = [one for one in own if not seen or (one.row and (one.sheet, one.row) not in rows)]
    return in_order([*seen, *new])


def _form(xform: str, source: Source) -> Form:
    """The form model; what is wrong only there is told at the row of its question."""
    form = _made(lambda: form_of(xform), source.book["survey"])
    circles = _made(lambda: graph_faults(form), source.book["survey"])
    if circles:
        raise FormFaults(tuple(_at_path(path, message, source.book["survey"]) for path, message in circles))
    return form


def _made(make: Callable[[], Made], survey: Sheet | None) -> Made:
    """What `make` makes; what goes wrong in it is a fault, never a stack trace."""
    try:
        return make()
    except FormFaults as broken:
        if survey is None:
            raise
        raise FormFaults(tuple(_at_row(one, survey) for one in broken.faults)) from broken
    except MemoryError:  # nothing is wrong with the form: whoever set the bound says so
        raise
    except (Exception, RecursionError) as error:
        log.warning("form model failed: %s", type(error).__name__)
        found = fault("model_failed", "survey" if survey else "xform", type=type(error).__name__)
        raise FormFaults((found,)) from error


def _at_row(one: Fault, survey: Sheet) -> Fault:
    """A fault of the XForm, at the row of the question that its path ends in."""
    path, message = one.details.get("path", ""), one.details.get("message", one.message)
    number = one.row or row_of(path.rpartition("/")[2], survey) or _row_saying(message, survey)
    column = survey.column(one.column)
    return Fault("survey", number, column.heading, message, "xform", {"message": message}, column.letter)


def _row_saying(message: str, survey: Sheet) -> int:
    """The row that holds the expression which the message opens with."""
    text = message.partition(":")[0].strip()
    return next((row.number for row in survey.rows if text and text in row.cells.values()), 0)


def _at_path(path: str, message: str, survey: Sheet | None) -> Fault:
    """What the graph of rules shows: circles, and paths that lead nowhere."""
    sheet, row, column = ("survey", row_of(path.rpartition("/")[2], survey), "") if survey else ("xform", 0, path)
    if message.endswith(_NOWHERE):
        return fault("lost_path", sheet, row, column, path=message.removesuffix(_NOWHERE))
    return fault("circle", sheet, row, column, names=message.partition(": ")[2])


def _compile_xform(name: str, data: bytes, files: Mapping[str, CsvFile]) -> Compiled:
    text = xform_file.text_of(name, data)
    if "http://www.w3.org/1999/xhtml" not in text or "http://www.w3.org/2002/xforms" not in text:
        raise FormFaults((fault("not_a_form", "", name=name),))
    later = xform_file.later_faults(text)
    try:
        form = _made(lambda: form_of(text), None)
    except FormFaults as broken:
        own = [one for one in broken.faults if not (later and one.message.endswith(COMES_LATER))]
        raise FormFaults(tuple(in_order([*later, *own]))) from broken
    faults = later + _made(lambda: xform_file.call_faults_of(form), None)
    faults += xform_file.missing_files(form, {*REGISTER_COLUMNS, *files})
    lost = _made(lambda: graph_faults(form), None)
    faults += [_at_path(path, message, None) for path, message in lost]
    faults += [_seen_at(one, None) for one in pattern_faults(form, files)] if not faults else []
    needed = (("id", form.form_id), ("version", form.version))
    faults += [fault("no_setting", "xform", 0, key, name=key) for key, value in needed if not value]
    named = identity_faults(form.form_id, form.version, next(iter(form.title.values()), ""))
    faults += [fault(code, "xform", 0, SETTING[code], **details) for code, details in named]
    if faults:
        raise FormFaults(tuple(in_order(faults)))
    warnings = xform_file.type_warnings(text) + [_seen_at(one, None) for one in long_walks(form, files)]
    return Compiled(form, text, _made(lambda: dumps(form), None), tuple(in_order(warnings)))
