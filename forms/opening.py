"""What a new record, or a new row, begins with."""

from collections.abc import Iterable
from typing import Any

from forms.model import Group, Node, Question, Repeat


def defaults(nodes: Iterable[Node]) -> dict[str, Any]:
    """The literal defaults, nested as answers are; one empty row in each repeat that is not counted."""
    return {node.name: value for node in nodes if (value := _default(node)) is not None}


def _default(node: Node) -> Any:
    if isinstance(node, Question):
        return node.default
    if isinstance(node, Group):
        return defaults(node.children)
    return [defaults(node.children)] if isinstance(node, Repeat) and node.count is None else None
