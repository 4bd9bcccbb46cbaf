"""Sheets as people of the field write them are taken; what is refused gets the one sentence that fits."""

import pytest

from forms.fault_words import told
from forms.model import Form, Question
from tests.forms.books import SETTINGS, cells, compiled, faults, xlsx

HEAD = ("type", "name", "label", "relevant", "appearance", "default", "calculation")
CHOICES = (("list_name", "name", "label"), ("yn", "yes", "Có"), ("yn", "no", "Không"))


def book(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD, choices: tuple[tuple[str, ...], ...] = CHOICES) -> bytes:
    return xlsx((head, *rows), choices)


def question(form: Form, name: str) -> Question:
    found = next(node for node in form.children if node.path.endswith(f"/{name}"))
    assert isinstance(found, Question)
    return found


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Text", "text"),
        ("INTEGER", "integer"),
        ("Select_one yn", "select_one"),
        ("select multiple from yn", "select_multiple"),
        ("add select one prompt using yn", "select_one"),
        ("add integer prompt", "integer"),
        ("add date time prompt", "dateTime"),
        ("q string", "text"),
        ("Datetime", "dateTime"),
        ("get start time", "hidden"),
        ("uri:deviceid", "hidden"),
    ],
)
def test_types_of_old_and_in_capitals_are_todays(written: str, kind: str) -> None:
    form = compiled(book(("text", "first", "Một"), (written, "q", "Hai"))).form
    assert question(form, "q").type == kind


def test_groups_in_capitals_open_and_close() -> None:
    data = book(
        ("Begin Group", "g", "G"), ("Text", "a", "A"), ("End Group",), ("BEGIN REPEAT", "r", "R"), ("End_Repeat",)
    )
    assert len(compiled(data).form.children) == 2


def test_appearances_in_capitals_count() -> None:
    assert "multiline" in question(compiled(book(("text", "a", "A", "", "Multiline"))).form, "a").appearance


def test_a_name_with_spaces_inside_its_braces_is_that_name() -> None:
    form = compiled(book(("text", "a", "A"), ("text", "b", "B ${ a }", "${a } != ''"))).form
    assert question(form, "b").relevant is not None


def test_a_plain_label_belongs_to_the_default_language() -> None:
    data = xlsx(
        (("type", "name", "label", "label::French (fr)"), ("text", "a", "Name", "Nom")),
        settings=(("form_id", "version", "default_language"), ("small", "3", "English (en)")),
    )
    assert question(compiled(data).form, "a").label == {"en": "Name", "fr": "Nom"}


@pytest.mark.parametrize("kind", ["text", "integer", "date"])
def test_what_is_calculated_needs_no_label_whatever_its_type(kind: str) -> None:
    data = book(("integer", "a", "A"), (kind, "b", "", "", "", "", "${a} + 1"))
    assert question(compiled(data).form, "b").calculate is not None


def test_columns_of_ones_own_in_choices_may_have_any_heading() -> None:
    choices = (("list_name", "name", "label", "Mã cũ", "1st", "a:b", "vùng"), ("yn", "yes", "Có", "1", "2", "3", "4"))
    made = compiled(book(("select_one yn", "a", "A"), choices=choices))
    assert cells(made.warnings) == [("choices", 1, letter, "unknown_column") for letter in "DEF"]


def test_an_appearance_of_another_program_is_no_fault() -> None:
    made = compiled(book(("text", "a", "A", "", "hide-input"), ("select_one yn", "b", "B", "", "sparkling")))
    assert cells(made.warnings) == [("survey", row, "E", "idle_appearance") for row in (2, 3)]


@pytest.mark.parametrize(
    ("row", "letter", "code"),
    [
        (("select_one yn", "a", "A", "", "minimal search('places', 'matches', 'x', ${b})"), "E", "search_call"),
        (("integer", "a", "A", "", "", "abc"), "F", "bad_default"),
        (("decimal", "a", "A", "", "", "1,5"), "F", "bad_default"),
        (("date", "a", "A", "", "", "2024-02-30"), "F", "bad_default"),
        (("Phần A: hộ dân", "", ""), "A", "unknown_type"),
        (("", "", "Phần A"), "A", "no_type"),
        (("select_one yes no", "a", "A"), "A", "list_with_space"),
    ],
)
def test_one_thing_wrong_is_one_fault(row: tuple[str, ...], letter: str, code: str) -> None:
    choices = (*CHOICES, ("yes no", "x", "X"), ("yes no", "y", "Y"))
    assert cells(faults(book(row, ("text", "b", "B"), choices=choices))) == [("survey", 2, letter, code)]


@pytest.mark.parametrize(
    "row",
    [
        ("date", "a", "A", "", "", "2024-02-29"),
        ("date", "a", "A", "", "", "today() - 7"),
        ("decimal", "a", "A", "", "", "-1.50"),
        ("time", "a", "A", "", "", "08:30:00"),
        ("text", "a", "A", "", "", "1,5"),
        ("integer", "a", "A", "", "", "${b}"),
    ],
)
def test_a_default_that_can_be_answered_is_taken(row: tuple[str, ...]) -> None:
    assert compiled(book(("text", "b", "B"), row)).form


def test_a_default_that_the_list_does_not_offer_is_told() -> None:
    made = compiled(
        book(("select_one yn", "a", "A", "", "", "maybe"), ("select_multiple yn", "b", "B", "", "", "yes no"))
    )
    assert cells(made.warnings) == [("survey", 2, "F", "default_not_offered")]


@pytest.mark.parametrize(
    ("expression", "right"),
    [
        ("${a} == 1", "="),
        ("${a} => 1", ">="),
        ("${a} <> 1", "!="),
        ("${a} ≥ 1", ">="),
        ("${a} > 1 AND ${a} < 5", "and"),
        ("${a} > 1 && ${a} < 5", "and"),
        ("${a} > 1 || ${a} < 5", "or"),
        ("${a} % 2 = 0", "mod"),
        ("${a}/2 = 1", "div"),
        ("{$a} > 1", "${…}"),
        ("$a > 1", "${…}"),
        ("not ${a} = 1", "not(…)"),
    ],
)
def test_signs_of_other_languages_are_told_with_the_right_one(expression: str, right: str) -> None:
    (found,) = faults(book(("integer", "a", "A"), ("text", "b", "B", expression)))
    assert (found.code, found.row, found.letter) == ("slip", 3, "D")
    assert told(found).do == f"Ghi {right}"


def test_a_cell_with_a_formula_never_computed_is_told_once() -> None:
    def written(workbook: object) -> None:
        workbook["survey"]["C2"] = '="Tên "&"bạn"'  # type: ignore[index]

    data = xlsx((HEAD, ("text", "a", "x")), change=written)
    assert cells(faults(data)) == [("survey", 2, "C", "empty_formula")]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.csv", b"type,name,label\ntext,a,A\n", ["no_survey"]),
        ("a.md", b"| type | name | label |\n|---|---|---|\n| text | a | A |\n", ["no_survey"]),
        ("a.md", b"no table at all", ["no_survey"]),
        ("a.xlsx", xlsx((("loại", "tên", "nhãn"), ("text", "a", "A"))), ["missing_column", "missing_column"]),
        ("a.xlsx", xlsx((("PHIẾU HỎI",), HEAD, ("text", "a", "A"))), ["missing_column", "missing_column"]),
        ("a.xlsx", xlsx((HEAD,)), ["empty_survey"]),
    ],
)
def test_sheets_without_questions_say_why(name: str, data: bytes, expected: list[str]) -> None:
    assert [one.code for one in faults(data, name)] == expected


def test_what_comes_later_in_an_xform_is_told_once() -> None:
    made = compiled(xlsx((HEAD, ("geopoint", "a", "A")), settings=SETTINGS)).xform
    (found,) = faults(made.replace('type="geopoint"', 'type="geotrace"').encode(), "form.xml")
    assert (found.code, found.column) == ("later", "/small/a")
