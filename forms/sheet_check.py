"""Reads an XLSForm's sheets before pyxform does and tells every fault at once, each with sheet, row and column.

pyxform stops at its first fault and does not read XPath; what only pyxform can see is left to it.
"""

import re
from collections.abc import Iterator

from forms.faults import Fault
from forms.model import Tree
from forms.sheets import Row, Sheet
from forms.xpath import XPathError, parse
from forms.xpath.functions import FUNCTIONS, VOLATILE

SIMPLE_TYPES = (
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "dateTime",
    "note",
    "acknowledge",
    "image",
    "calculate",
    "hidden",
)
SELECT_TYPES = ("select_one", "select_multiple")
FILE_SELECT_TYPES = ("select_one_from_file", "select_multiple_from_file")
OTHER_TYPES = ("csv-external", "begin group", "end group", "begin repeat", "end repeat")
APPEARANCES = ("folded", "picker", "chips", "number-pad", "multiline", "numbers", "minimal", "field-list")

_ALIASES = {
    "begin_group": "begin group",
    "end_group": "end group",
    "begin_repeat": "begin repeat",
    "end_repeat": "end repeat",
    "datetime": "dateTime",
    "int": "integer",
    "string": "text",
    "photo": "image",
}
_EXPRESSIONS = ("relevant", "constraint", "calculation", "choice_filter", "repeat_count", "required")
_UNSUPPORTED = ("trigger", "save_to", "body::intent", "media::image", "media::audio", "media::video")
_NAME = re.compile(r"[^\W\d][\w.\-]*$")
_REF = re.compile(r"\$\{\s*([^}]*?)\s*\}")
_YES_NO = {"yes", "no", "true", "false", "true()", "false()"}


def type_of(cell: str) -> tuple[str, str]:
    """("select_one", "list") from "select_one list"; the second part is empty for other types."""
    words = " ".join(cell.split())
    words = _ALIASES.get(words, words)
    if words in OTHER_TYPES:
        return words, ""
    first, _, rest = words.partition(" ")
    return _ALIASES.get(first, first), rest


def faults_of(sheets: dict[str, Sheet]) -> list[Fault]:
    """Every fault of the sheets survey and choices."""
    survey = sheets.get("survey")
    if survey is None or not survey.rows:
        return [Fault("survey", 0, "", "the sheet survey is missing or empty")]
    lists, list_faults = _lists(sheets.get("choices"))
    names = {row.get("name") for row in survey.rows if row.get("name")}
    found = [fault for row in survey.rows for fault in _row_faults(row, names, lists)]
    return sorted([*found, *_structure_faults(survey)], key=lambda fault: fault.row) + list_faults


def warnings_of(sheets: dict[str, Sheet]) -> list[Fault]:
    """What compiles but will surprise: today() outside once() means another day when the server reads it."""
    return [
        Fault(
            "survey",
            row.number,
            column,
            "today() and now() belong inside once() or in default: the server checks days later",
        )
        for row in sheets["survey"].rows
        for column in _EXPRESSIONS
        if _has_bare_clock(_parsed(row.get(column)))
    ]


def _parsed(text: str) -> Tree | None:
    try:
        return parse(text) if text and text not in _YES_NO else None
    except XPathError:
        return None


def _has_bare_clock(tree: object) -> bool:
    if not isinstance(tree, list) or tree[:2] == ["f", "once"]:
        return False
    return tree[:2] in (["f", "today"], ["f", "now"]) or any(_has_bare_clock(part) for part in tree)


def _lists(sheet: Sheet | None) -> tuple[set[str], list[Fault]]:
    lists: dict[str, set[str]] = {}
    faults: list[Fault] = []
    for row in sheet.rows if sheet else ():
        names = lists.setdefault(row.get("list_name") or row.get("list name"), set())
        name = row.get("name")
        if not name or " " in name:
            faults.append(Fault("choices", row.number, "name", "a choice needs a name without spaces"))
        elif name in names:
            faults.append(Fault("choices", row.number, "name", f"{name} stands twice in its list"))
        names.add(name)
    return set(lists), faults


def _row_faults(row: Row, names: set[str], lists: set[str]) -> Iterator[Fault]:
    kind, rest = type_of(row.get("type"))
    yield from _type_faults(row, kind, rest, lists)
    if not kind.startswith("end") and not _NAME.match(row.get("name")):
        yield Fault(
            "survey", row.number, "name", f"{row.get('name') or 'an empty cell'} is no name (letters, digits, _ and -)"
        )
    for appearance in row.get("appearance").split():
        if appearance not in APPEARANCES:
            yield Fault("survey", row.number, "appearance", f"unsupported appearance {appearance}")
    for column in _UNSUPPORTED:
        if row.get(column):
            yield Fault("survey", row.number, column, "this column is not supported yet")
    for column, cell in row.cells.items():
        yield from _cell_faults(row, column, cell, names)


def _type_faults(row: Row, kind: str, rest: str, lists: set[str]) -> Iterator[Fault]:
    if kind in SELECT_TYPES:
        if rest not in lists:
            yield Fault("survey", row.number, "type", f"unknown list {rest or '(none named)'}")
    elif kind in FILE_SELECT_TYPES:
        if not rest.endswith(".csv"):
            yield Fault("survey", row.number, "type", "choices come from a .csv file")
    elif rest or kind not in (*SIMPLE_TYPES, *OTHER_TYPES):
        yield Fault("survey", row.number, "type", f"unsupported type {row.get('type') or '(empty)'}")


def _cell_faults(row: Row, column: str, cell: str, names: set[str]) -> Iterator[Fault]:
    for name in _REF.findall(cell):
        if name not in names:
            yield Fault("survey", row.number, column, f"unknown name ${{{name}}}")
    if column == "default" and re.search(r"[\w-]\(|\$\{", cell):
        yield from _expression_faults(row, column, cell)
    if column in _EXPRESSIONS and cell not in _YES_NO:
        yield from _expression_faults(row, column, cell)


def _expression_faults(row: Row, column: str, cell: str) -> Iterator[Fault]:
    try:
        tree = parse(cell)
    except XPathError as error:
        yield Fault("survey", row.number, column, f"{error} (character {error.column})")
        return
    for message in call_faults(tree, may_vary=column == "default"):
        yield Fault("survey", row.number, column, message)


def call_faults(tree: object, may_vary: bool = False) -> Iterator[str]:
    """Unknown functions, wrong numbers of arguments, patterns that do not compile, chance where it may not be."""
    if not isinstance(tree, list):
        return
    if tree[:1] == ["f"]:
        yield from _call_faults(tree[1], tree[2:], may_vary)
    once = tree[:2] == ["f", "once"]
    for part in tree:
        yield from call_faults(part, may_vary or once)


def _call_faults(name: str, arguments: list[Tree], may_vary: bool) -> Iterator[str]:
    function = FUNCTIONS.get(name)
    if function is None:
        yield f"unsupported function {name}()"
        return
    if not function.least <= len(arguments) <= function.most:
        yield f"{name}() takes {function.takes}, here {len(arguments)}"
    if name in VOLATILE and not may_vary:
        yield f"{name}() belongs inside once() or in default: it would change with every look"
    if name == "regex" and len(arguments) == 2 and arguments[1][0] == "s":
        try:
            re.compile(arguments[1][1])
        except re.error as error:
            yield f"the pattern {arguments[1][1]} is not understood: {error}"


def _structure_faults(survey: Sheet) -> Iterator[Fault]:
    """Groups that do not close, and names that stand twice in one group."""
    open_rows: list[tuple[str, int]] = []
    seen: list[set[str]] = [set()]
    for row in survey.rows:
        kind, _ = type_of(row.get("type"))
        name = row.get("name")
        if kind.startswith("end "):
            if not open_rows or open_rows[-1][0] != kind.removeprefix("end "):
                yield Fault("survey", row.number, "type", f"{kind} without its begin")
                continue
            open_rows.pop()
            seen.pop()
            continue
        if name in seen[-1]:
            yield Fault("survey", row.number, "name", f"{name} stands twice in its group")
        seen[-1].add(name)
        if kind.startswith("begin "):
            open_rows.append((kind.removeprefix("begin "), row.number))
            seen.append(set())
    for kind, number in open_rows:
        yield Fault("survey", number, "type", f"begin {kind} is never closed")
