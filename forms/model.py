"""What a form compiles to: frozen, and as JSON the thing that the phone interprets.

The JSON shape is a contract with `static/src/shapes.ts`; a change of it is a new MODEL_FORMAT (D25).
Words are `{vi, en?, km?}` (D24). Expressions are small trees (`forms.xpath.parse`), parsed once, here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MODEL_FORMAT = 2  # 2: actions, preloads, outputs, media of labels, choices from nodes, instance_name

Words = dict[str, str]
Media = dict[str, Words]  # "image" | "audio" | "video" → file name by language; the files travel beside the form
Tree = list[Any]  # ["op", …]: see forms/xpath/parse.py


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a list inside the form; `extra` holds further columns for choice filters."""

    name: str
    label: Words
    extra: dict[str, str] = field(default_factory=dict)
    media: Media = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Options:
    """Where a select takes its choices from: a list of the form, a register (or file) on the phone, or answers of the
    record itself (`nodes`, read at the question: a repeat's rows)."""

    choices: str | None = None
    register: str | None = None
    filter: Tree | None = None  # evaluated with the candidate item as context node
    nodes: Tree | None = None
    value: str = "name"  # column, or element below a node, that is the answer
    label: str = "label"
    shuffled: bool = False  # randomize(…): in a chance order, the same one for the same seed
    seed: Tree | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A setvalue: writes `value` (None: nothing) into its question when `event` happens. ODK XForms, "Actions".

    event: "first-load" (a new record) · "load" (each opening) · "new-repeat" (a new row of `on`) · "change" (the answer
    at `on` changed). `dynamic_default` stands for first-load and new-repeat together; it is not repeated here.
    """

    event: str
    on: str = ""  # path without positions of the repeat or of the question that triggers
    value: Tree | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """`type`: text integer decimal range date time dateTime select_one select_multiple rank note acknowledge image
    audio file barcode geopoint calculate hidden.

    `parameters`: max-pixels, quality, capture-accuracy, warning-accuracy, allow-mock-accuracy, accept; range: start,
    end, step; hidden: preload ("start" "end" "today" "deviceid" "username" "email" "phonenumber" "uid").
    """

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
    readonly: bool | Tree = False
    options: Options | None = None
    actions: tuple[Action, ...] = ()
    guidance: Words = field(default_factory=dict)
    media: Media = field(default_factory=dict)
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
    hint: Words = field(default_factory=dict)


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
    registers: tuple[str, ...]  # external instances: me, units, hamlets, provisions …; and the form's own CSV files
    outputs: tuple[
        Tree, ...
    ] = ()  # what `${#n}` in a text stands for, read at the text's question; `${/path}` needs none
    instance_name: Tree | None = None
    functions: tuple[str, ...] = ()  # the functions that its expressions call: rare ones are fetched before it opens
    style: str = ""  # XLSForm's setting `style`: "pages" asks one screen at a time

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
