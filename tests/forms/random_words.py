"""Forms by chance that speak: labels with answers and expressions in them, a name for each record."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from forms.model import Choice, Form, Node, Question, Repeat, Tree
from forms.trees import all_nodes, functions_of, trees_of
from forms.xpath import parse
from forms.xpath.names import functions_in
from tests.forms.random_expressions import Draw, Place, Writer

_CLOCKS = {"today", "now"}


@st.composite
def speaking(draw: Draw, forms: st.SearchStrategy[Form]) -> Form:
    """Forms of that strategy, which speak."""
    form: Form = draw(forms)
    outputs: list[Tree] = []
    places = list(_places(form.children, ()))
    known = {place.path: place for place in places}
    children = tuple(_speaking(draw, node, known, outputs) for node in form.children)
    name = parse(Writer(draw, Place(form.children[0].path.rpartition("/")[0], "group"), places).text())
    named = replace(form, children=children, instance_name=name if draw(st.booleans()) else None)
    spoken = replace(named, outputs=tuple(outputs), choices=_choices(draw, form, places))
    return replace(spoken, functions=functions_of(spoken))


def _places(nodes: tuple[Node, ...], repeats: tuple[str, ...]) -> Iterator[Place]:
    for node in nodes:
        if isinstance(node, Question):
            options = node.options and (node.options.choices or node.options.register)
            yield Place(node.path, node.type, repeats, options or "")
            continue
        around = (*repeats, node.path) if isinstance(node, Repeat) else repeats
        yield Place(node.path, "repeat" if isinstance(node, Repeat) else "group", around)
        yield from _places(node.children, around)


def _speaking(draw: Draw, node: Node, known: dict[str, Place], outputs: list[Tree]) -> Node:
    if not isinstance(node, Question):
        node = replace(node, children=tuple(_speaking(draw, child, known, outputs) for child in node.children))
    if draw(st.integers(0, 3)) < 3:
        return node
    at, places = known[node.path], list(known.values())
    return replace(node, label={"vi": _words(draw, at, places, outputs), "en": f"In English {_shown(draw, places)}"})


def _words(draw: Draw, at: Place, places: Sequence[Place], outputs: list[Tree]) -> str:
    if draw(st.booleans()):
        return f"{_shown(draw, places)}: {_shown(draw, places)}"
    writer = Writer(draw, at, places)
    outputs.append(parse(writer.text() if draw(st.booleans()) else writer.number()))
    return f"Nhãn ${{#{len(outputs) - 1}}} của {_shown(draw, places)}"


def _shown(draw: Draw, places: Sequence[Place]) -> str:
    """The answer of any question, wherever it stands."""
    paths = [place.path for place in places if place.kind not in ("group", "repeat")]
    return f"${{{draw(st.sampled_from(paths))}}}" if paths else ""


def _choices(draw: Draw, form: Form, places: Sequence[Place]) -> dict[str, tuple[Choice, ...]]:
    """Not where a calculation says the name of a choice: it would say another one with each answer in it."""
    if "jr:choice-name" in form.functions or draw(st.booleans()):
        return form.choices
    name = draw(st.sampled_from(tuple(form.choices)))
    first, *others = form.choices[name]
    spoken = replace(first, label={**first.label, "vi": f"{first.name} {_shown(draw, places)}"})
    return {**form.choices, name: (spoken, *others)}


def reads_the_clock(form: Form) -> bool:
    """A rule asks what day it is, so that it says another thing at another time. What is made once does not."""
    trees = [tree for node in all_nodes(form.children) for tree in trees_of(node) if not _is_made_once(node, tree)]
    every = [*trees, *form.outputs, *([form.instance_name] if form.instance_name else [])]
    return any(_CLOCKS & set(functions_in(tree)) for tree in every)


def _is_made_once(node: Any, tree: Tree) -> bool:
    if not isinstance(node, Question):
        return False
    return tree is node.dynamic_default or tree[:2] == ["f", "once"] or any(tree is one.value for one in node.actions)
