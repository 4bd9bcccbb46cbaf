"""Which part of a form depends on which, and an order in which one pass settles everything. Static: no answers here."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from forms.model import Form, Group, Node, Question, Repeat, Tree
from forms.trees import trees_of


@dataclass(frozen=True, slots=True)
class Template:
    """A place of the form, whatever number of instances it has in a record."""

    index: int
    path: str
    name: str
    node: Node | None  # None: the root
    parent: int
    repeated: bool  # a repeat or inside one
    depth: int


class Graph:
    """The templates of one form and the order of its steps ("live" = relevance, "calc" = calculation)."""

    def __init__(self, form: Form) -> None:
        self.root = "/" + (form.children[0].path.split("/")[1] if form.children else form.form_id)
        self.templates: list[Template] = [Template(0, self.root, self.root[1:], None, -1, False, 0)]
        self._add(form.children, 0, False)
        self.by_path = {template.path: template for template in self.templates}
        self.by_name: dict[str, list[Template]] = {}
        self.children: dict[int, list[Template]] = {}
        for template in self.templates:
            self.by_name.setdefault(template.name, []).append(template)
            self.children.setdefault(template.parent, []).append(template)

    def _add(self, nodes: tuple[Node, ...], parent: int, repeated: bool) -> None:
        for node in nodes:
            index, inside = len(self.templates), repeated or isinstance(node, Repeat)
            self.templates.append(
                Template(index, node.path, node.name, node, parent, inside, self.templates[parent].depth + 1)
            )
            if not isinstance(node, Question):
                self._add(node.children, index, inside)

    @cached_property
    def steps(self) -> tuple[tuple[str, int], ...]:
        """("live" | "calc", template index) so that nothing is read before it is settled. Raises CycleError."""
        sorter: TopologicalSorter[tuple[str, int]] = TopologicalSorter()
        for template in self.templates[1:]:
            live, calc = ("live", template.index), ("calc", template.index)
            sorter.add(live, ("live", template.parent))
            sorter.add(calc, live)
            for kind, tree in rules_of(template):
                step = calc if kind == "calculate" else live
                sorter.add(step, *(before for before in self._before(tree, template.path) if before != step))
        return tuple(step for step in sorter.static_order() if step[1])

    def _before(self, tree: Tree, at: str) -> Iterator[tuple[str, int]]:
        for path in sorted(self.references(tree, at)):  # an order of its own, not that of hashes: the same in every run
            template = self.by_path[path]
            # A calculation may read its own present value (once); its own relevance comes before it anyway.
            yield ("calc" if isinstance(template.node, Question) else "live"), template.index

    def references(self, tree: object, at: str, item: bool = False) -> set[str]:
        """Paths of the templates that `tree`, read at `at`, looks at; in an `item`, relative names are columns."""
        if not isinstance(tree, list) or not tree:
            return set()
        if tree[0] == "ref":
            return {template.path for template in self.by_name.get(tree[1], ())}
        if tree[0] == "p":
            return self._path_references(tree, at, item)
        found: set[str] = set()
        for part in tree[1:]:
            found |= self.references(part, at, item)
        return found

    def _path_references(self, tree: Tree, at: str, item: bool) -> set[str]:
        start, steps = tree[1], tree[2:]
        found: set[str] = set()
        outside = item if start == "." else False
        if start == "/":
            heres = {""}
        elif start == "." or start == ["f", "current"]:
            heres = {at}
        else:
            found |= self.references(start, at, item)
            outside, heres = True, set()
        for test, *predicates in steps:
            heres = set() if outside else self._step(heres, test)
            for predicate in predicates:
                for here in heres or {at}:
                    found |= self.references(predicate, at if outside else here, outside)
                    found |= self._current_references(predicate, at)
        return found | {here for here in heres if here in self.by_path}

    def _current_references(self, tree: object, at: str) -> set[str]:
        """What current()/… inside a predicate means: the place of the whole expression, not that of the predicate."""
        if not isinstance(tree, list):
            return set()
        if tree[:2] == ["p", ["f", "current"]]:
            return self._path_references(tree, at, False)
        return set().union(*(self._current_references(part, at) for part in tree), set())

    def _step(self, heres: set[str], test: str) -> set[str]:
        if test == ".":
            return heres
        if test == "..":
            return {here.rpartition("/")[0] for here in heres if here}
        if test == "//":
            return {path for here in heres for path in self._below(here)}
        if test == "*":
            return {child.path for here in heres for child in self._children_of(here)}
        return {f"{here}/{test}" for here in heres}

    def _children_of(self, path: str) -> list[Template]:
        """The document's only child is the root; the root's parent index is -1."""
        if not path:
            return self.children[-1]
        here = self.by_path.get(path)
        return self.children.get(here.index, []) if here is not None else []

    def _below(self, path: str) -> Iterator[str]:
        yield path
        for child in self._children_of(path):
            yield from self._below(child.path)


def rules_of(template: Template) -> Iterator[tuple[str, Tree]]:
    """The expressions that settle this place: its relevance, how many rows it has, its calculation."""
    node = template.node
    if node is not None and node.relevant is not None:
        yield "relevant", node.relevant
    if isinstance(node, Repeat) and node.count is not None:
        yield "count", node.count
    if isinstance(node, Question) and node.calculate is not None:
        yield "calculate", node.calculate


def graph_faults(form: Form) -> list[tuple[str, str]]:
    """(path, message) for circular rules and for absolute paths that lead nowhere."""
    graph = Graph(form)
    found = [fault for template in graph.templates[1:] for fault in _lost_paths(graph, template)]
    try:
        _ = graph.steps
    except CycleError as error:
        paths = [graph.templates[index].path for _, index in error.args[1]]
        found.append((paths[0], "circular rules: " + " → ".join(dict.fromkeys(paths))))
    return found


def _lost_paths(graph: Graph, template: Template) -> Iterator[tuple[str, str]]:
    for tree in trees_of(template.node) if template.node is not None else ():
        for path in _absolute_paths(tree):
            if path not in graph.by_path and not path.startswith(f"{graph.root}/meta"):
                yield template.path, f"{path} leads nowhere"


def _absolute_paths(tree: object) -> Iterator[str]:
    if not isinstance(tree, list):
        return
    if tree[:2] == ["p", "/"] and tree[2:] and all(step[0] not in ("*", "//", "..", ".") for step in tree[2:]):
        yield "".join("/" + step[0] for step in tree[2:])
    for part in tree:
        yield from _absolute_paths(part)


def is_group(template: Template) -> bool:
    return isinstance(template.node, Group | Repeat)
