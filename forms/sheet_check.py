"""Reads an XLSForm's sheets before pyxform does and tells every fault at once, each with sheet, row and column.

pyxform stops at its first fault and does not read XPath; what only pyxform can see is left to it.
"""

from collections.abc import Mapping

from forms.fault_words import fault
from forms.faults import Fault
from forms.kinds import APPEARANCES, FILE_SELECT_TYPES, PRELOAD_TYPES, SELECT_TYPES, SIMPLE_TYPES, UNSEEN_TYPES
from forms.known_registers import REGISTER_COLUMNS
from forms.sheet_checks import choices, circles, defaults, expressions, headings, structure, types, words
from forms.sheet_checks.source import Source
from forms.sheets import Book

__all__ = ["APPEARANCES", "FILE_SELECT_TYPES", "PRELOAD_TYPES", "SELECT_TYPES", "SIMPLE_TYPES", "found_in"]

MOST_FAULTS = 500
_ORDER = {"": 0, "survey": 1, "choices": 2, "settings": 3}


def found_in(
    book: Book, files: Mapping[str, tuple[str, ...]] | None = None, pictures: frozenset[str] = frozenset()
) -> Source:
    """The book with the faults and warnings that the sheets show; `in_order` sorts them.

    `files`: columns of the CSV files that came with the form, which win over registers of the same name; None: whoever
    compiles it answers for its files.
    """
    source = Source(book, {**REGISTER_COLUMNS, **(files or {})}, pictures, files is not None)
    if not source.rows:
        _without_questions(source)
        return source
    for part in (headings, structure, types, words, choices, expressions, defaults, circles):
        part.check(source)
    if all(item.kind in (*UNSEEN_TYPES, "begin group", "begin repeat") for item in source.items):
        source.warn("no_question", "survey")
    return source


def _without_questions(source: Source) -> None:
    """No sheet survey at all, one whose first row is no row of headings, or one that is empty."""
    survey = source.survey
    lacking = [name for name in ("type", "name") if not survey.has(name)]
    if "survey" not in source.book:
        source.fault("no_survey", "survey", sheets=", ".join(list(source.book)[:10]) or "–")
    elif not survey.columns or not lacking:
        source.fault("empty_survey", "survey")
    for name in lacking if survey.columns else ():
        source.fault("missing_column", "survey", survey.header_row, name, name=name)


def in_order(faults: list[Fault]) -> list[Fault]:
    """By sheet and row, none twice, with a last one that counts what was left out."""
    known = sorted(dict.fromkeys(faults), key=lambda one: (_ORDER.get(one.sheet, 4), one.sheet, one.row))
    if len(known) <= MOST_FAULTS:
        return known
    return [*known[:MOST_FAULTS], fault("more", "", count=len(known) - MOST_FAULTS)]
