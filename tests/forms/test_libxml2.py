"""Plain XPath 1.0 means here what it means to libxml2: expressions by chance, and the vectors that are plain XPath."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from lxml import etree

from forms.xpath import functions_in, parse
from forms.xpath.evaluate import compiled
from forms.xpath.nodes import Node
from forms.xpath.scope import Scope
from forms.xpath.values import number_text
from tests.forms.expression_vectors import CASES
from tests.forms.phone_engine import run_once
from tests.forms.random_xpath import Element, Writer, document
from tests.forms.test_expressions import reading_of

SEED, DOCUMENTS, EACH = 20241122, 60, 420  # 25,200 expressions


class World:
    """A document alone: nothing else is asked by plain XPath."""

    zone = "UTC"

    def __init__(self, document: Node) -> None:
        self.document = document


@dataclass(frozen=True)
class Asked:
    """An expression, and the number of the element (in document order) that it is read at."""

    document: int
    at: int
    text: str


@pytest.fixture(scope="module")
def documents() -> list[Element]:
    chance = Random(SEED)
    return [document(chance, filled=number % 2 == 0) for number in range(DOCUMENTS)]


@pytest.fixture(scope="module")
def asked(documents: list[Element]) -> list[Asked]:
    return list(_asked(documents))


def _asked(documents: list[Element]) -> Iterator[Asked]:
    chance = Random(SEED + 1)
    for number, element in enumerate(documents):
        writer, size = Writer(chance, filled=number % 2 == 0), len(element.every())
        for _ in range(EACH):
            yield Asked(number, chance.randrange(size), writer.any(chance.choice((1, 2, 3, 4))))


@pytest.fixture(scope="module")
def expected(documents: list[Element], asked: list[Asked]) -> list[Any]:
    """What libxml2 says: numbers of elements for a node-set."""
    roots = [_as_xml(element) for element in documents]
    numbers = [{one: number for number, one in enumerate(root.iter())} for root in roots]
    elements = [list(root.iter()) for root in roots]
    return [_libxml2(one, elements[one.document], numbers[one.document]) for one in asked]


def _libxml2(one: Asked, elements: list[Any], numbers: dict[Any, int]) -> Any:
    said = elements[one.at].xpath(one.text, smart_strings=False)
    return [numbers[node] for node in said] if isinstance(said, list) else said


def _as_xml(element: Element) -> Any:
    made = etree.Element(element.name)
    made.text = element.text or None
    made.extend([_as_xml(child) for child in element.children])
    return made


def _as_node(element: Element, parent: Node, order: list[Node]) -> Node:
    node = Node(element.name, parent, element.text)
    order.append(node)
    if element.children:
        node.children = {}
        for child in element.children:
            node.children.setdefault(child.name, []).append(_as_node(child, node, order))
    return node


def _plain(value: Any) -> Any:
    """JSON has no NaN; -0 is 0."""
    if isinstance(value, float):
        return "not a number" if value != value else value + 0.0 if math.isfinite(value) else str(value)
    return value


def test_python_means_what_libxml2_means(documents: list[Element], asked: list[Asked], expected: list[Any]) -> None:
    orders: list[list[Node]] = []
    for element in documents:
        top = Node("")
        order: list[Node] = []
        top.children = {element.name: [_as_node(element, top, order)]}
        orders.append(order)
    wrong = []
    for one, wanted in zip(asked, expected, strict=True):
        order = orders[one.document]
        world: Any = World(order[0].parent or order[0])
        said: Any = compiled(parse(one.text))(Scope(world, order[one.at], order[one.at]))
        if isinstance(said, list):
            said = [order.index(node) for node in said if node.parent is not None]
        if _plain(said) != _plain(wanted) or isinstance(said, bool) is not isinstance(wanted, bool):
            wrong.append((one.text, said, wanted))
    assert wrong[:5] == []
    assert len(asked) >= 20_000


def test_typescript_means_what_libxml2_means(
    documents: list[Element], asked: list[Asked], expected: list[Any], tmp_path: Path
) -> None:
    work = tmp_path / "expressions.json"
    shapes = [_as_shape(element) for element in documents]
    trees = [[one.document, one.at, parse(one.text)] for one in asked]
    work.write_text(json.dumps({"documents": shapes, "asked": trees}))
    said = json.loads(run_once("static/src/form/answer_expressions.ts", tmp_path, str(work)))
    differing = [
        (one.text, got, wanted)
        for one, got, wanted in zip(asked, said, map(_plain, expected), strict=True)
        if got != wanted or isinstance(got, bool) is not isinstance(wanted, bool)
    ]
    assert differing[:5] == []


def _as_shape(element: Element) -> list[Any]:
    return [element.name, element.text, [_as_shape(child) for child in element.children]]


# ── The vectors ──
_CORE_TEXT = {"string", "concat", "starts-with", "contains", "substring-before", "substring-after", "substring"}
_CORE_NODES = {"last", "position", "count", "name", "sum"}
_CORE_REST = {"boolean", "not", "true", "false", "number", "floor", "ceiling", "round"}
CORE = {*_CORE_TEXT, "string-length", "normalize-space", "translate", *_CORE_NODES, *_CORE_REST}


def _record() -> dict[str, Any]:
    """The elements of the record that the vectors are read in, by path."""
    reading = reading_of({})
    elements: dict[str, Any] = {}
    _as_live_xml(reading.layout.root, reading.layout, elements)
    return elements


def _as_live_xml(node: Node, layout: Any, elements: dict[str, Any]) -> Any:
    made = etree.Element(node.name)
    made.text = node.text or None
    elements[layout.path_of(node)] = made
    made.extend([_as_live_xml(child, layout, elements) for child in node.every_child()])
    return made


def _is_plain(case: dict[str, Any]) -> bool:
    return set(functions_in(parse(case["x"]))) <= CORE


def _compared() -> Iterator[tuple[dict[str, Any], Any]]:
    """Cases that libxml2 reads too, and what it says, written as the vectors write it."""
    elements = _record()
    for case in filter(_is_plain, CASES):
        try:
            said = elements[case.get("at", "/expressions/word")].xpath(case["x"], smart_strings=False)
        except etree.XPathError:
            continue  # what the form language adds to the grammar or to a core function
        if isinstance(said, float) and not math.isfinite(said):
            said = {"number": number_text(said)}
        yield case, ["".join(node.itertext()) for node in said] if isinstance(said, list) else said


def test_vectors_that_are_plain_xpath_mean_what_libxml2_means() -> None:
    compared = [(case, said) for case, said in _compared() if "differs" not in case]
    assert [(case["x"], said) for case, said in compared if said != case["is"]] == []
    assert len(compared) >= 600


def test_vectors_that_differ_on_purpose_do_differ() -> None:
    assert [case["x"] for case, said in _compared() if "differs" in case and said == case["is"]] == []
