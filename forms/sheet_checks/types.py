"""Types with their lists, files, appearances and parameters."""

import re

from forms.headings import nearest
from forms.kinds import (
    ALL_TYPES,
    APPEARANCES,
    BEGINS,
    FILE_SELECT_TYPES,
    GONE_TYPES,
    IDLE_APPEARANCES,
    LATER_APPEARANCES,
    LATER_TYPES,
    PARAMETERS,
    SELECT_TYPES,
    fits,
    has_other,
)  # fmt: skip
from forms.layout import MOST_ROWS
from forms.sheet_checks.source import Item, Source

_PAIR = re.compile(r"([^\s=,;]+)\s*=\s*([^\s=,;]+)[\s,;]*")
_NUMBER = re.compile(r"-?\d+(\.\d+)?$")
_LITERAL = re.compile(r"""\s*(?:-?[\d.,]+|"[^"]*"|'[^']*')\s*$""")
_COUNT = re.compile(r"[1-9]\d{0,8}$")
_SEARCH = re.compile(r"\bsearch\s*\(.*\)|\bsearch\s*\(.*$")
_WORD = re.compile(r"[\w-]+$")
_LATER_FILES = {".xml": "xml_file", ".geojson": "geojson"}


def check(source: Source) -> None:
    for item in source.items:
        _type(source, item)
        if item.kind in ALL_TYPES:
            _appearances(source, item)
            _parameters(source, item)
            _columns(source, item)


def _type(source: Source, item: Item) -> None:
    row, kind = item.row, item.kind
    if not kind:
        source.fault("no_type", "survey", row.number, "type", name=item.name)
    elif kind in LATER_TYPES:
        source.fault("later", "survey", row.number, "type", thing=kind, needs=LATER_TYPES[kind])
    elif kind == "select_one_external":
        source.fault("later", "survey", row.number, "type", thing=kind, needs="old_cascade")
    elif kind in GONE_TYPES:
        source.fault("gone_type", "survey", row.number, "type", type=kind)
    elif kind in SELECT_TYPES:
        _list(source, item)
    elif kind in FILE_SELECT_TYPES:
        _file(source, item)
    elif kind not in ALL_TYPES or item.rest:
        meant = nearest(row.get("type"), ALL_TYPES, 0.6)
        source.fault("unknown_type", "survey", row.number, "type", type=row.get("type"), meant=meant or "–")
    elif kind == "csv-external":
        _csv(source, item, item.name, "name")


def _list(source: Source, item: Item) -> None:
    name = item.rest
    if name.startswith("${"):
        return  # answers of a repeat as choices: the name is checked with all others
    if not name:
        source.fault("no_list", "survey", item.row.number, "type", type=item.kind)
    elif name.endswith((".csv", *_LATER_FILES)):
        source.fault("select_of_file", "survey", item.row.number, "type", type=item.kind, file=name)
    elif " " in name:
        source.fault("list_with_space", "survey", item.row.number, "type", list=name, better=name.replace(" ", "_"))
    elif name not in source.lists:
        meant = nearest(name, source.lists)
        source.fault("unknown_list", "survey", item.row.number, "type", list=name, meant=meant or "–")
    elif has_other(item.row.get("type")):
        source.warn("or_other", "survey", item.row.number, "type", list=name)


def _file(source: Source, item: Item) -> None:
    name, dot, ending = item.rest.rpartition(".")
    needs = _LATER_FILES.get(dot + ending.lower())
    if needs:
        source.fault("later", "survey", item.row.number, "type", thing=item.rest, needs=needs)
    elif ending != "csv" or not name:
        source.fault("not_csv", "survey", item.row.number, "type", type=item.kind, file=item.rest or "–")
    elif _csv(source, item, name, "type"):
        parameters = dict(_PAIR.findall(item.row.get("parameters")))
        for role, usual in (("value", "name"), ("label", "label")):
            column = parameters.get(role, usual)
            if column not in source.files[name]:
                known = ", ".join(source.files[name])
                source.fault("no_file_column", f"{name}.csv", 1, column, column=column, file=f"{name}.csv", known=known)


def _csv(source: Source, item: Item, name: str, column: str) -> bool:
    """Whether the file is there: a register of the installation, or one that came with the form."""
    if name in source.files or not source.complete:
        return name in source.files
    if name:
        meant = nearest(name, source.files)
        file = f"{name}.csv"
        source.fault("missing_file", "survey", item.row.number, column, file=file, meant=meant or "–")
    return False


def _appearances(source: Source, item: Item) -> None:
    place, cell = ("survey", item.row.number, "appearance"), item.row.get("appearance")
    if _SEARCH.search(cell):
        source.fault("search_call", *place)
    for word in _SEARCH.sub("", cell).split():
        if word in LATER_APPEARANCES:
            source.fault("later", *place, thing=word, needs=LATER_APPEARANCES[word])
        elif word.startswith("ex:"):
            source.fault("later", *place, thing=word, needs="other_app")
        elif IDLE_APPEARANCES.match(word):
            source.warn("idle_appearance", *place, word=word)
        elif fits(word, item.kind) is None:
            _unknown(source, item, word)
        elif not fits(word, item.kind):
            source.warn("idle_on_type", *place, word=word, type=item.kind, types=", ".join(APPEARANCES.get(word, ())))


def _unknown(source: Source, item: Item, word: str) -> None:
    """A slip of the pen is a fault; a word of another program changes nothing, there as here."""
    place, meant = ("survey", item.row.number, "appearance"), nearest(word, (*APPEARANCES, *LATER_APPEARANCES))
    if meant or not _WORD.match(word):
        source.fault("unknown_appearance", *place, word=word, meant=meant or "–")
    else:
        source.warn("idle_appearance", *place, word=word)


def _parameters(source: Source, item: Item) -> None:
    text, place = item.row.get("parameters"), ("survey", item.row.number, "parameters")
    rest = _PAIR.sub("", text).strip(" ,;")
    if rest:
        source.fault("bad_parameters", *place, text=rest[:60])
    for name, value in _PAIR.findall(text):
        _parameter(source, item, name.lower(), value)
    if item.kind == "range":
        _range(source, item, dict(_PAIR.findall(text.lower())))


def _parameter(source: Source, item: Item, name: str, value: str) -> None:
    place, known = ("survey", item.row.number, "parameters"), PARAMETERS.get(name)
    if known is None or item.kind not in known.types:
        own = ", ".join(key for key, one in PARAMETERS.items() if item.kind in one.types)
        source.fault("unknown_parameter", *place, name=name, type=item.kind, known=own or "–")
    elif known.values and value.lower() not in known.values:
        source.fault("parameter_value", *place, name=name, value=value, known=", ".join(known.values))
    elif known.number == "number" and not _NUMBER.match(value):
        source.fault("parameter_number", *place, name=name, value=value)
    elif known.number == "count" and not _COUNT.match(value):
        source.fault("parameter_count", *place, name=name, value=value)


def _range(source: Source, item: Item, given: dict[str, str]) -> None:
    try:
        start, end = float(given.get("start", 1)), float(given.get("end", 10))
        step = float(given.get("step", 1))
    except ValueError:
        return  # told already
    if step == 0 or abs(step) > abs(end - start):
        source.fault("range_step", "survey", item.row.number, "parameters", start=start, end=end, step=step)


def _columns(source: Source, item: Item) -> None:
    """Columns that say nothing for this type, and those that it cannot do without."""
    row = item.row
    if item.kind == "calculate" and not row.get("calculation") and not row.get("default"):
        source.fault("no_calculation", "survey", row.number, "calculation", name=item.name)
    count = row.get("repeat_count")
    if item.kind == "begin repeat" and _LITERAL.match(count) and not (count.isdecimal() and int(count) <= MOST_ROWS):
        source.fault("bad_count", "survey", row.number, "repeat_count", text=count)
    if count and item.kind != "begin repeat":
        source.warn("idle_column", "survey", row.number, "repeat_count", column="repeat_count", types="begin repeat")
    if row.get("choice_filter") and item.kind not in (*SELECT_TYPES, *FILE_SELECT_TYPES):
        source.warn("idle_column", "survey", row.number, "choice_filter", column="choice_filter", types="select_…")
    if item.kind in BEGINS and row.get("required"):
        source.warn("idle_column", "survey", row.number, "required", column="required", types="–")
