"""A form as a phone shows it, one part at a time: a picture in a frame beside a version, nothing to fill.

What the phone really does with relevance, defaults and calculations is seen by trying the draft.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from forms.model import Form, Group, Node, Question, Repeat, Words
from server.pages.phrases import gettext
from server.pages.words import language

MOST_CHOICES = 8
UNSEEN = ("calculate", "hidden")
NAMES: Mapping[str, str] = {"vi": "Việt", "en": "En", "km": "ខ្មែរ", "default": "Việt"}
SHAPES: Mapping[str, str] = {
    **dict.fromkeys(("integer", "decimal", "range"), "number"),
    **dict.fromkeys(("date", "time", "dateTime"), "date"),
    **dict.fromkeys(("select_one", "select_multiple", "rank", "acknowledge"), "choices"),
    **dict.fromkeys(("image", "audio", "file", "barcode", "geopoint"), "button"),
    "note": "note",
}
_PLACE = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One language of the form."""

    code: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing on a part. `shape`: text | number | date | choices | button | note | heading | rows."""

    shape: str
    label: str
    hint: str = ""
    required: bool = False
    sometimes: bool = False
    many: bool = False
    choices: tuple[str, ...] = ()
    more: int = 0
    button: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """`part` counts from 1; `before` and `after` are None at the ends."""

    title: str
    section: str
    part: int
    parts: int
    shown: tuple[Shown, ...]
    languages: tuple[Spoken, ...]
    spoken: str

    @property
    def before(self) -> int | None:
        return self.part - 1 if self.part > 1 else None

    @property
    def after(self) -> int | None:
        return self.part + 1 if self.part < self.parts else None


def of(form: Form, title: Words, wanted_part: int, wanted_language: str) -> Preview:
    """The part and language that were asked for, else the nearest that the form has."""
    spoken = _language(form, wanted_language)
    parts = _parts(form)
    part = min(max(wanted_part, 1), max(len(parts), 1))
    heading, nodes = parts[part - 1] if parts else ({}, ())
    return Preview(
        _said(title, spoken) or form.form_id,
        _said(heading, spoken),
        part,
        max(len(parts), 1),
        tuple(one for node in nodes for one in _shown(form, node, spoken)),
        tuple(Spoken(code, NAMES.get(code, code), code == spoken) for code in form.languages),
        spoken,
    )


def _language(form: Form, wanted: str) -> str:
    known = form.languages or ("vi",)
    return next((code for code in (wanted, language()) if code in known), known[0])


def _parts(form: Form) -> list[tuple[Words, tuple[Node, ...]]]:
    """As on the phone: each outer group is a part, and so is a run of questions outside of groups."""
    found: list[tuple[Words, tuple[Node, ...]]] = []
    for grouped, nodes in groupby(_seen(form.children), key=lambda node: isinstance(node, Group)):
        if grouped:
            found += [(node.label, tuple(_seen(node.children))) for node in nodes if isinstance(node, Group)]
        else:
            found.append(({}, tuple(nodes)))
    return [(heading, nodes) for heading, nodes in found if nodes]


def _seen(nodes: tuple[Node, ...]) -> list[Node]:
    return [node for node in nodes if not (isinstance(node, Question) and (node.type in UNSEEN or _silent(node)))]


def _silent(question: Question) -> bool:
    """A question without any words is worked out by the phone."""
    return not any(question.label.values()) and question.calculate is not None


def _shown(form: Form, node: Node, spoken: str) -> list[Shown]:
    if isinstance(node, Question):
        return [_question(form, node, spoken)]
    label = _said(node.label, spoken)
    if isinstance(node, Repeat):
        return [Shown("rows", label or node.name, button=gettext("Thêm dòng"), sometimes=node.relevant is not None)]
    inside = [one for child in _seen(node.children) for one in _shown(form, child, spoken)]
    return [Shown("heading", label), *inside] if label else inside


def _question(form: Form, question: Question, spoken: str) -> Shown:
    named = _choices(form, question, spoken)
    return Shown(
        SHAPES.get(question.type, "text"),
        _said(question.label, spoken) or question.name,
        _said(question.hint, spoken),
        question.required is not None and question.type != "note",
        question.relevant is not None,
        question.type == "select_multiple",
        tuple(named[:MOST_CHOICES]),
        max(0, len(named) - MOST_CHOICES),
        _button(question.type),
    )


def _choices(form: Form, question: Question, spoken: str) -> list[str]:
    options = question.options
    if options and options.register:
        return [gettext("lấy từ “%(name)s”", name=options.register)]
    listed = form.choices.get(options.choices or "", ()) if options else ()
    return [_said(choice.label, spoken) or choice.name for choice in listed]


def _button(kind: str) -> str:
    words = {
        "image": gettext("Chụp ảnh"),
        "audio": gettext("Ghi âm"),
        "file": gettext("Chọn tệp"),
        "barcode": gettext("Quét mã"),
        "geopoint": gettext("Lấy vị trí"),
    }
    return words.get(kind, "")


def _said(words: Words, spoken: str) -> str:
    """What another answer would fill in is left open."""
    text = words.get(spoken) or words.get("vi") or next((one for one in words.values() if one), "")
    return _PLACE.sub("…", text)
