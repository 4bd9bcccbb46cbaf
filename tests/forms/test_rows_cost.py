"""What a formula in each row of a long repeat costs: counted in looks at the repeat, not in seconds."""

from types import SimpleNamespace
from typing import Any, cast

from forms.xpath.evaluate import in_document_order
from forms.xpath.node_functions import indexed_repeat
from forms.xpath.nodes import Node
from forms.xpath.scope import Scope


class Repeat(Node):
    """A group with rows that counts how often its rows are asked for."""

    __slots__ = ("looks",)

    def __init__(self, rows: int) -> None:
        super().__init__("form")
        self.looks = 0
        self.children = {"row": [Node("row", self) for _ in range(rows)]}
        for place, row in enumerate(self.children["row"], 1):
            row.children = {"x": [Node("x", row, str(place))]}

    def child(self, name: str) -> list[Node]:
        self.looks += 1
        return super().child(name)


def test_indexed_repeat_looks_at_its_repeat_once() -> None:
    repeat = Repeat(700)
    rows = repeat.child("row")
    scope = Scope(cast(Any, SimpleNamespace(zone="UTC")), rows[0], rows[0])
    values = [node for row in rows for node in row.child("x")]
    repeat.looks = 0
    assert [node.text for node in indexed_repeat(scope, values, rows, 312.0)] == ["312"]
    assert repeat.looks == 1
    for nowhere in (0.0, -1.0, 1.5, 701.0, float("nan"), float("inf")):
        assert indexed_repeat(scope, values, rows, nowhere) == []
    assert indexed_repeat(scope, values, rows[:5], 6.0) == []


def test_nodes_of_a_long_repeat_are_put_into_the_documents_order() -> None:
    rows = Repeat(500).child("row")
    values = [row.child("x")[0] for row in rows]
    assert in_document_order([*reversed(values), *reversed(rows)]) == [
        node for pair in zip(rows, values, strict=True) for node in pair
    ]
