"""Tree → closure. Compiled once per form; a closure then answers for one node of one record (see scope.py)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from forms.model import Tree
from forms.xpath.functions import call
from forms.xpath.nodes import Node, RowNode, Rows
from forms.xpath.rows_where import row_finder
from forms.xpath.scope import Evaluate, Scope
from forms.xpath.values import NAN, Value, boolean, number, string, text_of

Move = Callable[[Scope, list[Node]], list[Node]]


@dataclass(frozen=True, slots=True)
class Places:
    """What is known before any record is: template indexes of paths that have exactly one node, and where we stand."""

    single: Mapping[str, int] = field(default_factory=dict)
    at: str | None = None


def compiled(tree: Tree, places: Places | None = None) -> Evaluate:
    """The closure of a tree; raises KeyError for a function that is not in the table."""
    return _compile(tree, places or Places())


def _compile(tree: Tree, places: Places) -> Evaluate:
    kind = tree[0]
    if kind in ("s", "n"):
        constant: Value = float(tree[1]) if kind == "n" else tree[1]
        return lambda s: constant
    if kind == "p":
        return _path(tree, places)
    if kind == "f":
        return call(tree[1], [_compile(argument, places) for argument in tree[2:]])
    if kind == "ref":
        name = tree[1]
        return lambda s: [node for node in s.world.named(name) if node.live]
    if kind == "filter":
        return _filter(tree, places)
    return _operator(kind, [_compile(part, places) for part in tree[1:]])


# ── Operators ──
def _operator(kind: str, parts: list[Evaluate]) -> Evaluate:
    if kind == "neg":
        only = parts[0]
        return lambda s: -number(only(s), s.world.zone)
    left, right = parts
    if kind == "and":
        return lambda s: boolean(left(s)) and boolean(right(s))
    if kind == "or":
        return lambda s: boolean(left(s)) or boolean(right(s))
    if kind == "|":
        return lambda s: _united(left(s), right(s))
    if kind in ("=", "!="):
        return lambda s: equal(left(s), right(s), kind == "=", s.world.zone)
    if kind in _ORDERS:
        order = _ORDERS[kind]
        return lambda s: ordered(left(s), right(s), order, s.world.zone)
    sums = _SUMS[kind]
    return lambda s: sums(number(left(s), s.world.zone), number(right(s), s.world.zone))


def _united(left: Value, right: Value) -> list[Node]:
    if not isinstance(left, list) or not isinstance(right, list):
        return []
    return in_document_order({_identity(node): node for node in [*left, *right]}.values())


def _identity(node: Node) -> object:
    """Columns of a register's row are made anew at each look (nodes.py)."""
    return (node.parent, node.name) if isinstance(node.parent, RowNode) else node


def in_document_order(nodes: Iterable[Node]) -> list[Node]:
    found = list(nodes)
    return found if len(found) < 2 else sorted(found, key=_address)


def _address(node: Node) -> list[tuple[int, int]]:
    """Places from the root down; nodes of other documents keep their order by being stable in the sort."""
    address: list[tuple[int, int]] = []
    while node.parent is not None:
        children = node.parent.children or {}
        kinds = list(children)
        at = children.get(node.name, [])
        address.append((kinds.index(node.name) if node.name in kinds else 0, at.index(node) if node in at else 0))
        node = node.parent
    return address[::-1]


def _singles(value: Value) -> list[Value]:
    """X-04: an empty node-set compares as ''; one of several nodes is enough (XPath 1.0, 3.4)."""
    if not isinstance(value, list):
        return [value]
    return [text_of(node) for node in value] if value else [""]


def equal(left: Value, right: Value, wanted: bool, zone: str) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return (boolean(left) == boolean(right)) is wanted
    if isinstance(left, str) and isinstance(right, str):
        return (left == right) is wanted
    return any(_equal_one(a, b, zone) is wanted for a in _singles(left) for b in _singles(right))


def _equal_one(left: Value, right: Value, zone: str) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return number(left, zone) == number(right, zone)


def ordered(left: Value, right: Value, order: Callable[[float, float], bool], zone: str) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):  # a node-set is one truth then (XPath 1.0, 3.4)
        left, right = (boolean(side) if isinstance(side, list) else side for side in (left, right))
    if (isinstance(left, list) and len(left) > 1) or (isinstance(right, list) and len(right) > 1):
        return any(order(number(a, zone), number(b, zone)) for a in _singles(left) for b in _singles(right))
    return order(number(left, zone), number(right, zone))


def _divided(left: float, right: float) -> float:
    if right:
        return left / right
    if left == 0 or left != left or right != right:
        return NAN
    return float("inf") if (left > 0) == (str(right)[0] != "-") else float("-inf")


def _remainder(left: float, right: float) -> float:
    """The sign of the left side, as in XPath and JavaScript, not of the right as in Python."""
    if not right or left != left or right != right or left in (float("inf"), float("-inf")):
        return NAN
    if right in (float("inf"), float("-inf")):
        return left
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


_ORDERS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_SUMS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "div": _divided,
    "mod": _remainder,
}


# ── Paths ──
def _path(tree: Tree, places: Places) -> Evaluate:
    start, steps = tree[1], tree[2:]
    # What "." and ".." mean is there even while it is irrelevant: a default may be made then.
    named = bool(steps) and steps[-1][0] not in (".", "..")
    index = places.single.get((named and static_path(tree, places.at)) or "")
    if index is not None:
        return _single(index)
    if start == "." and len(steps) == 1 and len(steps[0]) == 1:
        return _one_step(steps[0][0])
    if (
        isinstance(start, list)
        and start[:2] == ["f", "instance"]
        and [s[0] for s in steps[:2]] == ["root", "item"]
        and len(steps[0]) == 1
    ):
        return _register(start[2], steps[1][1:], [_step(step, places) for step in steps[2:]], places)
    begin, moves = _start(start, places), [_step(step, places) for step in steps]
    if _may_tangle(start, steps):
        return lambda s: in_document_order(_walked(s, begin(s), moves))
    return lambda s: _walked(s, begin(s), moves)


def _may_tangle(start: object, steps: list[Tree]) -> bool:
    """Steps from nodes that lie inside each other may find nodes out of document order."""
    tests = [step[0] for step in steps]
    ups = next((at for at, test in enumerate(tests) if test not in (".", "..")), len(tests))
    nested = isinstance(start, list) and start[0] != "f" and not _shuffles(start)
    return nested or "//" in tests or ".." in tests[ups:]


def _shuffles(tree: object) -> bool:
    return isinstance(tree, list) and (tree[:2] == ["f", "randomize"] or (tree[0] == "filter" and _shuffles(tree[1])))


def static_path(tree: Tree, at: str | None) -> str | None:
    """The absolute path that `tree` means at `at`, if it is plain steps; None otherwise."""
    start, steps = tree[1], tree[2:]
    here = "" if start == "/" else at if start in (".", ["f", "current"]) else None
    for step in steps:
        if here is None or len(step) > 1 or step[0] in ("*", "//"):
            return None
        if step[0] == "..":
            here = here.rpartition("/")[0]
        elif step[0] != ".":
            here = f"{here}/{step[0]}"
    return here


def _single(index: int) -> Evaluate:
    def run(s: Scope) -> Value:
        nodes = s.world.nodes[index]
        return nodes if nodes and nodes[0].live else []

    return run


def _one_step(test: str) -> Evaluate:
    if test == ".":
        return lambda s: [s.node]
    if test in ("..", "*", "//"):
        move = _step([test], Places())
        return lambda s: move(s, [s.node])
    return lambda s: s.node.child(test)


def _start(start: object, places: Places) -> Callable[[Scope], list[Node]]:
    if start == "/":
        return lambda s: [s.world.document]
    if start == ".":
        return lambda s: [s.node]
    evaluate = _compile(cast(Tree, start), places)

    def run(s: Scope) -> list[Node]:
        value = evaluate(s)
        return value if isinstance(value, list) else []

    return run


def _walked(s: Scope, nodes: list[Node], moves: list[Move]) -> list[Node]:
    for move in moves:
        nodes = move(s, nodes)
    return nodes


def _step(step: Tree, places: Places) -> Move:
    test = step[0]
    narrowing = [_compile(predicate, _inside(places)) for predicate in step[1:]]
    look = _LOOKS.get(test) or (lambda node: node.child(test))
    if not narrowing and test not in ("..", "//"):
        return lambda s, nodes: look(nodes[0]) if len(nodes) == 1 else [found for node in nodes for found in look(node)]

    def run(s: Scope, nodes: list[Node]) -> list[Node]:
        found: dict[Node, None] = {}
        for node in nodes:
            found.update(dict.fromkeys(narrowed(s, look(node), narrowing)))
        return list(found)

    return run


def _inside(places: Places) -> Places:
    """In a predicate `.` is a candidate; only absolute paths stay known."""
    return replace(places, at=None)


def _below(node: Node) -> list[Node]:
    return [node, *(found for child in node.every_child() for found in _below(child))]


_LOOKS: dict[str, Callable[[Node], list[Node]]] = {
    ".": lambda node: [node],
    "..": lambda node: [node.parent] if node.parent is not None else [],
    "*": lambda node: node.every_child(),
    "//": _below,
}


def narrowed(s: Scope, nodes: list[Node], narrowing: list[Evaluate]) -> list[Node]:
    """Each predicate in turn, with positions counted anew; a number means a position (XPath 1.0, 2.4)."""
    for predicate in narrowing:
        inner = Scope(s.world, s.node, s.current, 0, len(nodes))
        kept = []
        for position, node in enumerate(nodes, 1):
            inner.node, inner.position = node, position
            value = predicate(inner)
            if (value == position) if isinstance(value, float) else boolean(value):
                kept.append(node)
        nodes = kept
    return nodes


def _filter(tree: Tree, places: Places) -> Evaluate:
    begin = _start(tree[1], places)
    narrowing = [_compile(predicate, _inside(places)) for predicate in tree[2:]]
    return lambda s: narrowed(s, begin(s), narrowing)


def _register(name: Tree, predicates: list[Tree], moves: list[Move], places: Places) -> Evaluate:
    """instance('x')/root/item[…]: through an index where the first predicate asks for equal columns."""
    named, inside = _compile(name, places), _inside(places)
    narrowing = [_compile(predicate, inside) for predicate in predicates]
    finder = row_finder(predicates[0], lambda tree: _compile(tree, places)) if predicates else None
    at = predicates[0][1] if len(predicates) == 1 and predicates[0][0] == "n" else 0

    def run(s: Scope) -> Value:
        rows = s.world.rows(string(named(s)))
        if isinstance(at, int) and at:
            return _walked(s, list(rows.nodes[at - 1 : at]), moves)
        return _walked(s, narrowed(s, _candidates(s, rows, finder), narrowing), moves)

    return run


def _candidates(s: Scope, rows: Rows, finder: Callable[[Scope, Rows], list[int] | None] | None) -> list[Node]:
    found = finder(s, rows) if finder is not None else None
    nodes: Iterable[RowNode] = rows.nodes if found is None else (rows.nodes[at] for at in found)
    return list(nodes)
