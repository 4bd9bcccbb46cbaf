"""Record → instance XML → record, equal: every form that ships, a thousand random ones; FORMS_BY_CHANCE for more."""

import os
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from forms.instance import from_xml, to_xml
from forms.model import Form, Group, Node, Question
from forms.xlsform import Compiled, compile_markdown
from tests.forms.compiled_vectors import ROOT
from tests.forms.random_answers import answers_of
from tests.forms.random_forms import SHEET_KINDS, forms, in_a_sheet
from tests.forms.written import Written, rules, sheet, written

ORX = "{http://openrosa.org/xforms}"
X = "{http://www.w3.org/2002/xforms}"
MANY = max(1_000, int(os.environ.get("FORMS_BY_CHANCE", "0")))
SHIPPED = sorted((ROOT / "presets/soc_trang_2024/forms").glob("*.md"))
SHAPED = 20  # forms that pyxform writes too: it is slow


def by_chance(most: int) -> settings:
    return settings(
        max_examples=most,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )


@st.composite
def filled(draw: Any) -> tuple[Written, dict[str, Any]]:
    form = draw(forms(most=6))
    return Written(form), draw(answers_of(form))


@cache
def shipped(name: str) -> Compiled:
    return compile_markdown((ROOT / f"presets/soc_trang_2024/forms/{name}.md").read_text())


def comes_back(form: Form, answers: dict[str, Any]) -> None:
    xml = to_xml(form, answers, "uuid:7c0f6a5e-0000-4000-8000-000000000001")
    assert from_xml(form, xml) == answers
    root = etree.fromstring(xml.encode())
    assert [root.tag, root.get("id"), root.get("version")] == [form.children[0].path.split("/")[1], *named(form)]
    assert {etree.QName(element).namespace for element in root.iter()} == {None, ORX[1:-1]}
    assert [element.tag for element in root.iter(f"{ORX}*")] == [f"{ORX}meta", f"{ORX}instanceID"]
    assert root.findtext(f"{ORX}meta/{ORX}instanceID", "").startswith("uuid:")


def named(form: Form) -> list[str]:
    return [form.form_id, form.version]


@pytest.mark.parametrize("name", [path.stem for path in SHIPPED])
def test_records_of_every_form_that_ships_come_back_from_xml(name: str) -> None:
    form = shipped(name).form

    @by_chance(50)
    @given(answers_of(form))
    def agree(answers: dict[str, Any]) -> None:
        comes_back(form, answers)

    agree()


@by_chance(MANY)
@given(filled())
def test_records_of_a_thousand_random_forms_come_back_from_xml(one: tuple[Written, dict[str, Any]]) -> None:
    comes_back(one[0].form, one[1])


@by_chance(SHAPED)
@given(written(forms(kinds=SHEET_KINDS, most=6).map(in_a_sheet)))
def test_a_random_form_written_as_xlsform_compiles_to_the_same_elements_and_rules(one: Written) -> None:
    compiled = compile_markdown(sheet(one.form))
    has_the_elements_of(compiled)
    again = {question.path: rules(question) for question in compiled.form.questions()}
    assert {question.path: again[question.path] for question in one.form.questions()} == {
        question.path: rules(question) for question in one.form.questions()
    }


@pytest.mark.parametrize("name", [path.stem for path in SHIPPED])
def test_instances_have_the_elements_that_pyxform_gives_a_form_that_ships(name: str) -> None:
    has_the_elements_of(shipped(name))


def has_the_elements_of(compiled: Compiled) -> None:
    form = compiled.form
    primary = fromstring(compiled.xform).find(f".//{X}model/{X}instance")[0]
    ours = fromstring(to_xml(form, one_row_each(form.children), "uuid:1"))
    assert elements(ours) == elements(primary)


def one_row_each(nodes: Iterable[Node]) -> dict[str, Any]:
    inner = {node.name: one_row_each(node.children) for node in nodes if not isinstance(node, Question)}
    return {
        node.name: inner[node.name] if isinstance(node, Group) else [inner[node.name]]
        for node in nodes
        if node.name in inner
    }


def elements(parent: Any) -> list[Any]:
    """Names and nesting, in order; a repeat's template and its first row are one; the meta block is left out."""
    children: dict[str, Any] = {}
    for child in parent:
        children[child.tag.rpartition("}")[2]] = elements(child)
    return [(name, inner) for name, inner in children.items() if name != "meta"]


def test_what_the_form_calculates_is_written_and_not_read_back() -> None:
    form = compile_markdown(
        "| survey |\n| | type | name | label | calculation |\n"
        "| | begin repeat | row | Row | |\n| | integer | n | N | |\n"
        "| | calculate | twice | | ${n} * 2 |\n| | end repeat | | | |\n| | calculate | key | | once('k') |\n"
        "| settings |\n| | form_id | version |\n| | f | 1 |\n"
    ).form
    answers = {"row": [{"n": "1"}, {"n": "2"}], "key": "k"}
    xml = to_xml(form, answers, "uuid:1", {"/f/row[1]/twice": "2", "/f/row[2]/twice": "4"}, "Two <rows>")
    assert "<row><n>2</n><twice>4</twice></row>" in xml
    assert "<orx:instanceName>Two &lt;rows&gt;</orx:instanceName>" in xml
    assert from_xml(form, xml) == answers


def test_a_row_that_is_only_a_template_is_no_row() -> None:
    form = compile_markdown(
        "| survey |\n| | type | name | label |\n"
        "| | begin repeat | row | Row |\n| | text | n | N |\n| | end repeat | | |\n"
        "| settings |\n| | form_id | version |\n| | f | 1 |\n"
    ).form
    xml = (
        '<f id="f" xmlns:jr="http://openrosa.org/javarosa"><row jr:template=""><n>x</n></row><row><n>1</n></row>'
        "<meta><instanceID>uuid:1</instanceID></meta></f>"
    )
    assert from_xml(form, xml) == {"row": [{"n": "1"}]}
