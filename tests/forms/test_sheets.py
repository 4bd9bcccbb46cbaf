"""The sheet-level check: every fault at once, each at its cell, with words in two languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from openpyxl import Workbook

from forms import fault_words, kinds, words_of_files
from forms.fault_words import WORDS, told
from forms.faults import as_json, fault_of
from forms.xform_rules import rules_in
from forms.xlsform import FormFaults, compile_file
from forms.xpath.functions import LATER
from tests.forms.books import cells, compiled, faults, xlsx

HEAD = ("type", "name", "label", "relevant", "constraint", "calculation", "appearance", "parameters", "choice_filter")
CHOICES = (("list_name", "name", "label", "region"), ("l", "a", "A", "x"), ("l", "b", "B", "y"))


def survey(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> bytes:
    return xlsx((head, *rows), CHOICES)


def codes(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> list[tuple[str, int, str, str]]:
    return cells(faults(survey(*rows, head=head)))


ONE = ("select_one l", "one", "Một")


def test_five_faults_in_the_survey_are_five() -> None:
    assert codes(
        ("select_one l", "one", "Một"),
        ("text", "a b", "A"),
        ("text", "b", "B", "${nobody} = 1"),
        ("hologram", "c", "C"),
        ("text", "d", "D", "", ". >"),
        ("calculate", "e", "", "", "", "frobnicate(1)"),
    ) == [
        ("survey", 3, "B", "bad_name"),
        ("survey", 4, "D", "unknown_name"),
        ("survey", 5, "A", "unknown_type"),
        ("survey", 6, "E", "bad_expression"),
        ("survey", 7, "F", "unknown_function"),
    ]


def test_five_faults_on_three_sheets_are_five() -> None:
    data = xlsx(
        (HEAD[:3], ("select_one l", "q", "Câu hỏi"), ("begin group", "g", "Nhóm"), ("text", "t", "")),
        (("list_name", "name", "label"), ("l", "a", "A"), ("l", "a", "B"), ("l", "", "C")),
        (("form_id", "version"), ("small", "")),
    )
    assert cells(faults(data)) == [
        ("survey", 3, "A", "never_closed"),
        ("survey", 4, "C", "no_label"),
        ("choices", 3, "B", "choice_twice"),
        ("choices", 4, "B", "no_choice_name"),
        ("settings", 2, "B", "no_setting"),
    ]


def test_five_faults_of_rules_are_five_with_a_circle_among_them() -> None:
    assert codes(
        ONE,
        ("calculate", "a", "", "", "", "${b} + 1"),
        ("calculate", "b", "", "", "", "${a} + 1"),
        ("text", "c", "C", "selected(${one})"),
        ("text", "d", "D", "one = 'a'"),
        ("select_one l", "e", "E", "", "", "", "", "", "district = 'x'"),
        ("integer", "f", "F", "instance('gone')/root/item[1]/name = 1"),
    ) == [
        ("survey", 3, "F", "circle"),
        ("survey", 5, "D", "argument_count"),
        ("survey", 6, "D", "bare_name"),
        ("survey", 7, "I", "no_filter_column"),
        ("survey", 8, "D", "unknown_instance"),
    ]


@pytest.mark.parametrize(
    ("row", "letter", "code"),
    [
        (("", "a", "A"), "A", "no_type"),
        (("text", "", "A"), "B", "no_name"),
        (("text", "meta", "A"), "B", "reserved_name"),
        (("text", "a" * 65, "A"), "B", "long_name"),
        (("text", "a"), "C", "no_label"),
        (("select_one", "a", "A"), "A", "no_list"),
        (("select_one ll", "a", "A"), "A", "unknown_list"),
        (("select_one towns.csv", "a", "A"), "A", "select_of_file"),
        (("select_one_from_file towns.csv", "a", "A"), "A", "missing_file"),
        (("select_one_from_file towns.txt", "a", "A"), "A", "not_csv"),
        (("select_one_from_file towns.geojson", "a", "A"), "A", "later"),
        (("geotrace", "a", "A"), "A", "later"),
        (("video", "a", "A"), "A", "later"),
        (("background-audio", "a", "A"), "A", "later"),
        (("simserial", "a"), "A", "gone_type"),
        (("geopoint", "a", "A", "", "", "", "placement-map"), "G", "later"),
        (("select_one l", "a", "A", "", "", "", "image-map"), "G", "later"),
        (("text", "a", "A", "", "", "", "multilnie"), "G", "unknown_appearance"),
        (("image", "a", "A", "", "", "", "", "max-pixels=big"), "H", "parameter_count"),
        (("range", "a", "A", "", "", "", "", "start=1 end=5 step=0"), "H", "range_step"),
        (("range", "a", "A", "", "", "", "", "start=one"), "H", "parameter_number"),
        (("audio", "a", "A", "", "", "", "", "quality=loud"), "H", "parameter_value"),
        (("text", "a", "A", "", "", "", "", "colour=red"), "H", "unknown_parameter"),
        (("text", "a", "A", "", "", "", "", "rows"), "H", "bad_parameters"),
        (("calculate", "a"), "F", "no_calculation"),
        (("text", "a", "A ${one", ""), "C", "open_reference"),
        (("text", "a", "A", "", "regex(., '(')"), "E", "bad_pattern"),
        (("calculate", "a", "", "", "", "random()"), "F", "chance"),
        (("calculate", "a", "", "", "", "pulldata('units', 'colour', 'name', 'x')"), "F", "no_item_column"),
        (("calculate", "a", "", "", "", "pulldata('towns', 'b', 'name', 'x')"), "F", "missing_file"),
        (("end group", ""), "A", "end_without_begin"),
        (("begin repeat", "a", "A"), "A", "never_closed"),
    ],
)
def test_a_fault_names_its_cell_and_its_kind(row: tuple[str, ...], letter: str, code: str) -> None:
    assert codes(ONE, row) == [("survey", 3, letter, code)]


def test_a_group_closed_as_a_repeat_names_both_rows() -> None:
    found = faults(survey(ONE, ("begin group", "g", "G"), ("text", "a", "A"), ("end repeat", "")))
    assert [(one.row, one.code, one.details["opened"]) for one in found] == [(5, "wrong_end", "3")]


def test_a_name_in_two_groups_is_ambiguous_only_where_somebody_means_it() -> None:
    rows = (
        ONE, ("begin group", "g", "G"), ("text", "a", "A"), ("end group", ""),
        ("begin group", "h", "H"), ("text", "a", "A"), ("end group", ""),
    )  # fmt: skip
    assert compiled(survey(*rows)).form.question("/small/h/a")
    assert codes(*rows, ("note", "n", "${a}")) == [("survey", 9, "C", "ambiguous_name")]


def test_the_same_repeat_name_twice_is_a_fault() -> None:
    rows = (
        ONE, ("begin repeat", "r", "R"), ("text", "a", "A"), ("end repeat", ""), ("begin group", "g", "G"),
        ("begin repeat", "r", "R"), ("text", "b", "B"), ("end repeat", ""), ("end group", ""),
    )  # fmt: skip
    assert codes(*rows) == [("survey", 7, "B", "repeat_name_twice")]


@pytest.mark.parametrize(
    ("head", "row", "letter", "code"),
    [
        ((*HEAD[:3], "trigger", "calculation"), ("calculate", "a", "", "${gone}", "1"), "D", "unknown_name"),
        ((*HEAD[:3], "trigger", "calculation"), ("calculate", "a", "", "one", "1"), "D", "bad_trigger"),
        ((*HEAD[:3], "default"), ("text", "a", "A", "today("), "D", "bad_expression"),
        ((*HEAD[:3], "repeat_count"), ("begin repeat", "a", "A", "-1"), "D", "bad_count"),
        ((*HEAD[:3], "repeat_count"), ("begin repeat", "a", "A", "'many'"), "D", "bad_count"),
        ((*HEAD[:3], "save_to"), ("text", "a", "A", "tree"), "D", "later"),
        ((*HEAD[:3], "bind::relevant"), ("text", "a", "A", "${x} = 1"), "D", "unknown_name"),
        (("Type", "NAME", "Label", "relevance"), ("text", "a", "A", "${x} = 1"), "D", "unknown_name"),
        ((*HEAD[:3], "read_only"), ("text", "a", "A", "${x} = 1"), "D", "unknown_name"),
        ((*HEAD[:3], "media::video"), ("text", "a", "A", "film.mp4"), "D", "later"),
    ],
)
def test_columns_by_their_other_names_are_read(
    head: tuple[str, ...], row: tuple[str, ...], letter: str, code: str
) -> None:
    end = [("end repeat", "")] if row[0] == "begin repeat" else []
    assert codes(ONE, row, *end, head=head) == [("survey", 3, letter, code)]


def test_a_mistyped_heading_is_told_with_the_one_that_was_meant() -> None:
    found = faults(survey((*ONE, ""), head=(*HEAD[:3], "relevent")))
    assert [(one.sheet, one.row, one.column, one.letter, one.details["meant"]) for one in found] == [
        ("survey", 1, "relevent", "D", "relevant")
    ]


def test_a_heading_that_stands_twice_is_a_fault() -> None:
    assert codes((*ONE, "Hai"), head=(*HEAD[:3], "label")) == [("survey", 1, "D", "heading_twice")]


def test_languages_are_held_against_each_other() -> None:
    data = xlsx(
        (("type", "name", "label::Tiếng Việt (vi)", "label::English (en)"), ("select_one l", "q", "Câu", "")),
        (("list_name", "name", "label::Tiếng Việt (vi)"), ("l", "a", "A")),
        (("form_id", "version", "default_language"), ("small", "1", "Tiếng Việt")),
    )
    with pytest.raises(FormFaults) as caught:
        compile_file("form.xlsx", data)
    assert cells(caught.value.faults) == [("settings", 2, "C", "default_language")]
    assert cells(caught.value.warnings) == [
        ("survey", 2, "D", "no_translation"),
        ("choices", 1, "", "languages_differ"),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("date", "a", "A", "", ". <= today()"), "bare_clock"),
        (("text", "a", "A", "${one} = ‘a’"), "smart_quotes"),
        (("text", "a", "A", "", "", "", "minimal"), "idle_on_type"),
        (("text", "a", "A", "", "", "", "w2"), "idle_appearance"),
        (("select_one l or_other", "a", "A"), "or_other"),
        (("text", "a", "A", "", "", "", "", "", "x = 1"), "idle_column"),
    ],
)
def test_what_only_surprises_is_a_warning(row: tuple[str, ...], code: str) -> None:
    warnings = compiled(survey(ONE, row)).warnings
    assert [(one.row, one.code) for one in warnings] == [(3, code)]


def test_an_unused_list_and_an_unknown_column_are_warnings() -> None:
    data = xlsx((("type", "name", "label", "my notes"), ("text", "q", "Câu", "x")), CHOICES)
    assert [one.code for one in compiled(data).warnings] == ["unknown_column", "unused_list"]


def test_a_choice_with_a_space_is_a_fault_that_says_why_in_a_select_multiple() -> None:
    choices = (("list_name", "name", "label"), ("l", "a b", "A"))
    many = faults(xlsx((HEAD[:3], ("select_multiple l", "q", "Q")), choices))
    assert cells(many) == [("choices", 2, "B", "choice_with_space")]
    assert many[0].details["better"] == "a_b"


def test_files_that_came_with_the_form_are_read_for_their_columns() -> None:
    data = survey(ONE, ("select_one_from_file towns.csv", "a", "A", "", "", "", "", "", "region = 'x'"))
    assert compiled(data, attachments={"towns.csv": b"name,label,region\na,A,x\n"}).form.registers == ("towns",)
    found = faults(data, attachments={"towns.csv": b"code,title\na,A\n"})
    assert cells(found) == [
        ("survey", 3, "I", "no_filter_column"),
        ("towns.csv", 1, "", "no_file_column"),
        ("towns.csv", 1, "", "no_file_column"),
    ]


def test_value_and_label_may_be_other_columns() -> None:
    row = ("select_one_from_file towns.csv", "a", "A", "", "", "", "", "value=code label=title")
    assert compiled(survey(ONE, row), attachments={"towns.csv": b"code,title\na,A\n"}).form.registers == ("towns",)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty_file"),
        (b"name,name\na,b\n", "csv_heading"),
        (b"name,\na,b\n", "csv_heading"),
        (b"name,label\n\xff\xfe", "not_utf8"),
    ],
)
def test_a_file_that_is_no_table_is_told_by_its_name(body: bytes, code: str) -> None:
    assert [(one.sheet, one.code) for one in faults(survey(ONE), attachments={"t.csv": body})] in (
        [("t.csv", code)], [("", code)],
    )  # fmt: skip


def test_what_only_pyxform_sees_stands_beside_our_own_faults() -> None:
    rows = (
        ONE,
        ("text", "a", "A", "${gone} = 1"),
        ("select_one l or_other", "b", "B", "", "", "", "", "", "region = 'x'"),
    )
    found = faults(survey(*rows))
    assert [(one.row, one.code) for one in found] == [(3, "unknown_name"), (4, "pyxform")]
    assert told(found[1]).what.startswith("Không chuyển được thành XForm:")


def test_more_faults_than_anybody_reads_are_counted() -> None:
    rows = [("hologram", f"q{number}", "Q") for number in range(700)]
    found = faults(survey(*rows))
    assert (len(found), found[-1].code, found[-1].details["count"]) == (501, "more", "200")


def test_every_code_has_words_in_both_languages_with_the_same_details() -> None:
    def fields(text: str) -> set[str]:
        return set(re.findall(r"(?<!\{)\{(\w+)\}", text.replace("{{{", "{").replace("}}}", "}")))

    for code, (vi, vi_do, en, en_do) in WORDS.items():
        assert all((vi, vi_do, en, en_do)), code
        assert fields(vi + vi_do) <= fields(en + en_do) | {"at", "near", "reason", "name", "better", "most"}, code


def given() -> Iterator[tuple[str, set[str]]]:
    """(code, names of its details) of every fault that the program can tell, read from its source."""
    sources = Path(fault_words.__file__).parent
    for path in [*sources.glob("*.py"), *sources.glob("sheet_checks/*.py"), sources / "xpath/calls.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in ("fault", "warn") and isinstance(node.args[0].value, str):
                    yield node.args[0].value, {keyword.arg or "**" for keyword in node.keywords}
                if called == "Seen" and isinstance(node.args[3], ast.Dict):
                    yield str(node.args[0].value), {ast.literal_eval(key) for key in node.args[3].keys if key}
            if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
                code, details = node.value.elts
                if isinstance(code, ast.Constant) and isinstance(details, ast.Dict):
                    yield str(code.value), {str(key.value) for key in details.keys if isinstance(key, ast.Constant)}


def test_every_fault_that_can_be_told_has_its_words_and_their_details() -> None:
    told_by = list(given())
    for code, details in told_by:
        wanted = {name for words in WORDS[code] for _, name, _, _ in Formatter().parse(words) if name}
        added = {"meant"} if code == "unknown_function" else set()  # by sheet_checks.calls
        assert "**" in details or wanted <= details | added, code
    other = {"form", "xform", "pyxform", "bare_name", "no_filter_column"}
    assert set(WORDS) - other <= {code for code, _ in told_by}


def test_everything_that_comes_later_has_its_words() -> None:
    later = [
        *kinds.LATER_TYPES.values(),
        *kinds.LATER_APPEARANCES.values(),
        *kinds.LATER_COLUMNS.values(),
        *LATER.values(),
    ]
    assert {*later, *kinds.LATER_SHEETS.values()} <= set(words_of_files.NEEDS)


def test_a_fault_is_told_where_what_and_what_to_do() -> None:
    (found,) = faults(survey(ONE, ("text", "a", "A", "${onne} = 1")))
    assert told(found) == fault_words.Told(
        "Trang survey, dòng 3, cột relevant (D)",
        "Không có câu hỏi nào tên onne; có lẽ là: ${one}",
        "Sửa tên trong ${…}",
    )
    assert told(found, "en") == fault_words.Told(
        "Sheet survey, row 3, column relevant (D)",
        "unknown name ${onne} (perhaps ${one})",
        "Correct the name inside ${…}",
    )


def test_what_comes_later_is_told_per_question_with_what_it_needs() -> None:
    (found,) = faults(survey(ONE, ("geoshape", "field", "Thửa đất")))
    assert told(found).what == "geoshape cần vẽ vùng trên bản đồ, phiên bản này chưa có"
    assert told(found, "en").what == "geoshape needs areas on a map, which this version does not have yet"


def test_a_fault_survives_json() -> None:
    (found,) = faults(survey(ONE, ("geoshape", "field", "Thửa đất")))
    assert fault_of(as_json(found)) == found


def test_a_sheet_whose_name_is_mistyped_is_told_with_the_one_that_was_meant() -> None:
    def rename(book: Workbook) -> None:
        book["choices"].title = "choice"

    with pytest.raises(FormFaults) as caught:
        compile_file("form.xlsx", xlsx((HEAD, ONE), CHOICES, change=rename))
    assert [one.code for one in caught.value.faults] == ["unknown_list"]
    assert [(one.code, one.sheet, one.details["meant"]) for one in caught.value.warnings] == [
        ("sheet_name", "choice", "choices")
    ]
    markdown = "| survey |\n| | type | name | label |\n| | text | a | A |\n| setings |\n| | form_id |\n| | x |\n"
    assert {one.code for one in faults(markdown.encode(), "form.md")} == {"no_settings"}


def test_a_fault_without_a_guess_makes_none() -> None:
    (found,) = faults(survey(("text", "a", "A", "${zzzzzz} = 1"), head=("type", "name", "label", "relevant")))
    assert told(found).what == "Không có câu hỏi nào tên zzzzzz"
    assert told(found, "en").what == "unknown name ${zzzzzz}"


def test_why_a_workbook_is_not_safe_is_said_in_the_readers_language() -> None:
    found = fault_words.fault("unsafe_archive", "", name="a.xlsx", reason="an archive inside")
    assert told(found).what == "Không mở a.xlsx vì không an toàn: có tệp nén bên trong"
    assert told(found, "en").what.endswith(": an archive inside")


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("instance('me')/root/item[1]/unit", "instance('me')/root/item[1]/unit"),
        (" /f/a  > 3 and not( /f/g/b )", "${a} > 3 and not( ${b} )"),
        ("../a/b", "../a/b"),
    ],
)
def test_rules_are_shown_as_their_author_wrote_them(expression: str, shown: str) -> None:
    bind = f"""<bind nodeset="/f/q" relevant="{expression.replace(">", "&gt;")}"/>"""
    assert rules_in(f'<m xmlns="http://www.w3.org/2002/xforms">{bind}</m>') == {"/f/q": {"relevant": shown}}


@pytest.mark.parametrize(("language", "said"), [("vi", "Xóa ô này ở trang settings"), ("en", "Empty this cell")])
def test_what_to_do_about_a_setting_that_comes_later_names_no_question(language: str, said: str) -> None:
    found = fault_words.fault("later", "settings", 2, "public_key", thing="public_key", needs="encryption")
    assert fault_words.told(found, language).do.startswith(said)
    asked = fault_words.fault("later", "survey", 2, "type", thing="geotrace", needs="map_line")
    assert fault_words.told(asked, "vi").do.startswith("Bỏ câu hỏi này")
