"""Sheets → XForm XML by pyxform; its first fault becomes one of ours, at its row."""

import logging
import re

from pyxform.builder import create_survey_element_from_dict
from pyxform.errors import PyXFormError
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import DefinitionData

from forms.fault_words import fault
from forms.faults import Fault, FormFaults
from forms.headings import can_be_asked, is_known
from forms.sheets import Book, Sheet, for_pyxform

_NAMED = re.compile(r"named '([^']+)'|'([^']+)'")
_ROW = re.compile(r"\[row ?: ?(\d+)\]\s*", re.IGNORECASE)
_SHEET = re.compile(r"[Oo]n the '(\w+)' sheet")

log = logging.getLogger("lantoa.forms")


def xform_of(book: Book) -> str:
    """The XForm; raises FormFaults with pyxform's own first fault, or with one that names what failed in it."""
    if "survey" not in book or not book["survey"].rows:
        raise FormFaults((fault("empty_survey", "survey"),))
    try:
        return _converted(book)
    except PyXFormError as error:
        raise FormFaults((_told(str(error), book),)) from error
    except MemoryError:
        raise
    except (Exception, RecursionError) as error:
        log.warning("pyxform failed: %s", type(error).__name__)
        raise FormFaults((fault("pyxform_failed", "survey", type=type(error).__name__),)) from error


def _converted(book: Book) -> str:
    """What pyxform's `convert` does, without its search for old cascades: that walks all choices of every select."""
    keep = {
        name: frozenset(column.name for column in sheet.columns if is_read(name, column.name))
        for name, sheet in book.items()
        if name in ("survey", "choices", "settings")
    }
    settings = book["settings"].rows if "settings" in book else ()
    form_id = settings[0].get("form_id") if settings else ""
    definition = DefinitionData(**for_pyxform(book, keep))
    body = workbook_to_json(workbook_dict=definition, form_name=form_id or "data", warnings=[])
    return str(create_survey_element_from_dict(body).to_xml(validate=False, pretty_print=False, warnings=[]))


def is_read(sheet: str, column: str) -> bool:
    return is_known(sheet, column) or (sheet == "choices" and can_be_asked(column))


def _told(message: str, book: Book) -> Fault:
    """It names a row or a question, but seldom a sheet."""
    row, named, said = _ROW.search(message), _NAMED.search(message), _SHEET.search(message)
    sheet = book.get(said.group(1) if said and said.group(1) in book else "survey", book["survey"])
    name = (named.group(1) or named.group(2)) if named else ""
    number = _numbered(int(row.group(1)), sheet) if row else row_of(name, sheet) if name else 0
    text = " ".join(_ROW.sub("", message).split())[:500]
    return Fault(sheet.name, number, "", text, "pyxform", {"message": text})


def _numbered(row: int, sheet: Sheet) -> int:
    """pyxform counts the rows that it was given, from 2."""
    return sheet.rows[row - 2].number if 2 <= row < len(sheet.rows) + 2 else 0


def row_of(name: str, sheet: Sheet) -> int:
    """The row of the question of that name, 0 where there is none."""
    return next((row.number for row in sheet.rows if row.get("name") == name), 0)
