"""What expressions walk over: nodes of one record, and rows of registers with an index per column."""

from collections.abc import Iterator, Mapping, Sequence
from typing import overload


class Node:
    """An element of a record. `live` is False while it or something above it is irrelevant: then it reads as absent."""

    __slots__ = ("children", "kids", "live", "name", "parent", "template", "text")

    def __init__(self, name: str, parent: "Node | None" = None, text: str = "", template: int = -1) -> None:
        self.name = name
        self.parent = parent
        self.text = text
        self.live = True
        self.template = template
        self.children: dict[str, list[Node]] | None = None
        self.kids: list[Node] | None = None

    def child(self, name: str) -> "list[Node]":
        """The relevant children of that name, in document order."""
        if self.children is None:
            return []
        return [node for node in self.children.get(name, ()) if node.live]

    def every_child(self) -> "list[Node]":
        return [node for nodes in (self.children or {}).values() for node in nodes if node.live]


_COLUMNS: "dict[str, list[Node]]" = {}  # that a row has children is known, which ones only when asked


class RowNode(Node):
    """A row of a register as an element: its columns are its children, made when asked for."""

    __slots__ = ("row",)

    def __init__(self, row: Mapping[str, str], parent: Node | None) -> None:
        super().__init__("item", parent)
        self.row = row
        self.children = _COLUMNS

    def child(self, name: str) -> list[Node]:
        text = self.row.get(name)
        return [] if text is None else [Node(name, self, text)]

    def every_child(self) -> list[Node]:
        return [Node(name, self, text) for name, text in self.row.items()]


class Rows(Sequence[Mapping[str, str]]):
    """Rows of one register. Hand the same Rows to many checks: an index per column is built once, when first needed."""

    def __init__(self, rows: Sequence[Mapping[str, str]]) -> None:
        self._rows = tuple(rows)
        self._columns: dict[str, dict[str, tuple[int, ...]]] = {}
        self.nodes: tuple[RowNode, ...] = ()
        self.root = _document(self)

    @overload
    def __getitem__(self, index: int) -> Mapping[str, str]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Mapping[str, str]]: ...
    def __getitem__(self, index: int | slice) -> Mapping[str, str] | Sequence[Mapping[str, str]]:
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Mapping[str, str]]:
        return iter(self._rows)

    def where(self, column: str, text: str) -> tuple[int, ...]:
        """Positions of the rows whose `column` is exactly `text`."""
        index = self._columns.get(column)
        if index is None:
            index = self._columns[column] = self._indexed(column)
        return index.get(text, ())

    def _indexed(self, column: str) -> dict[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for position, row in enumerate(self._rows):
            found.setdefault(row.get(column, ""), []).append(position)
        return {text: tuple(positions) for text, positions in found.items()}


def _document(rows: Rows) -> Node:
    """instance('x'): a document with root/item…"""
    document, root = Node(""), Node("root")
    root.parent = document
    rows.nodes = tuple(RowNode(row, root) for row in rows)
    document.children = {"root": [root]}
    root.children = {"item": list(rows.nodes)}
    return document
