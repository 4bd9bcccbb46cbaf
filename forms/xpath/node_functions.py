"""Functions over nodes; see functions.py."""

from collections.abc import Iterator

from forms.xpath.arguments import amount
from forms.xpath.nodes import Node
from forms.xpath.scope import Scope
from forms.xpath.values import NAN, Value, string, text_of


def count(_: Scope, nodes: Value) -> float:
    return float(len(nodes)) if isinstance(nodes, list) else NAN


def count_non_empty(_: Scope, nodes: Value) -> float:
    return float(sum(1 for node in nodes if text_of(node))) if isinstance(nodes, list) else NAN


def position(scope: Scope, nodes: Value | None = None) -> float:
    """With a node: its place among its siblings of the same name, which is its place in the repeat."""
    if nodes is None:
        return float(scope.position)
    if not isinstance(nodes, list) or not nodes:
        return NAN
    return float(_place_among(_siblings(nodes[0]), nodes[0]))


def _siblings(node: Node) -> list[Node]:
    children = node.parent.children if node.parent is not None else None
    return children.get(node.name, [node]) if children else [node]


def _place_among(nodes: list[Node], wanted: Node) -> int:
    """From 1; 0 for one that is not there: irrelevant, a column of a register, a row that is still to come."""
    try:
        return nodes.index(wanted) + 1
    except ValueError:
        return 0


def instance(scope: Scope, name: Value) -> list[Node]:
    return [scope.world.rows(string(name)).root]


def name_of(scope: Scope, nodes: Value | None = None) -> str:
    if nodes is None:
        return scope.node.name
    return nodes[0].name if isinstance(nodes, list) and nodes else ""


def indexed_repeat(scope: Scope, nodes: Value, *places: Value) -> list[Node]:
    """//repeat[position() = index]/…/node, for each pair of a repeat and an index; XPath counts from 1."""
    found = nodes if isinstance(nodes, list) else []
    for rows, at in zip(places[::2], places[1::2], strict=False):
        chosen = _rows_at(rows, amount(scope, at))
        found = [node for node in found if chosen & set(_above(node))]
    return found


def _rows_at(rows: Value, at: float) -> set[Node]:
    wanted = rows if isinstance(rows, list) else []
    return {row for row in wanted if row.parent is not None and 0 < at == _place_among(row.parent.child(row.name), row)}


def _above(node: Node) -> Iterator[Node]:
    while node.parent is not None:
        node = node.parent
        yield node
