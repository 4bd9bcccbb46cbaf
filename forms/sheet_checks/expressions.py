"""Expressions, cell by cell: our own parser reads them; then the names, functions, lists and columns in them."""

import re
from collections.abc import Iterator

from pyxform.utils import default_is_dynamic

from forms.headings import nearest
from forms.kinds import BEGINS, FILE_SELECT_TYPES
from forms.model import Tree
from forms.sheet_checks.calls import call_faults, clock_calls
from forms.sheet_checks.slips import slip
from forms.sheet_checks.source import NO, YES, Item, Source
from forms.xpath import XPathError, parse

_REF = re.compile(r"\$\{([^${}]*)\}")
_OPEN_REF = re.compile(r"\$\{[^${}]*([${]|$)")
_RULES = ("relevant", "constraint", "calculation", "choice_filter", "repeat_count", "required", "readonly")
_TEXTS = ("label", "hint", "guidance_hint", "constraint_message", "required_message", "media")
_SMART = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
_LAST_SAVED = "last-saved#"
_OWN_NAMES = ("instanceID", "instanceName")


def check(source: Source) -> None:
    for item in source.items:
        for column, cell in item.row.cells.items():
            _cell(source, item, column, cell)
    settings = source.book.get("settings")
    if settings and settings.rows and (text := settings.rows[0].get("instance_name")):
        _references(source, "settings", settings.rows[0].number, "instance_name", text)
        _expression(source, "settings", settings.rows[0].number, "instance_name", text, None)
    for row in source.choices.rows:
        for column, cell in row.cells.items():
            if column.split("::")[0] == "label":
                _references(source, "choices", row.number, column, cell)


def _cell(source: Source, item: Item, column: str, cell: str) -> None:
    number, base = item.row.number, column.split("::")[0]
    if base == "trigger":
        _trigger(source, item, cell)
    elif base in _RULES:
        _references(source, "survey", number, column, cell)
        if base not in ("required", "readonly") or cell.lower() not in (*YES, *NO):
            _expression(source, "survey", number, column, cell, item)
    elif base == "default":
        _default(source, item, cell)
    elif base in (*_TEXTS, "type"):
        _references(source, "survey", number, column, cell)


def _trigger(source: Source, item: Item, cell: str) -> None:
    """One or more ${names}, parted by commas."""
    place = ("survey", item.row.number, "trigger")
    if _REF.sub("", cell).strip(" ,"):
        source.fault("bad_trigger", *place, text=cell[:60])
    _references(source, *place, cell)
    if item.kind in BEGINS:
        source.warn("idle_column", *place, column="trigger", types="–")


def _default(source: Source, item: Item, cell: str) -> None:
    """A word is a word; what pyxform takes for an expression must be one."""
    _references(source, "survey", item.row.number, "default", cell)
    if item.kind in BEGINS or not default_is_dynamic(cell, item.kind):
        return
    _expression(source, "survey", item.row.number, "default", cell, item)


def _references(source: Source, sheet: str, row: int, column: str, cell: str) -> None:
    if _OPEN_REF.search(cell):
        source.fault("open_reference", sheet, row, column, text=cell[:60])
    for name in dict.fromkeys(_REF.findall(cell)):
        plain = name.strip().removeprefix(_LAST_SAVED)
        places = source.named.get(plain, [])
        if not places and plain not in _OWN_NAMES:
            meant = nearest(plain, source.named)
            source.fault("unknown_name", sheet, row, column, name=plain, meant=f"${{{meant}}}" if meant else "–")
        elif len(places) > 1:
            rows = ", ".join(str(source.items[at].row.number) for at in places)
            source.fault("ambiguous_name", sheet, row, column, name=plain, rows=rows)


def _expression(source: Source, sheet: str, row: int, column: str, cell: str, item: Item | None) -> None:
    text = cell.translate(_SMART)
    if text != cell:
        source.warn("smart_quotes", sheet, row, column)
    try:
        tree = parse(text)
    except (XPathError, RecursionError) as error:
        _unread(source, (sheet, row, column), text, error)
        return
    for code, details in call_faults(tree, column.split("::")[0] == "default"):
        source.fault(code, sheet, row, column, **details)
    for code, details in _lost(source, tree, item, column):
        source.fault(code, sheet, row, column, **details)
    # A default and what a trigger sets are kept as answers; nobody computes them again.
    told_once = column == "default" or (item is not None and item.row.get("trigger"))
    if clock_calls(tree) and not told_once:
        source.warn("bare_clock", sheet, row, column)


def _unread(source: Source, place: tuple[str, int, str], text: str, error: Exception) -> None:
    at = getattr(error, "column", 1)
    if _OPEN_REF.search(text):
        return  # told already
    if found := slip(text, at):
        source.fault("slip", *place, wrong=found[0], right=found[1], near=_near(text, at))
    else:
        source.fault("bad_expression", *place, at=at, reason=error, near=_near(text, at))


def _near(text: str, at: int) -> str:
    """The place of the fault, with what stands around it."""
    before, after = text[max(0, at - 13) : at - 1], text[at - 1 : at + 11]
    return f"{before}⟦{after}⟧" if after else f"{before}⟦⟧"


Found = tuple[str, dict[str, object]]


def _lost(source: Source, tree: Tree, item: Item | None, column: str) -> Iterator[Found]:
    """Instances, files, columns and bare names that are not there."""
    known: tuple[str, ...] | None = None
    inside = column == "choice_filter" and item is not None
    if inside and item is not None:
        name = item.rest.rpartition(".")[0] if item.kind in FILE_SELECT_TYPES else item.rest
        known = source.columns_of(name)
    yield from _walk(source, tree, known, inside or (item is not None and item.kind in BEGINS))


def _walk(source: Source, tree: object, known: tuple[str, ...] | None, inside: bool) -> Iterator[Found]:
    """`inside`: relative names are columns of `known` (None: of what is not known)."""
    if not isinstance(tree, list) or not tree:
        return
    if tree[0] == "p":
        yield from _path(source, tree, known, inside)
        return
    if tree[0] == "f":
        yield from _call(source, tree)
    for part in tree[1:]:
        yield from _walk(source, part, known, inside)


def _path(source: Source, tree: Tree, known: tuple[str, ...] | None, inside: bool) -> Iterator[Found]:
    start, steps = tree[1], tree[2:]
    columns = _columns_at(source, start)
    if isinstance(start, list):
        yield from _walk(source, start, known, inside)
    elif start == "." and steps and len(steps[0]) >= 1:
        yield from _first_step(source, str(steps[0][0]), known, inside)
    for step in steps:
        for predicate in step[1:]:
            yield from _walk(source, predicate, columns, True)
    names = [str(step[0]) for step in steps]
    if (
        columns is not None
        and names[:2] == ["root", "item"]
        and len(names) == 3
        and names[2] not in (*columns, "*", ".")
    ):
        yield "no_item_column", {"column": names[2], "of": start[2][1], "known": ", ".join(columns)}


def _columns_at(source: Source, start: object) -> tuple[str, ...] | None:
    if isinstance(start, list) and start[:2] == ["f", "instance"] and len(start) == 3 and start[2][0] == "s":
        return source.columns_of(start[2][1])
    return None


def _first_step(source: Source, name: str, known: tuple[str, ...] | None, inside: bool) -> Iterator[Found]:
    if name in (".", "..", "*", "//") or name.startswith("@"):
        return
    if not inside and name in source.named:
        yield "bare_name", {"name": name}
    elif inside and known is not None and name not in known:
        code = "bare_name" if name in source.named else "no_filter_column"
        yield code, {"name": name, "column": name, "known": ", ".join(known)}


def _call(source: Source, tree: Tree) -> Iterator[Found]:
    literals = [part[1] if isinstance(part, list) and part[:1] == ["s"] else None for part in tree[2:]]
    if tree[1] == "instance" and literals[:1] != [None] and literals and literals[0] not in source.instances:
        yield "unknown_instance", {"name": literals[0], "known": ", ".join(sorted(source.instances)[:12])}
    if tree[1] == "pulldata" and literals and literals[0] is not None:
        yield from _pulldata(source, literals)


def _pulldata(source: Source, literals: list[str | None]) -> Iterator[Found]:
    name = str(literals[0]).removesuffix(".csv")
    columns = source.files.get(name)
    if columns is None and not source.complete:
        return
    if columns is None:
        yield "missing_file", {"file": f"{name}.csv", "meant": nearest(name, source.files) or "–"}
        return
    for column in literals[1:3]:
        if column is not None and column not in columns:
            yield "no_item_column", {"column": column, "of": f"{name}.csv", "known": ", ".join(columns)}
