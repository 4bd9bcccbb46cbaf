"""Uploaded XForms: read like those that an XLSForm makes, and told what this version cannot do."""

import pytest

from forms import model_json
from forms.model import Choice, Repeat
from forms.xlsform import compile_file
from tests.forms.books import compiled, faults, xlsx
from tests.forms.compiled_vectors import SOURCES

HEAD = ("type", "name", "label", "relevant", "calculation")
XFORM = compiled(xlsx((HEAD, ("text", "a", "A"), ("integer", "b", "B", "${a} = 'x'")))).xform


def codes(old: str, new: str) -> list[tuple[str, str]]:
    assert old in XFORM
    return [(one.code, one.column) for one in faults(XFORM.replace(old, new, 1).encode(), "form.xml")]


@pytest.mark.parametrize("name", ["outreach_session", "training", "contribution", "facility_check"])
def test_the_xform_of_a_form_gives_the_same_model(name: str) -> None:
    made = compile_file(f"{name}.md", SOURCES[name].read_bytes())
    assert compile_file("form.xml", made.xform.encode()).model_json == made.model_json


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ('type="int"', 'type="geotrace"', "later", "/small/b"),
        ('type="int"', 'type="geoshape"', "later", "/small/b"),
        ("'x'", "frob('x')", "xform", "relevant"),
        ("'x'", "selected(1)", "argument_count", "/small/b relevant"),
        ('type="int"', 'type="int" readonly="selected(1)"', "argument_count", "/small/b readonly"),
        ('type="int"', 'type="int" constraint="regex(., \'(a+)+\')"', "endless_pattern", "/small/b constraint"),
        ("'x'", "/small/gone", "lost_path", "/small/b"),
        ('version="3"', "", "no_setting", "version"),
    ],
)
def test_what_an_xform_may_not_hold_is_told_at_its_question(old: str, new: str, code: str, place: str) -> None:
    assert (code, place) in codes(old, new)


@pytest.mark.parametrize("kind", ["boolean", "xsd:boolean", "money"])
def test_a_type_that_is_none_of_ours_is_text_and_a_warning(kind: str) -> None:
    made = compile_file("form.xml", XFORM.replace('type="int"', f'type="{kind}"', 1).encode())
    question = made.form.question("/small/b")
    assert question is not None
    assert question.type == "text"
    assert [(one.code, one.column) for one in made.warnings] == [("string_type", "/small/b")]


def test_an_expression_that_does_not_parse_is_a_fault() -> None:
    assert codes("'x'", "((")


CHOOSING = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>t</h:title>
<model><instance><small id="small" version="3"><a/></small></instance>
<instance id="l"><root><item><code>x</code><label>X</label></item></root></instance></model></h:head>
<h:body><select1 ref="/small/a"><label>A</label>CHOICES</select1></h:body></h:html>"""


def test_a_list_whose_choices_are_named_by_another_column_is_read_again_from_its_model() -> None:
    itemset = """<itemset nodeset="instance('l')/root/item"><value ref="code"/><label ref="label"/></itemset>"""
    made = compile_file("form.xml", CHOOSING.replace("CHOICES", itemset).encode())
    assert model_json.loads(made.model_json).choices["l"] == (Choice("", {"vi": "X"}, {"code": "x"}),)


def test_a_choice_in_place_needs_a_value() -> None:
    item = "<item><label>X</label></item>"
    found = faults(CHOOSING.replace("CHOICES", item).encode(), "form.xml")
    assert [(one.code, one.column, one.message) for one in found] == [
        ("xform", "item", "/small/a: a choice has no value")
    ]


def test_a_file_that_the_xform_names_must_be_there() -> None:
    rows = (HEAD, ("select_one_from_file towns.csv", "t", "T"))
    towns = {"towns.csv": b"name,label\na,A\n"}
    text = compiled(xlsx(rows), attachments=towns).xform.encode()
    assert compile_file("form.xml", text, towns).form.registers == ("towns",)
    assert [one.code for one in faults(text, "form.xml")] == ["missing_file"]


def xform(instance: str, body: str, binds: str = "", itext: str = "") -> bytes:
    """An XForm as a person writes it."""
    spaces = (
        'xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
        'xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"'
    )
    data = f'<instance><data id="t" orx:version="1">{instance}</data></instance>'
    head = f"<h:head><h:title>T</h:title><model>{itext}{data}{binds}</model></h:head>"
    return f"<h:html {spaces}>{head}<h:body>{body}</h:body></h:html>".encode()


def test_a_setvalue_may_name_its_question_by_the_id_of_its_bind() -> None:
    set_b = '<setvalue event="xforms-value-changed" bind="{}" value="2"/>'
    body = f'<input ref="/data/a"><label>A</label>{set_b}</input>'
    bind = '<bind id="bb" nodeset="/data/b"/>'
    form = compile_file("form.xml", xform("<a/><b/>", body.format("bb"), bind)).form
    assert {question.path: len(question.actions) for question in form.questions()} == {"/data/a": 0, "/data/b": 1}
    (found,) = faults(xform("<a/><b/>", body.format("cc"), bind), "form.xml")
    assert "there is no bind with the id cc" in found.message


def test_rows_that_nobody_may_add_are_as_many_as_stand_there() -> None:
    repeat = '<repeat nodeset="/data/r" jr:noAddRemove="{}"><input ref="/data/r/a"><label>A</label></input></repeat>'
    (rows,) = compile_file("form.xml", xform("<r><a/></r><r><a/></r>", repeat.format("true()"))).form.children
    assert isinstance(rows, Repeat)
    assert rows.count == ["n", 2]
    assert faults(xform("<r><a/></r><r><a/></r>", repeat.format("false()")), "form.xml")
    assert faults(xform("<r><a>1</a></r><r><a>2</a></r>", repeat.format("true()")), "form.xml")


@pytest.mark.parametrize("name", ["phonenumber", "phone number"])
def test_the_phone_number_has_two_names(name: str) -> None:
    bind = f'<bind nodeset="/data/a" jr:preload="property" jr:preloadParams="{name}"/>'
    (question,) = compile_file("form.xml", xform("<a/>", "", bind)).form.questions()
    assert question.parameters == {"preload": "phonenumber"}


@pytest.mark.parametrize(
    ("ref", "label"), [("here", {"vi": "có"}), ("gone", {"vi": "default"}), ("seen", {"vi": "default"})]
)
def test_a_label_says_what_is_written_in_it_where_its_text_is_missing(ref: str, label: dict[str, str]) -> None:
    seen = '<text id="seen"><value form="image">jr://images/a.png</value></text>'
    texts = f'<itext><translation lang="vi"><text id="here"><value>có</value></text>{seen}</translation></itext>'
    body = f"""<input ref="/data/a"><label ref="jr:itext('{ref}')">default</label></input>"""
    (question,) = compile_file("form.xml", xform("<a/>", body, "", texts)).form.questions()
    assert question.label == label
