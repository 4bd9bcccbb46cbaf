"""Cells as text, other ways to write a form, and forms as workbooks."""

from datetime import date, datetime, time

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from forms.model import Question
from forms.sheets import book_of, sheets_of
from forms.tables import markdown_tables
from forms.workbook import as_xlsx, workbook_tables
from forms.xlsform import compile_file, compile_markdown, xlsx_of
from tests.forms.books import changed_part, compiled, faults, xlsx
from tests.forms.compiled_vectors import SOURCES

HEAD_AND_ROW = (("type", "name", "label"), ("text", "q", "Q"))
HEAD = ("type", "name", "label", "default")


def cell(value: object) -> str:
    tables, _, _ = workbook_tables("t.xlsx", xlsx((HEAD, ("text", "a", "A", value))))
    cells = tables["survey"][1][1]
    return cells[3] if len(cells) > 3 else ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (3.0, "3"),
        (0.1, "0.1"),
        (2.50, "2.5"),
        (1e21, "1000000000000000000000"),
        (1e-7, "0.0000001"),
        (-12.0, "-12"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2024, 11, 22), "2024-11-22"),
        (datetime(2024, 11, 22, 8, 30), "2024-11-22T08:30:00"),  # noqa: DTZ001 a sheet knows no zone
        (time(8, 30), "08:30:00"),
        ("  a\u00a0b \u200b", "a b"),
        ("tie\u0302\u0301ng", "tiếng"),
        (None, ""),
    ],
)
def test_a_cell_is_read_as_it_is_shown(value: object, text: str) -> None:
    assert cell(value) == text


def test_rich_text_is_text() -> None:
    rich = CellRichText("Bà ", TextBlock(InlineFont(b=True), "con"), " ơi")
    assert cell(rich) == "Bà con ơi"


def test_a_formula_counts_with_its_stored_value_and_one_without_is_told() -> None:
    data = xlsx((HEAD, ("text", "a", "A", "=1+1")))
    (found,) = faults(data)
    assert (found.sheet, found.row, found.column, found.code) == ("survey", 2, "D2", "empty_formula")
    stored = changed_part(data, "xl/worksheets/sheet1.xml", lambda body: body.replace(b"<v></v>", b"<v>2</v>"))
    question = compiled(stored).form.question("/small/a")
    assert question is not None
    assert question.default == "2"


def test_an_error_in_a_cell_is_told_with_the_cell() -> None:
    (found,) = faults(xlsx((HEAD, ("text", "a", "A", "#REF!"))))
    assert (found.code, found.column, found.details["value"]) == ("error_cell", "D2", "#REF!")


def test_merged_cells_are_told() -> None:
    def merge(book: Workbook) -> None:
        book["survey"].merge_cells("C2:D2")

    data = xlsx((HEAD, ("text", "a", "A")), change=merge)
    assert [(one.row, one.code, one.details["cells"]) for one in compiled(data).warnings] == [
        (2, "merged_cells", "C2:D2")
    ]


def test_rows_keep_their_numbers_over_empty_and_hidden_ones() -> None:
    data = xlsx((HEAD, ("text", "a", "A"), (), (), ("text", "b b", "B"), ("# ghi chú",)))
    assert [(one.row, one.code) for one in faults(data)] == [(5, "bad_name"), (6, "unknown_type")]


def test_the_same_form_as_markdown_workbook_and_csv_is_the_same_model() -> None:
    source = SOURCES["outreach_session"].read_text()
    model = compile_markdown(source).model_json
    assert compile_file("form.xlsx", as_xlsx(sheets_of(source))).model_json == model
    assert compile_file("FORM.MD", source.encode("utf-8-sig")).model_json == model
    for mark in ",;\t":
        assert compile_file("form.csv", csv_of(source, mark)).model_json == model


def csv_of(source: str, mark: str) -> bytes:
    lines = []
    for name, table in markdown_tables(source).items():
        lines.append(name)
        for _, cells in table:
            lines.append(mark.join(["", *('"' + cell.replace('"', '""') + '"' for cell in cells)]))
    return "\n".join(lines).encode()


def test_faults_of_a_csv_form_have_the_numbers_of_the_file() -> None:
    data = b"survey\n,type,name,label\n,text,a,A\n\nsettings\n,form_id,version\n,small,\n"
    assert [(one.sheet, one.row, one.code) for one in faults(data, "form.csv")] == [("settings", 7, "no_setting")]


def test_a_workbook_made_of_a_form_holds_no_formula() -> None:
    book = book_of({"survey": [(1, ["type", "name", "label"]), (2, ["text", "a", "=1+1"])]})
    tables, found, _ = workbook_tables("t.xlsx", as_xlsx(book))
    assert (tables["survey"][1][1][2], found) == ("=1+1", [])


def test_a_workbook_is_given_back_as_it_came() -> None:
    data = xlsx((HEAD, ("text", "a", "A")))
    assert xlsx_of("form.xlsx", data) is data


@pytest.mark.parametrize(
    ("head", "row", "field", "value"),
    [
        ("relevance", "${one} = 1", "relevant", ["=", ["p", "/", ["small"], ["one"]], ["n", 1]]),
        ("calculate", "1 + 1", "calculate", ["+", ["n", 1], ["n", 1]]),
        ("readonly", "yes", "readonly", True),
        ("bind::constraint", ". > 1", "constraint", [">", ["p", ".", ["."]], ["n", 1]]),
        ("Constraint Message", "Sai", "constraint_message", {"vi": "Sai"}),
        ("caption", "Nhãn", "label", {"vi": "Nhãn"}),
        ("body::appearance", "multiline", "appearance", "multiline"),
    ],
)
def test_a_heading_may_be_written_in_other_ways(head: str, row: str, field: str, value: object) -> None:
    names = ("type", "name", *(() if head == "caption" else ("label",)), head)
    cells = ("text", "a", *(() if head == "caption" else ("A",)), row)
    form = compiled(xlsx((names, ("integer", "one", "Một"), cells))).form
    question = form.question("/small/a")
    assert isinstance(question, Question)
    assert getattr(question, field) == value


def test_languages_of_old_forms_with_one_colon_are_read() -> None:
    data = xlsx((("type", "name", "label:vi", "label:en"), ("text", "a", "Một", "One")))
    question = compiled(data).form.question("/small/a")
    assert question is not None
    assert question.label == {"vi": "Một", "en": "One"}


@pytest.mark.parametrize(
    ("form_id", "version", "title", "code"),
    [
        ("hộ_gia_đình", "1", "T", "bad_form_id"),
        ("a:b", "1", "T", "bad_form_id"),
        ("org.odk/all widgets", "1", "T", "bad_form_id"),
        ("a" * 65, "1", "T", "bad_form_id"),
        ("a", "1" * 65, "T", "bad_version"),
        ("a", "1", "T" * 201, "long_title"),
    ],
)
def test_a_form_named_as_no_envelope_takes_it_is_told_at_once(
    form_id: str, version: str, title: str, code: str
) -> None:
    found = faults(xlsx(HEAD_AND_ROW, settings=(("form_id", "version", "form_title"), (form_id, version, title))))
    assert [(one.code, one.sheet, one.row) for one in found] == [(code, "settings", 2)]


def test_an_xform_is_named_by_the_same_rules() -> None:
    xform = compiled(xlsx(HEAD_AND_ROW)).xform.replace('id="small"', 'id="org.odk/all widgets"')
    assert [(one.code, one.column) for one in faults(xform.encode(), "a.xml")] == [("bad_form_id", "form_id")]


def test_a_trigger_asks_the_clock_once() -> None:
    rows = (
        ("type", "name", "label", "trigger", "calculation"),
        ("text", "a", "A"),
        ("date", "b", "B", "${a}", "today()"),
    )
    assert compiled(xlsx(rows)).warnings == ()
