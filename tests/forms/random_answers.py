"""Answers documents by chance, for any form: valid ones, and texts that are hard on XML."""

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from forms.model import Choice, Form, Node, Question, Repeat

# Every letter that XML 1.0 can hold; the rest becomes U+FFFD and is tested apart.
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("\t\n\r \xa0\u2028")
HOSTILE = st.sampled_from(
    ("<b>&amp;</b>", "]]>", "<!-- x -->", "<?x?>", "&#0;", "\"'", "<![CDATA[x]]>", " ", "\n", "a\r\nb", "é\u0301", "😀")
)
TEXTS = st.text(LETTERS, min_size=1, max_size=12) | HOSTILE
MOST_ROWS = 3
_VALID = {
    "integer": st.integers(-10, 10_000).map(str),
    "decimal": st.decimals(-10, 1000, places=2).map(str),
    "range": st.integers(0, 10).map(str),
    "date": st.dates().map(str),
    "time": st.sampled_from(("08:30", "23:59:59.999+07:00")),
    "dateTime": st.sampled_from(("2024-11-22T08:30:00.000+07:00", "2024-11-22T08:30:00Z")),
    "acknowledge": st.just("OK"),
    "geopoint": st.sampled_from(("9.6 105.97 0 4.5", "-9 -105 0 0")),
}
_FILES = ("image", "audio", "file")
_UNANSWERED = ("note", "calculate")


@st.composite
def answers_of(draw: Any, form: Form) -> dict[str, Any]:
    """An answers document as it is sent: no empty answers, groups or lists; rows may be empty."""
    return _answers(draw, form.children, form.choices)


def _answers(draw: Any, nodes: Iterable[Node], choices: dict[str, tuple[Choice, ...]]) -> dict[str, Any]:
    given = {node.name: _given(draw, node, choices) for node in nodes}
    return {name: value for name, value in given.items() if value}


def _given(draw: Any, node: Node, choices: dict[str, tuple[Choice, ...]]) -> Any:
    if isinstance(node, Repeat):
        return [_answers(draw, node.children, choices) for _ in range(draw(st.integers(0, MOST_ROWS)))]
    if not isinstance(node, Question):
        return _answers(draw, node.children, choices)
    if node.type in _UNANSWERED or node.calculate is not None or not draw(st.integers(0, 3)):
        return None
    return draw(_text_of(node, choices))


def _text_of(question: Question, choices: dict[str, tuple[Choice, ...]]) -> st.SearchStrategy[str]:
    listed = question.options and question.options.choices
    if listed and choices[listed]:
        names = st.sampled_from([choice.name for choice in choices[listed]])
        many = st.lists(names, min_size=1, max_size=3, unique=True).map(" ".join)
        return names if question.type == "select_one" else many
    if question.type in _FILES:
        return st.uuids().map(str)
    return _VALID.get(question.type, TEXTS)
