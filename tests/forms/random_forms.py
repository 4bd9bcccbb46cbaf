"""Whole forms by chance: groups and repeats in each other, questions of every type, rules that look at one another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from forms.graph import graph_faults
from forms.model import Action, Choice, Form, Group, Node, Options, Question, Repeat, Tree
from forms.trees import functions_of
from forms.xpath import parse
from tests.forms.random_expressions import LISTS, Draw, Place, Writer

ROOT = "f"
SHEET_KINDS = (
    *(
        "text",
        "integer",
        "decimal",
        "date",
        "time",
        "dateTime",
        "select_one",
        "select_multiple",
        "register",
        "registers",
    ),
    *("acknowledge", "note", "image", "audio", "barcode", "geopoint", "rank", "calculate", "hidden"),
)
QUESTION_KINDS = (
    *(
        "text",
        "integer",
        "decimal",
        "date",
        "time",
        "dateTime",
        "select_one",
        "select_multiple",
        "register",
        "registers",
    ),
    *("from_rows", "acknowledge", "note", "image", "audio", "file", "barcode", "geopoint", "range", "rank"),
    *("calculate", "calculate", "counted", "hidden", "preload"),
)
TYPES = {
    "register": "select_one",
    "registers": "select_multiple",
    "from_rows": "select_one",
    "counted": "integer",
    "preload": "hidden",
}
PRELOADS = ("start", "today", "deviceid", "username", "end")
REGISTERS: dict[str, list[dict[str, str]]] = {
    "places": [
        {"name": f"p{n}", "label": f"Nơi {n}", "kind": kind, "size": str(n * 3)}
        for n, kind in enumerate(("a", "b", "a", "red", "3"), 1)
    ]
}
DEFAULTS = {"text": "x", "integer": "2", "decimal": "0.5", "date": "2024-11-20", "select_one": "red", "hidden": "h"}
NO_DEFAULT = ("calculate", "counted", "preload", "image", "audio", "file", "note", "acknowledge")
_LABELS = {"vi": "Nhãn", "en": "Label"}


@dataclass(frozen=True)
class Sketch:
    """A node before it has rules."""

    place: Place
    children: tuple["Sketch", ...] = ()


@st.composite
def forms(draw: Draw, kinds: tuple[str, ...] = QUESTION_KINDS, rows: bool = True, most: int = 9) -> Form:
    """A form without circular rules."""
    nests = ("group", "repeat") if rows else ("group",)
    sketch = _sketch(Place(f"/{ROOT}", "group"), kinds, nests, most, iter(range(1_000)))
    sketches = tuple(draw(st.lists(sketch, min_size=2, max_size=most)))
    places = list(_places(sketches))
    children = tuple(_node(draw, sketch, places) for sketch in sketches)
    form = Form(ROOT, "1", {"vi": "F"}, ("vi", "en"), children, _choices(), ("places",))
    straight = form if not graph_faults(form) else replace(form, children=tuple(_plain(node) for node in children))
    return replace(straight, functions=functions_of(straight))


def _choices() -> dict[str, tuple[Choice, ...]]:
    columns: dict[str, Callable[[int], dict[str, str]]] = {
        "colours": lambda at: {"warm": "yes" if at != 1 else "no"},
        "towns": lambda at: {"colour": LISTS["colours"][at % 3]},
        "streets": lambda at: {"town": LISTS["towns"][at % 4], "size": str(at)},
    }
    return {
        name: tuple(Choice(n, {"vi": f"{n} vi", "en": f"{n} en"}, columns[name](at)) for at, n in enumerate(names))
        for name, names in LISTS.items()
    }


# ── The shape ──
@st.composite
def _sketch(draw: Any, parent: Place, kinds: tuple[str, ...], nests: tuple[str, ...], most: int, names: Any) -> Sketch:
    around = draw(st.sampled_from(nests)) if parent.depth < 4 and draw(st.integers(0, 3)) == 3 else ""
    kind = around or draw(st.sampled_from(kinds))
    path = f"{parent.path}/{kind[0]}{next(names)}"
    if not around:
        return Sketch(Place(path, kind, parent.repeats, _source(draw, kind)))
    place = Place(path, kind, (*parent.repeats, path) if kind == "repeat" else parent.repeats)
    inner = st.lists(_sketch(place, kinds, nests, max(most // 2, 1), names), min_size=1, max_size=max(most // 2, 1))
    return Sketch(place, tuple(draw(inner)))


def _source(draw: Any, kind: str) -> str:
    if kind in ("register", "registers"):
        return "places"
    return draw(st.sampled_from(tuple(LISTS))) if kind.startswith("select") or kind == "rank" else ""


def _places(sketches: tuple[Sketch, ...]) -> Any:
    for sketch in sketches:
        yield sketch.place
        yield from _places(sketch.children)


# ── The rules ──
def _node(draw: Any, sketch: Sketch, places: list[Place]) -> Node:
    at = sketch.place
    name = at.path.rpartition("/")[2]
    before = places[: places.index(at)]
    if not sketch.children:
        return _question(draw, at, name, before, places)
    children = tuple(_node(draw, child, places) for child in sketch.children)
    relevant = _maybe(draw, 3, lambda: Writer(draw, at, before).truth())
    if at.kind == "group":
        return Group(name, at.path, _LABELS, children, relevant=relevant)
    return Repeat(
        name, at.path, _LABELS, children, relevant=relevant, count=_maybe(draw, 3, lambda: _count(draw, at, before))
    )


def _count(draw: Any, at: Place, before: list[Place]) -> str:
    """Never many rows: what a person may answer goes to hundreds."""
    return f"{Writer(draw, at, before).number(1)} mod 5"


def _question(draw: Any, at: Place, name: str, before: list[Place], places: list[Place]) -> Question:
    here, later = Writer(draw, at, before), Writer(draw, at, [place for place in places if place != at])
    early = later if draw(st.integers(0, 7)) == 7 else here  # sometimes a rule looks ahead
    calculated = at.kind in ("calculate", "counted")  # counted: shown, but made by the form
    literal = DEFAULTS.get(at.kind) if draw(st.integers(0, 3)) == 3 else None
    moving = literal is None and at.kind not in NO_DEFAULT
    words = early.number if draw(st.booleans()) else early.text
    return Question(
        name=name,
        path=at.path,
        type=TYPES.get(at.kind, at.kind),
        label=_LABELS,
        relevant=_maybe(draw, 3, early.truth),
        required=_maybe(draw, 3, lambda: later.truth(1) if draw(st.booleans()) else "true()"),
        constraint=None if calculated else _maybe(draw, 3, lambda: _constraint(draw, at, later)),
        calculate=parse(_kept(draw, words())) if calculated else None,
        default=literal,
        dynamic_default=_maybe(draw, 6, lambda: _default(draw, at, here)) if moving else None,
        readonly=_maybe(draw, 8, lambda: later.truth(1)) or False,
        options=_options(draw, at, here),
        actions=() if calculated else tuple(_actions(draw, at, here, places)),
        parameters=_parameters(draw, at),
    )


def _parameters(draw: Any, at: Place) -> dict[str, str]:
    if at.kind == "preload":
        return {"preload": draw(st.sampled_from(PRELOADS))}
    return {"start": "0", "end": "10", "step": draw(st.sampled_from(("1", "2.5", "0.1")))} if at.kind == "range" else {}


def _actions(draw: Any, at: Place, writer: Writer, places: list[Place]) -> Iterator[Action]:
    """What sets it: an answer before it that changed, a row that came, the form that opened."""
    if draw(st.integers(0, 7)) < 7 or at.kind in ("note", "preload"):
        return
    event = draw(st.sampled_from(("change", "change", "new-repeat", "first-load", "load")))
    value = parse(_default(draw, at, writer)) if draw(st.integers(0, 3)) else None
    triggers = [
        place.path for place in places if place != at and place.kind not in ("note", "group", "repeat", "preload")
    ]
    if event == "change" and triggers:
        yield Action(event, draw(st.sampled_from(triggers)), value)
    elif event == "new-repeat" and at.repeats:
        yield Action(event, at.repeats[-1], value)
    elif event in ("first-load", "load"):
        yield Action(event, "", value)


def _kept(draw: Any, written: str) -> str:
    """Sometimes once()."""
    return f"once({written})" if draw(st.integers(0, 5)) == 5 else written


def _constraint(draw: Any, at: Place, writer: Writer) -> str:
    own = draw(st.sampled_from((". > 1", ". != 'x'", "string-length(.) < 4", "not(selected(., 'red'))", "true()")))
    return own if draw(st.booleans()) else f"{own} and {writer.truth(1)}"


def _default(draw: Any, at: Place, writer: Writer) -> str:
    if at.kind in ("date", "dateTime"):
        return "today()" if at.kind == "date" else "now()"
    if draw(st.integers(0, 7)) == 7:
        return f"string(instance('__last-saved')/{ROOT}/{draw(st.sampled_from(('t0', 'i0', 's0', 't1', 'nowhere')))})"
    # A call: a bare path would be a literal to pyxform.
    return f"number({writer.number(1)})" if draw(st.booleans()) else f"string({writer.text(1)})"


def _options(draw: Any, at: Place, writer: Writer) -> Options | None:
    if at.kind == "from_rows":
        return _from_rows(draw, at, writer)
    if not at.options:
        return None
    filter_ = _maybe(draw, 2, lambda: _choice_filter(draw, at, writer))
    seed = _maybe(draw, 6, lambda: draw(st.sampled_from(("42", "-1", "1700000000.5", writer.one("integer", "text")))))
    register = at.options in REGISTERS
    choices, places = (None, "places") if register else (at.options, None)
    return Options(choices, places, filter_, shuffled=seed is not None, seed=seed)


def _from_rows(draw: Any, at: Place, writer: Writer) -> Options:
    """Choices are the rows of a repeat: what was answered in them."""
    texts = [place for place in writer.many if place.path.rpartition("/")[0] == place.repeats[-1]]
    if not texts:
        return Options(choices="colours")
    place = draw(st.sampled_from(texts))
    repeat, _, name = place.path.rpartition("/")
    filter_ = _maybe(draw, 2, lambda: f"{name} != ''")
    return Options(nodes=parse(repeat), filter=filter_, value=name, label=name)


def _choice_filter(draw: Any, at: Place, writer: Writer) -> str:
    column = {"colours": "warm", "towns": "colour", "streets": "town", "places": "kind"}[at.options]
    answer = writer.one("select_one", "select_multiple")
    answer = answer if answer[0] in "/'" else f"current()/{answer}"
    wanted = f"{column} = {answer}"
    ways = (wanted, f"selected({answer}, {column})", f"{column} != ''", "position() < 3", f"{wanted} or name = 's1'")
    return str(draw(st.sampled_from(ways)))


def _maybe(draw: Any, chance: int, written: Callable[[], str]) -> Tree | None:
    """One time in `chance`."""
    return parse(written()) if draw(st.integers(0, chance - 1)) == chance - 1 else None


def _plain(node: Node) -> Node:
    """The node without what may go in circles."""
    if isinstance(node, Question):
        return replace(node, relevant=None, calculate=parse("1") if node.calculate else None)
    return replace(node, children=tuple(_plain(child) for child in node.children), relevant=None)


def in_a_sheet(form: Form) -> Form:
    """The form without what an XLSForm writes in other ways than this: actions, chance orders, changing read-only."""
    return replace(form, children=tuple(_in_a_sheet(node) for node in form.children))


def _in_a_sheet(node: Node) -> Node:
    if not isinstance(node, Question):
        return replace(node, children=tuple(_in_a_sheet(child) for child in node.children))
    options = node.options and replace(node.options, shuffled=False, seed=None)
    return replace(node, actions=(), readonly=False, options=options)
