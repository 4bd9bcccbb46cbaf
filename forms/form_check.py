"""What only the whole form shows: patterns that nobody knows before it is filled in, and walks over long files.

A pattern must be known when a form comes: a device cannot say of one whether it would keep it busy for ever, and phone
and server must say the same. Of a long file a phone holds only the rows that a record names.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from forms.csv_files import CsvFile
from forms.graph import Graph
from forms.model import Choice, Form, Question, Tree
from forms.trees import all_nodes, named_trees
from forms.xpath.calls import faults_of_call
from forms.xpath.rows_where import names_its_rows

LONG_FILE = 2_000  # rows; static/src/big_sets.ts holds longer ones apart
_MOST_PATTERNS = 2_000
_MOST_DEEP = 20
_PASSING = ("if", "coalesce", "once", "string")


@dataclass(frozen=True, slots=True)
class Seen:
    """Something to tell at one place; `column`: the one of an XLSForm that the expression would stand in."""

    code: str
    path: str
    column: str
    details: dict[str, object]


def pattern_faults(form: Form, files: Mapping[str, CsvFile]) -> Iterator[Seen]:
    """Patterns of regex() that come from answers, and wrong ones among those that come from lists and calculations."""
    known = _Known(form, files)
    for path, column, tree in _trees(form):
        for call in _calls(tree, "regex"):
            patterns = known.texts(call[3], path) if len(call) == 4 and call[3][0] != "s" else ()
            if patterns is None or len(patterns) > _MOST_PATTERNS:
                yield Seen("unknown_pattern", path, column, {})
                continue
            for one in sorted(patterns):
                yield from (Seen(code, path, column, details) for code, details in faults_of_call("regex", [None, one]))


def long_walks(form: Form, files: Mapping[str, CsvFile]) -> Iterator[Seen]:
    """Expressions that look for rows of a long file by other columns than `name`. Choice filters are the picker's."""
    long = [name for name, file in files.items() if len(file.rows) > LONG_FILE]
    for path, column, tree in _trees(form) if long else ():
        for name in dict.fromkeys(_walked(tree, long) if column != "choice_filter" else ()):
            yield Seen("long_walk", path, column, {"name": name, "most": LONG_FILE})


def _trees(form: Form) -> Iterator[tuple[str, str, Tree]]:
    for node in all_nodes(form.children):
        yield from ((node.path, column, tree) for column, tree in named_trees(node))


def _calls(tree: object, name: str) -> Iterator[Tree]:
    if isinstance(tree, list):
        if tree[:2] == ["f", name]:
            yield tree
        for part in tree:
            yield from _calls(part, name)


def _walked(tree: object, long: Collection[str]) -> Iterator[str]:
    if not isinstance(tree, list):
        return
    name, steps = _instance(tree)
    if name in long and not (steps and any(map(names_its_rows, steps[0][1:]))):
        yield name
    if tree[:2] == ["f", "pulldata"] and tree[2][1] in long and tree[4:5] != [["s", "name"]]:
        yield tree[2][1]
    for part in tree:
        yield from _walked(part, long)


def _instance(tree: Tree) -> tuple[str, list[Tree]]:
    """instance('x')/root/item… → ("x", the steps from item on); "" for anything else."""
    is_list = tree[:1] == ["p"] and isinstance(tree[1], list) and tree[1][:2] == ["f", "instance"]
    if not is_list or len(tree[1]) < 3 or tree[1][2][0] != "s" or tree[2:3] != [["root"]]:
        return "", []
    return str(tree[1][2][1]), tree[3:]


class _Known:
    """What expressions can come to, as far as the form and its files say it."""

    def __init__(self, form: Form, files: Mapping[str, CsvFile]) -> None:
        self.form, self.files, self.graph = form, files, Graph(form)

    def texts(self, tree: Tree, at: str, deep: int = 0) -> set[str] | None:
        """Every text that `tree`, read at `at`, can be; None if answers decide."""
        if tree[0] == "s":
            return {tree[1]}
        if deep > _MOST_DEEP:
            return None
        if tree[0] == "f" and tree[1] in _PASSING:
            parts = [self.texts(part, at, deep + 1) for part in tree[3 if tree[1] == "if" else 2 :]]
            return None if None in parts else set().union(*(part for part in parts if part is not None))
        name, steps = _instance(tree)
        if name and len(steps) == 2 and len(steps[1]) == 1:
            return self._column(name, steps[1][0])
        return self._calculated(tree, at, deep)

    def _column(self, name: str, column: str) -> set[str] | None:
        """What stands in one column of a list or of a file that came with the form; "" for no row."""
        if name in self.form.choices:
            return {"", *(text for choice in self.form.choices[name] for text in _cells(choice, column))}
        file = self.files.get(name)
        if file is None or column not in file.columns:
            return None
        at = file.columns.index(column)
        return {"", *(row[at] for row in file.rows)}

    def _calculated(self, tree: Tree, at: str, deep: int) -> set[str] | None:
        """A plain path to a calculation."""
        plain = tree[0] == "p" and tree[1] in (".", "/") and all(len(step) == 1 for step in tree[2:])
        paths = self.graph.references(tree, at) if plain else set()
        node = self.graph.by_path[next(iter(paths))].node if len(paths) == 1 else None
        if not isinstance(node, Question) or node.calculate is None:
            return None
        found = self.texts(node.calculate, node.path, deep + 1)
        return None if found is None else {"", *found}


def _cells(choice: Choice, column: str) -> tuple[str, ...]:
    if column == "label" and column not in choice.extra:
        return tuple(choice.label.values())
    return (choice.extra.get(column, choice.name if column == "name" else ""),)
