"""What a form compiles to: frozen, and as JSON the thing that the phone interprets.

The JSON shape is a contract with `static/src/shapes.ts`; a change of it is a new MODEL_FORMAT (D25).
Words are `{vi, en?, km?}` (D24). Expressions are small trees (`forms.xpath.parse`), parsed once, here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MODEL_FORMAT = 1

Words = dict[str, str]
Tree = list[Any]  # ["op", …]: see forms/xpath/parse.py


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a list inside the form; `extra` holds further columns for choice filters."""

    name: str
    label: Words
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Options:
    """Where a select takes its choices from: a list of the form, or a register set on the phone."""

    choices: str | None = None
    register: str | None = None
    filter: Tree | None = None  # evaluated with the candidate item as context node


@dataclass(frozen=True, slots=True)
class Question:
    """`type`: text integer decimal date time dateTime select_one select_multiple note acknowledge image calculate
    hidden."""

    name: str
    path: str  # "/outreach_session/place/hamlet": absolute, without positions
    type: str
    label: Words = field(default_factory=dict)
    hint: Words = field(default_factory=dict)
    appearance: str = ""
    required: Tree | None = None
    required_message: Words = field(default_factory=dict)
    relevant: Tree | None = None
    constraint: Tree | None = None
    constraint_message: Words = field(default_factory=dict)
    calculate: Tree | None = None
    default: str | None = None  # a literal answer
    dynamic_default: Tree | None = None  # evaluated once, when the form or the repeat opens
    readonly: bool = False
    options: Options | None = None
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """A group without repetition. Appearance `folded`: closed under "Thêm" (more) until something in it is answered."""

    name: str
    path: str
    label: Words
    children: tuple["Node", ...]
    appearance: str = ""
    relevant: Tree | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    name: str
    path: str
    label: Words
    children: tuple["Node", ...]
    appearance: str = ""
    relevant: Tree | None = None
    count: Tree | None = None


Node = Question | Group | Repeat


@dataclass(frozen=True, slots=True)
class Form:
    form_id: str
    version: str
    title: Words
    languages: tuple[str, ...]
    children: tuple[Node, ...]
    choices: dict[str, tuple[Choice, ...]]
    registers: tuple[str, ...]  # external instances: me, units, hamlets, provisions …

    def questions(self) -> Iterator[Question]:
        """Every question, in the form's order."""
        yield from _questions(self.children)

    def question(self, path: str) -> Question | None:
        """The question at `path` (positions of repeats left out), or None."""
        return next((q for q in self.questions() if q.path == path), None)


def _questions(nodes: tuple[Node, ...]) -> Iterator[Question]:
    for node in nodes:
        if isinstance(node, Question):
            yield node
        else:
            yield from _questions(node.children)
