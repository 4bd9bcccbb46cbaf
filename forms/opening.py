"""A new record as the phone opens it: literal defaults, one empty row in each repeat, once(), then dynamic defaults."""

from collections.abc import Iterable
from typing import Any

from forms.check import Context, read
from forms.model import Form, Group, Node, Question, Repeat


def opened(form: Form, context: Context) -> dict[str, Any]:
    """The answers document of a form just opened at `context.now`."""
    reading = read(form, defaults(form.children), context)
    reading.preset()
    return reading.answers(everything=True)


def defaults(nodes: Iterable[Node]) -> dict[str, Any]:
    """The literal defaults, nested as answers are."""
    return {node.name: value for node in nodes if (value := _default(node)) is not None}


def _default(node: Node) -> Any:
    if isinstance(node, Question):
        return node.default
    if isinstance(node, Group):
        return defaults(node.children)
    return [defaults(node.children)] if isinstance(node, Repeat) and node.count is None else None
