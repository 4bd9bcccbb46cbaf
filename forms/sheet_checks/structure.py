"""Names, and groups that open and close."""

import re

from forms.kinds import BEGINS, ENDS, is_type, type_of
from forms.sheet_checks.source import Item, Source
from forms.sheets import Row

LONGEST_NAME = 64
DEEPEST = 30  # groups in groups
_NAME = re.compile(r"[^\W\d][\w.\-]*$")
_RESERVED = {"meta", "instanceID", "instanceName"}


def check(source: Source) -> None:
    _pairs(source)
    for item in source.items:
        _name(source, item)
    _twice(source)
    _repeat_names(source)


def _pairs(source: Source) -> None:
    """Every end has its begin, every begin its end; both rows are named."""
    open_rows: list[tuple[str, Row]] = []
    for row in source.rows:
        kind, _ = type_of(row.get("type"))
        if kind in BEGINS:
            open_rows.append((kind, row))
            if len(open_rows) == DEEPEST + 1:
                source.fault("too_deep", "survey", row.number, "type", most=DEEPEST)
        elif kind in ENDS and not open_rows:
            source.fault("end_without_begin", "survey", row.number, "type", kind=kind)
        elif kind in ENDS:
            _close(source, kind, row, open_rows)
    for kind, row in open_rows:
        source.fault("never_closed", "survey", row.number, "type", kind=kind, name=row.get("name"))


def _close(source: Source, kind: str, row: Row, open_rows: list[tuple[str, Row]]) -> None:
    """An end of the other kind closes nothing, unless what it closes stands further out."""
    begun, opened = open_rows[-1]
    if begun.split()[1] == kind.split()[1]:
        open_rows.pop()
        return
    source.fault("wrong_end", "survey", row.number, "type", kind=kind, begun=begun, opened=opened.number)
    if len(open_rows) > 1 and open_rows[-2][0].split()[1] == kind.split()[1]:
        del open_rows[-2:]
    else:
        open_rows.pop()


def _name(source: Source, item: Item) -> None:
    row, name = item.row, item.name
    if not name:
        if item.kind != "note" and is_type(item.kind):  # pyxform names notes itself; other rows are told of already
            source.fault("no_name", "survey", row.number, "name")
    elif not _NAME.match(name):
        source.fault("bad_name", "survey", row.number, "name", name=name, better=_better(name))
    elif len(name) > LONGEST_NAME:
        source.fault("long_name", "survey", row.number, "name", name=name, most=LONGEST_NAME)
    elif name in _RESERVED or name.startswith("__") or name.lower().startswith("xml"):
        source.fault("reserved_name", "survey", row.number, "name", name=name)


def _better(name: str) -> str:
    """A name like it that may stand."""
    tried = re.sub(r"[^\w.\-]+", "_", name).strip("_")
    return tried if _NAME.match(tried) else f"q_{tried}" if tried else "q_1"


def _twice(source: Source) -> None:
    seen: dict[tuple[int, str], int] = {}
    for item in source.items:
        key = (item.parent, item.name)
        if item.name and key in seen:
            source.fault("name_twice", "survey", item.row.number, "name", name=item.name, first=seen[key])
        seen.setdefault(key, item.row.number)


def _repeat_names(source: Source) -> None:
    """A repeat's name stands once in the whole form: its rows are addressed by it. pyxform refuses others."""
    seen: dict[str, int] = {}
    for item in source.items:
        if item.kind != "begin repeat" or not item.name:
            continue
        first = seen.setdefault(item.name, item.row.number)
        outer = {source.items[at].parent for at in source.named[item.name]}
        if first != item.row.number and len(outer) > 1:
            source.fault("repeat_name_twice", "survey", item.row.number, "name", name=item.name, first=first)
