"""A form model as text again: trees as XPath, forms as lines a person can read or as a Markdown XLSForm."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from forms.model import Form, Node, Question, Tree

_RULES = ("relevant", "required", "constraint", "calculate", "default", "dynamic_default", "count")


def xpath(tree: Tree) -> str:
    """An expression whose tree is `tree`."""
    kind = tree[0]
    if kind == "s":
        return f'"{tree[1]}"' if "'" in tree[1] else f"'{tree[1]}'"
    if kind == "n":
        return format(tree[1], "f").rstrip("0").rstrip(".") if isinstance(tree[1], float) else str(tree[1])
    if kind == "f":
        return f"{tree[1]}({', '.join(xpath(part) for part in tree[2:])})"
    if kind == "ref":
        return f"${{{tree[1]}}}"
    if kind == "neg":
        return f"-{_inner(tree[1])}"
    if kind == "filter":
        return f"({xpath(tree[1])})" + _predicates(tree[2:])
    if kind == "p":
        return _path(tree[1], tree[2:])
    return f"{_inner(tree[1])} {kind} {_inner(tree[2])}"


def _inner(tree: Tree) -> str:
    return xpath(tree) if tree[0] in ("s", "n", "f", "p", "ref") else f"({xpath(tree)})"


def _predicates(trees: list[Tree]) -> str:
    return "".join(f"[{xpath(predicate)}]" for predicate in trees)


def _path(start: Any, steps: list[Any]) -> str:
    walked = "/".join(("" if test == "//" else test) + _predicates(predicates) for test, *predicates in steps)
    if start == "/":
        return "/" + walked
    if start != ".":
        return f"{_inner(start)}/{walked}"
    return f"./{walked}" if walked.startswith("/") else walked or "."


class Written:
    """A form that prints as lines: what a failing test shows."""

    def __init__(self, form: Form) -> None:
        self.form = form

    def __repr__(self) -> str:
        form = self.form
        said = [f"  {n}: {xpath(tree)}" for n, tree in enumerate(form.outputs)]
        name = [f"  its name: {xpath(form.instance_name)}"] if form.instance_name else []
        return "\n" + "\n".join([*_lines(form.children), *said, *name]) + "\n"


@st.composite
def written(draw: Any, forms: st.SearchStrategy[Form]) -> Written:
    """Forms of that strategy, which print as lines."""
    return Written(draw(forms))


def _lines(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        kind = node.type if isinstance(node, Question) else type(node).__name__.lower()
        yield f"  {node.path} {kind}" + "".join(f" | {name}: {text}" for name, text in rules(node).items())
        if not isinstance(node, Question):
            yield from _lines(node.children)


def rules(node: Node) -> dict[str, str]:
    """Its expressions and literals by the name of their field."""
    found = {name: getattr(node, name, None) for name in _RULES}
    if isinstance(node, Question) and node.options:
        shuffled = ["f", "randomize", node.options.seed] if node.options.seed else None
        found |= {"list": node.options.choices or node.options.register or node.options.nodes, "shuffled": shuffled}
        found |= {"filter": node.options.filter}
    if isinstance(node, Question):
        found |= {f"on {action.event} {action.on}".strip(): action.value or "" for action in node.actions}
        found |= {"readonly": node.readonly if isinstance(node.readonly, list) else None, **node.parameters}
    return {
        name: value if isinstance(value, str) else xpath(value) for name, value in found.items() if value is not None
    }


# ── As a Markdown XLSForm ──
_COLUMNS = (
    "type",
    "name",
    "label",
    "relevant",
    "required",
    "constraint",
    "calculation",
    "default",
    "repeat_count",
    "choice_filter",
)
_OF_FIELD = {
    "calculate": "calculation",
    "dynamic_default": "default",
    "count": "repeat_count",
    "filter": "choice_filter",
}


def sheet(form: Form) -> str:
    """The XLSForm that compiles to this form; languages and media are left out."""
    extras = dict.fromkeys(name for choices in form.choices.values() for choice in choices for name in choice.extra)
    lists = [
        {"list_name": name, "name": choice.name, "label": choice.name, **choice.extra}
        for name, choices in form.choices.items()
        for choice in choices
    ]
    external = [{"type": "csv-external", "name": name} for name in form.registers]
    return (
        _table("survey", _COLUMNS, [*external, *_rows(form.children)])
        + _table("choices", ("list_name", "name", "label", *extras), lists)
        + _table("settings", ("form_id", "version"), [{"form_id": form.form_id, "version": form.version}])
    )


def _table(name: str, columns: tuple[str, ...], rows: list[dict[str, str]]) -> str:
    lines = [columns, *(tuple(row.get(column, "") for column in columns) for row in rows)]
    return f"| {name} |\n" + "".join(f"| | {' | '.join(line)} |\n" for line in lines)


def _rows(nodes: tuple[Node, ...]) -> Iterator[dict[str, str]]:
    for node in nodes:
        cells = {_OF_FIELD.get(name, name): text for name, text in rules(node).items()}
        if isinstance(node, Question):
            yield {**cells, "type": _type(node), "name": node.name, "label": node.name}
            continue
        kind = type(node).__name__.lower()
        yield {**cells, "type": f"begin {kind}", "name": node.name, "label": node.name}
        yield from _rows(node.children)
        yield {"type": f"end {kind}"}


def _type(question: Question) -> str:
    options = question.options
    if options is None:
        return question.type
    return (
        f"{question.type} {options.choices}" if options.choices else f"{question.type}_from_file {options.register}.csv"
    )
