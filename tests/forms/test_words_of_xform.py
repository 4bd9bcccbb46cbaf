"""What is wrong with an XForm is told in Vietnamese, whole sentences of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from forms import words_of_xform, xform
from forms.fault_words import told
from forms.faults import Fault
from forms.words_of_xform import in_vietnamese
from tests.forms.books import compiled, faults, xlsx

HEAD = ("type", "name", "label", "relevant", "calculation")
XFORM = compiled(xlsx((HEAD, ("text", "a", "A"), ("integer", "b", "B", "${a} = 'x'")))).xform
ENGLISH = re.compile(
    r"\b(understood|unsupported|inside|must|cannot|leads|only|there|nothing|later|choice|no|too|in the)\b"
)


def said() -> Iterator[str]:
    """Every message that the readers of XForms tell, read from their source, with something for what is filled in."""
    for path in Path(xform.__file__).parent.glob("xform*.py"):
        tree = ast.parse(path.read_text())
        named = {
            node.targets[0].id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "fault" and len(node.args) == 3:
                message = node.args[2]
                yield text_of(named.get(message.id, message) if isinstance(message, ast.Name) else message)
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "Fault"
                and path.name == "xform_source.py"
            ):
                yield text_of(node.args[3])


def text_of(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else "“7”"


def test_every_message_about_an_xform_has_a_vietnamese_sentence() -> None:
    later = {"“7” “7”": "“7” comes in a later version"}
    messages = {later.get(one, one) for one in said()} - {"“7”"}
    assert len(messages) >= 20
    for message in messages:
        vi = in_vietnamese(f"/f/a: {message}")
        assert vi.startswith("/f/a: ")
        assert vi != f"/f/a: {message}", message
        assert not ENGLISH.search(vi), vi


def test_every_vietnamese_sentence_is_still_needed() -> None:
    messages = {*said(), "“7” comes in a later version", "“7”: “7” (character “7”)"}
    for sentence, vi in words_of_xform._KNOWN:
        assert any(sentence.fullmatch(message) for message in messages), vi


@pytest.mark.parametrize(
    ("old", "new", "vi", "en"),
    [
        ("'x'", "frob('x')", "/small/b: /small/a  = frob('x'): không có hàm frob()", "unsupported function frob()"),
        ("'x'", "((", "/small/b: /small/a  = ((: biểu thức sai ở ký tự 15", "(character 15)"),
        ('type="int"', 'type="int" readonly="position() &gt; \'(\' + ["', "biểu thức sai ở ký tự", "(character"),
        (
            'nodeset="/small/b"',
            'nodeset="/small/gone"',
            "/small/gone: đường dẫn này không có trong instance",
            "this path",
        ),
    ],
)
def test_an_xform_with_a_fault_is_told_in_both_languages(old: str, new: str, vi: str, en: str) -> None:
    assert old in XFORM
    found = [one for one in faults(XFORM.replace(old, new, 1).encode(), "form.xml") if one.code == "xform"]
    assert vi in told(found[0]).what
    assert en in told(found[0], "en").what


def test_what_is_none_of_these_sentences_stays_as_it_is() -> None:
    assert told(Fault("xform", 0, "", "weird thing", "xform")).what.endswith("weird thing")
