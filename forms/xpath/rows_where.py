"""Finds rows by index where a predicate demands it: `unit = E` or `selected(E, name)`, alone or joined by `and`.

What it finds may be too much, never too little: the whole predicate is still evaluated on the rows found.
"""

from collections.abc import Callable, Iterator

from forms.model import Tree
from forms.xpath.nodes import Rows
from forms.xpath.scope import Evaluate, Scope
from forms.xpath.tokens import tokens
from forms.xpath.values import string

Finder = Callable[[Scope, Rows], list[int] | None]
_PLACED = (["f", "position"], ["f", "last"])
_TRUTHS = ("or", "and", "=", "!=", "<", "<=", ">", ">=")
_TRUTH_CALLS = tuple(
    ["f", name] for name in ("selected", "not", "contains", "starts-with", "ends-with", "regex", "boolean", "true")
)


def row_finder(predicate: Tree, compiled: Callable[[Tree], Evaluate]) -> Finder | None:
    """A finder for this predicate; None if every row has to be looked at."""
    if not is_item_by_item(predicate):
        return None
    demands = [demand for part in _joined(predicate) if (demand := _demand(part, compiled)) is not None]
    if not demands:
        return None

    def run(s: Scope, rows: Rows) -> list[int] | None:
        found = [positions for demand in demands if (positions := demand(s, rows)) is not None]
        return min(found, key=len) if found else None

    return run


def is_item_by_item(predicate: Tree) -> bool:
    """The answer for a row does not depend on the rows around it: a truth value without position() or last()."""
    return (predicate[0] in _TRUTHS or predicate[:2] in _TRUTH_CALLS) and not _has_place(predicate)


def names_its_rows(predicate: Tree) -> bool:
    """It asks for rows by the column `name`: `name = E`, or selected(E, name)."""
    return any(_asks_by_name(part) for part in _joined(predicate))


def _asks_by_name(tree: Tree) -> bool:
    if tree[0] == "=":
        return any(_column(a) == "name" and _is_steady(b) for a, b in ((tree[1], tree[2]), (tree[2], tree[1])))
    return tree[:2] == ["f", "selected"] and len(tree) == 4 and _is_steady(tree[2]) and _column(tree[3]) == "name"


def _has_place(tree: object) -> bool:
    return isinstance(tree, list) and (tree[:2] in _PLACED or any(_has_place(part) for part in tree))


def _joined(tree: Tree) -> Iterator[Tree]:
    if tree[0] == "and":
        yield from _joined(tree[1])
        yield from _joined(tree[2])
    else:
        yield tree


def _demand(tree: Tree, compiled: Callable[[Tree], Evaluate]) -> Finder | None:
    if tree[0] == "=":
        left, right = _column(tree[1]), _column(tree[2])
        if left and _is_steady(tree[2]):
            return _equals(left, compiled(tree[2]))
        if right and _is_steady(tree[1]):
            return _equals(right, compiled(tree[1]))
    if tree[:2] == ["f", "selected"] and len(tree) == 4 and _is_steady(tree[2]):
        column = _column(tree[3])
        return _among(column, compiled(tree[2])) if column else None
    return None


def _column(tree: Tree) -> str | None:
    """`unit` → "unit": a child of the candidate, without predicates."""
    if tree[:2] == ["p", "."] and len(tree) == 3 and len(tree[2]) == 1 and tree[2][0] not in (".", "..", "*", "//"):
        return str(tree[2][0])
    return None


def _is_steady(tree: object) -> bool:
    """True if the value is the same for every candidate: nothing in it starts at the candidate."""
    if not isinstance(tree, list):
        return True
    if tree[:1] == ["p"]:
        return tree[1] != "." and _is_steady(tree[1])
    return tree[:2] not in _PLACED and all(_is_steady(part) for part in tree)


def _equals(column: str, value: Evaluate) -> Finder:
    def run(s: Scope, rows: Rows) -> list[int] | None:
        wanted = value(s)
        if isinstance(wanted, list) and len(wanted) < 2:
            wanted = string(wanted)
        return list(rows.where(column, wanted)) if isinstance(wanted, str) else None

    return run


def _among(column: str, value: Evaluate) -> Finder:
    """A cell with blanks around its name is not found this way; registers are stripped when they are loaded."""

    def run(s: Scope, rows: Rows) -> list[int] | None:
        wanted = dict.fromkeys(tokens(string(value(s))))
        return sorted(at for name in wanted for at in rows.where(column, name))

    return run
