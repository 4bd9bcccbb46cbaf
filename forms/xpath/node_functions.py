"""Functions over nodes; see functions.py."""

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
    return float(siblings(nodes[0]).index(nodes[0]) + 1)


def siblings(node: Node) -> list[Node]:
    children = node.parent.children if node.parent is not None else None
    return children.get(node.name, [node]) if children else [node]


def instance(scope: Scope, name: Value) -> list[Node]:
    return [scope.world.rows(string(name)).root]


def name_of(scope: Scope, nodes: Value | None = None) -> str:
    if nodes is None:
        return scope.node.name
    return nodes[0].name if isinstance(nodes, list) and nodes else ""
