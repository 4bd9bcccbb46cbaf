"""What an expression may ask while it is evaluated: its place, and the record around it."""

from collections.abc import Callable
from typing import Protocol

from forms.xpath.nodes import Node, Rows
from forms.xpath.values import Value


class World(Protocol):
    """One record under evaluation. Time, zone and language are given (D34), never asked of the machine."""

    zone: str
    language: str
    form_version: str
    now_text: str  # 2024-11-22T16:12:05.123+07:00
    today_text: str  # 2024-11-22
    document: Node
    nodes: list[list[Node]]  # instances by template index

    def rows(self, instance: str) -> Rows: ...
    def choice_label(self, path: str, value: str) -> str: ...
    def named(self, name: str) -> list[Node]: ...


class Scope:
    """The evaluation context of XPath 1.0, section 1: node, position, size; `current`: the whole expression's node."""

    __slots__ = ("current", "node", "position", "size", "world")

    def __init__(self, world: World, node: Node, current: Node, position: int = 1, size: int = 1) -> None:
        self.world = world
        self.node = node
        self.current = current
        self.position = position
        self.size = size


Evaluate = Callable[[Scope], Value]
