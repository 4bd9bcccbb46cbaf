"""What only the whole form shows: patterns that come from answers, and formulas that walk over long files."""

import pytest

from forms.xlsform import compile_file
from tests.forms.books import compiled, faults, xlsx

HEAD = ("type", "name", "label", "calculation", "constraint")
CODES = ("list_name", "name", "label", "pattern")
LONG = b"name,label,unit\n" + b"".join(b"%d,L%d,u%d\n" % (n, n, n % 7) for n in range(2_001))
SHORT = b"name,label,unit,pattern\na,A,u1,[a-c]+\n"


def book(constraint: str, calculation: str = "''", *codes: tuple[str, ...]) -> bytes:
    lists = [CODES, *(codes or (("kinds", "k", "K", "[0-9]{3}"),))]
    rows = (
        HEAD,
        ("csv-external", "towns", "", "", ""),
        ("text", "mine", "Mine", "", ""),
        ("select_one kinds", "kind", "Kind", "", ""),
        ("calculate", "made", "", calculation, ""),
        ("text", "a", "A", "", constraint),
    )
    return xlsx(rows, tuple(lists))


@pytest.mark.parametrize(
    ("constraint", "calculation"),
    [
        ("regex(., ${mine})", "''"),
        ("regex(., concat('[a-z]', ${mine}))", "''"),
        ("regex(., if(${mine} = '', '[a-z]', ${mine}))", "''"),
        ("regex(., ${made})", "${mine}"),
        ("regex(., .)", "''"),
    ],
)
def test_a_pattern_that_comes_from_an_answer_is_told_at_its_row(constraint: str, calculation: str) -> None:
    (found,) = faults(book(constraint, calculation), attachments={"towns.csv": SHORT})
    assert (found.code, found.sheet, found.row, found.column) == ("unknown_pattern", "survey", 6, "constraint")


@pytest.mark.parametrize(
    ("constraint", "calculation"),
    [
        ("regex(., '[a-z]+')", "''"),
        ("regex(., if(${mine} = '', '[a-z]', '[0-9]'))", "''"),
        ("regex(., instance('kinds')/root/item[name = ${kind}]/pattern)", "''"),
        ("regex(., instance('towns')/root/item[name = ${mine}]/pattern)", "''"),
        ("regex(., ${made})", "instance('kinds')/root/item[name = ${kind}]/pattern"),
        ("regex(., ${made})", "if(${mine} = 'x', coalesce('', 'a+'), 'b')"),
    ],
)
def test_a_pattern_of_a_list_a_file_or_a_calculation_of_them_is_taken(constraint: str, calculation: str) -> None:
    assert compiled(book(constraint, calculation), attachments={"towns.csv": SHORT}).form.form_id == "small"


@pytest.mark.parametrize(
    ("pattern", "code"), [("(a+)+", "endless_pattern"), ("[", "bad_pattern"), ("\\Aa", "bad_pattern")]
)
def test_a_wrong_pattern_in_a_list_is_told_where_it_is_used(pattern: str, code: str) -> None:
    data = book("regex(., instance('kinds')/root/item[name = ${kind}]/pattern)", "''", ("kinds", "k", "K", pattern))
    (found,) = faults(data, attachments={"towns.csv": SHORT})
    assert (found.code, found.row) == (code, 6)


def test_an_xform_is_told_the_same() -> None:
    text = compiled(
        book("regex(., ${mine}) or . = ''".replace("${mine}", "'x'")), attachments={"towns.csv": SHORT}
    ).xform
    changed = text.replace("regex(., 'x')", "regex(., /small/mine)").encode()
    assert changed != text.encode()
    (found,) = faults(changed, "form.xml", {"towns.csv": SHORT})
    assert (found.code, found.column) == ("unknown_pattern", "/small/a constraint")


@pytest.mark.parametrize(
    ("calculation", "walks"),
    [
        ("count(instance('towns')/root/item)", True),
        ("count(instance('towns')/root/item[unit = ${mine}])", True),
        ("instance('towns')/root/item[3]/label", True),
        ("pulldata('towns', 'label', 'unit', ${mine})", True),
        ("instance('towns')/root/item[name = ${mine}]/label", False),
        ("instance('towns')/root/item[${mine} = name and unit = 'u1']/label", False),
        ("count(instance('towns')/root/item[selected(${mine}, name)])", False),
        ("pulldata('towns', 'label', 'name', ${mine})", False),
    ],
)
def test_a_formula_that_walks_over_a_long_file_is_a_warning(calculation: str, walks: bool) -> None:
    made = compiled(book("", calculation), attachments={"towns.csv": LONG})
    found = [(one.code, one.row, one.column) for one in made.warnings if one.code == "long_walk"]
    assert found == ([("long_walk", 5, "calculation")] if walks else [])
    short = compiled(book("", calculation), attachments={"towns.csv": SHORT})
    assert not [one for one in short.warnings if one.code == "long_walk"]
    again = compile_file("form.xml", made.xform.encode(), {"towns.csv": LONG})
    assert [one.column for one in again.warnings] == (["/small/made calculate"] if walks else [])
