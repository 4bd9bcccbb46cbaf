"""Compiling Markdown XLSForms: what comes out, and how faults are told."""

import pytest

from forms import model_json
from forms.model import Group, Question, Repeat
from forms.xlsform import Compiled, FormFaults, compile_markdown
from tests.forms.compiled_vectors import SOURCES

HEAD = """| survey |
| | type | name | label | relevant | constraint | calculation | default | choice_filter | appearance |
"""
TAIL = "| settings |\n| | form_id | version |\n| | small | 3 |\n"


def sheet(*rows: str, tail: str = TAIL) -> str:
    return HEAD + "".join(f"| | {row} |\n" for row in rows) + tail


def compiled(*rows: str) -> Compiled:
    return compile_markdown(sheet(*rows))


def faults(*rows: str, tail: str = TAIL) -> list[tuple[str, int, str]]:
    with pytest.raises(FormFaults) as caught:
        compile_markdown(sheet(*rows, tail=tail))
    return [(fault.sheet, fault.row, fault.column) for fault in caught.value.faults]


@pytest.mark.parametrize("name", SOURCES)
def test_model_survives_its_json(name: str) -> None:
    form = compile_markdown(SOURCES[name].read_text()).form
    assert model_json.loads(model_json.dumps(form)) == form


def test_a_model_of_another_format_is_refused() -> None:
    text = compiled("text | a | A").model_json.replace('"model_format":2', '"model_format":99')
    with pytest.raises(model_json.UnknownModelFormat):
        model_json.loads(text)


def test_form_carries_identity_words_and_paths() -> None:
    form = compiled("begin group | g | Nhóm", "text | a | Chữ", "end group |").form
    assert (form.form_id, form.version, form.languages) == ("small", "3", ("vi",))
    group = form.children[0]
    assert isinstance(group, Group)
    assert (group.label, group.children[0].path) == ({"vi": "Nhóm"}, "/small/g/a")


def test_words_come_in_all_languages_and_parameters_with_them() -> None:
    form = compile_markdown(SOURCES["outreach_session"].read_text()).form
    hamlet = form.question("/outreach_session/place/hamlet")
    photo = form.question("/outreach_session/photos/photo")
    assert hamlet is not None
    assert photo is not None
    assert hamlet.label == {"vi": "Ấp, khóm", "en": "Hamlet"}
    assert hamlet.options is not None
    assert hamlet.options.register == "hamlets"
    assert photo.parameters == {"max-pixels": "1600"}


def test_defaults_are_literal_or_evaluated() -> None:
    form = compiled("text | a | A | | | | abc", "date | b | B | | | | today()").form
    a, b = form.children
    assert isinstance(a, Question)
    assert isinstance(b, Question)
    assert (a.default, a.dynamic_default) == ("abc", None)
    assert (b.default, b.dynamic_default) == (None, ["f", "today"])


def test_a_repeat_keeps_its_questions_and_references_stay_in_the_row() -> None:
    form = compiled("begin repeat | r | Hàng", "text | a | A", "text | b | B ${a} | ${a} = 'x'", "end repeat |").form
    repeat = form.children[0]
    assert isinstance(repeat, Repeat)
    b = repeat.children[1]
    assert isinstance(b, Question)
    assert b.relevant == ["=", ["p", ".", [".."], ["a"]], ["s", "x"]]
    assert b.label == {"vi": "B ${/small/r/a}"}


def test_choices_keep_their_further_columns() -> None:
    form = compile_markdown(SOURCES["logic"].read_text()).form
    assert [(choice.name, choice.extra) for choice in form.choices["colours"]] == [
        ("red", {"warm": "yes"}),
        ("blue", {"warm": "no"}),
        ("gold", {"warm": "yes"}),
    ]


def test_today_outside_once_is_a_warning() -> None:
    warnings = compiled("date | a | A | | . <= today()", "calculate | b | | | | once(today())").warnings
    assert [(fault.row, fault.column) for fault in warnings] == [(2, "constraint")]


def test_five_planted_faults_are_five_faults() -> None:
    found = faults(
        "text | a | A | ${nobody} = 1",
        "select_one no_list | b | B",
        "hologram | c | C",
        "text | d | D | | . >",
        "calculate | e | | | | frobnicate(1)",
    )
    assert found == [
        ("survey", 2, "relevant"),
        ("survey", 3, "type"),
        ("survey", 4, "type"),
        ("survey", 5, "constraint"),
        ("survey", 6, "calculation"),
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("text | a b | A", "name"),
        ("text | | A", "name"),
        ("text | a | A ${gone}", "label"),
        ("text | a | A | selected(.)", "relevant"),
        ("text | a | A | | regex(., '(')", "constraint"),
        ("calculate | a | | | | uuid()", "calculation"),
        ("text | a | A | | | | today(", "default"),
        ("text | a | A | | | | | | multilne", "appearance"),
        ("select_one_from_file places.geojson | a | A", "type"),
        ("select_one | a | A", "type"),
        ("end group |", "type"),
        ("begin group | a | A", "type"),
    ],
)
def test_a_fault_names_its_cell(row: str, column: str) -> None:
    assert faults(row) == [("survey", 2, column)]


def test_a_name_twice_in_a_group_is_a_fault_at_its_second_row() -> None:
    assert faults("text | a | A", "text | a | B") == [("survey", 3, "name")]


def test_faults_of_choices_name_their_sheet() -> None:
    tail = "| choices |\n| | list_name | name | label |\n| | l | a | A |\n| | l | a | B |\n| | l | c d | C |\n" + TAIL
    assert faults("select_one l | q | Q", tail=tail) == [("choices", 3, "name"), ("choices", 4, "name")]


def test_circular_rules_are_a_fault() -> None:
    with pytest.raises(FormFaults, match="circular rules"):
        compiled("calculate | a | | | | ${b} + 1", "calculate | b | | | | ${a} + 1")


def test_an_absolute_path_to_nowhere_is_a_fault() -> None:
    with pytest.raises(FormFaults, match="/small/gone leads nowhere"):
        compiled("text | a | A", "text | b | B | /small/gone = 1")


def test_what_only_pyxform_sees_is_told_with_its_row() -> None:
    with pytest.raises(FormFaults) as caught:
        compiled("text | a |", "text | b | B")
    assert caught.value.faults[0].row == 2


@pytest.mark.parametrize("text", ["", "no table", "| choices |\n| | list_name | name |\n| | a | b |\n", "| survey |\n"])
def test_a_source_without_survey_is_a_fault_not_a_crash(text: str) -> None:
    with pytest.raises(FormFaults, match="survey"):
        compile_markdown(text)
