"""Absolute paths inside repeats: in XForms of the field `/form/row/a`, read in a row, means that row's own `a`.

ODK XForms, "A Big Deviation with XForms". Such paths are made relative once, here; both evaluators read plain XPath.
"""

from collections.abc import Collection
from typing import Any

from forms.model import Tree

_CURRENT: Tree = ["f", "current"]


def contextual(tree: Tree, at: str, repeats: Collection[str]) -> Tree:
    """`tree` as it is meant at `at`: paths into a repeat that `at` lies in start at the row."""
    rows = [path for path in repeats if at == path or at.startswith(path + "/")]
    return _meant(tree, at, rows, ".") if rows else tree


def _meant(tree: Any, at: str, rows: list[str], here: str | Tree) -> Any:
    if not isinstance(tree, list):
        return tree
    if tree[0] == "p":
        return _path(tree, at, rows, here)
    if tree[:2] == ["f", "indexed-repeat"]:
        # Its first argument and every repeat name places whatever the row; only the positions are read in the row.
        return [*tree[:4], *(_meant(part, at, rows, here) if n % 2 == 0 else part for n, part in enumerate(tree[4:]))]
    if tree[0] == "filter":
        return ["filter", _meant(tree[1], at, rows, here), *(_meant(part, at, rows, _CURRENT) for part in tree[2:])]
    return [tree[0], *(_meant(part, at, rows, here) for part in tree[1:])]


def _path(tree: Tree, at: str, rows: list[str], here: str | Tree) -> Tree:
    start = _meant(tree[1], at, rows, here)
    steps = [[step[0], *(_meant(part, at, rows, _CURRENT) for part in step[1:])] for step in tree[2:]]
    shared = _shared(tree[2:], rows) if start == "/" else 0
    if not shared:
        return ["p", start, *steps]
    up = at.count("/") - shared
    return ["p", here, *([[".."]] * up), *steps[shared:]]


def _shared(steps: list[Tree], rows: list[str]) -> int:
    """How many steps lead to the deepest row that this path shares with its reader; 0 for none."""
    path, found = "", 0
    for depth, step in enumerate(steps, 1):
        if len(step) > 1 or step[0] in ("*", "//", "..", "."):
            break
        path += f"/{step[0]}"
        found = depth if path in rows and depth < len(steps) else found
    return found
