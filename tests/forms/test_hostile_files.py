"""No file gets a stack trace: what is uploaded compiles, or is told in words that one can act on (R24, R25)."""

import io
import random
import resource
import time
import zipfile

import pytest

from forms.csv_files import csv_file
from forms.fault_words import told
from forms.xform_rules import rules_in
from forms.xlsform import FormFaults, compile_file
from tests.forms.books import changed_part, compiled, faults, with_shared_strings, xlsx
from tests.forms.compiled_vectors import ROOT

HEAD = ("type", "name", "label", "relevant", "calculation")
GOOD = with_shared_strings(
    xlsx((HEAD, ("text", "a", "A"), ("select_one l", "b", "B")), (("list_name", "name", "label"), ("l", "x", "X")))
)
XFORM = compiled(GOOD).xform
MARKDOWN = (ROOT / "presets/soc_trang_2024/forms/individual_contact.md").read_bytes()
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"\x00" * 400


def codes(name: str, data: bytes) -> set[str]:
    return {one.code for one in faults(data, name)}


def outcome(name: str, data: bytes) -> str:
    """The model's JSON, or everything that a person is told in both languages."""
    try:
        return compile_file(name, data).model_json
    except FormFaults as found:
        sentences = [
            (told(one, language).what, told(one, language).do) for one in found.faults for language in ("vi", "en")
        ]
    assert sentences
    assert all(what and do for what, do in sentences)
    return str(sentences)


def archive(**parts: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return body.getvalue()


def patched(data: bytes, mark: bytes, offset: int, value: bytes) -> bytes:
    """Bytes after every `mark` (a zip's headers) replaced."""
    changed = bytearray(data)
    at = data.find(mark)
    while at >= 0:
        changed[at + offset : at + offset + len(value)] = value
        at = data.find(mark, at + 4)
    return bytes(changed)


def with_link() -> bytes:
    body = io.BytesIO(GOOD)
    with zipfile.ZipFile(body, "a") as made:
        link = zipfile.ZipInfo("xl/media/image1.png")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    return body.getvalue()


def overlapping() -> bytes:
    """Two entries of the directory that point at the same bytes."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.xml", b"x" * 100_000)
        twin = zipfile.ZipInfo("b.xml")
        first = made.infolist()[0]
        twin.header_offset, twin.file_size, twin.compress_size = 0, first.file_size, first.compress_size
        twin.CRC, twin.compress_type = first.CRC, first.compress_type
        made.filelist.append(twin)
    return body.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\x00" * 1000, "empty_file"),
        (PNG, "not_a_workbook"),
        (GOOD[:-100], "not_a_workbook"),
        (GOOD[: len(GOOD) // 2], "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_or_locked_excel"),
        (archive(a=b"x"), "broken_workbook"),
        (archive(**{"bomb.xml": b"0" * 50_000_000}), "unsafe_archive"),
        (archive(**{"a.zip": b"PK", "b": b"x"}), "unsafe_archive"),
        (archive(**{f"part{n}": b"" for n in range(1_100)}), "unsafe_archive"),
        (patched(GOOD, b"PK\x01\x02", 8, b"\x01\x00"), "unsafe_archive"),
        (patched(GOOD, b"PK\x01\x02", 10, b"\x0c\x00"), "unsafe_archive"),
        (with_link(), "unsafe_archive"),
        (overlapping(), "unsafe_archive"),
        (b"PK\x05\x06" + b"\x00" * 18, "broken_workbook"),
        (b"PK" + random.Random(1).randbytes(11_000_000), "file_too_big"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_workbook_is_told_as_such(data: bytes, code: str) -> None:
    assert codes("form.xlsx", data) == {code}


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)


@pytest.mark.parametrize("part", [STRINGS, SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
@pytest.mark.parametrize(
    "change",
    [
        lambda body: LAUGHS + body.replace(b"</", b"&d;</", 1),
        lambda body: b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + body.replace(b"</", b"&f;</", 1),
        lambda body: body[: len(body) // 2],
        lambda body: body.replace(b">", b">" + b"<a>" * 50_000, 1),
        lambda body: body.decode().encode("utf-7"),
        lambda body: b"\x00" + body,
        lambda body: b"",
    ],
    ids=["laughs", "file entity", "cut", "nested", "utf-7", "null", "empty"],
)  # fmt: skip
def test_a_workbook_with_a_hostile_part_is_told_or_compiles(part: str, change) -> None:  # type: ignore[no-untyped-def]
    names = zipfile.ZipFile(io.BytesIO(GOOD)).namelist()
    assert part in names
    data = changed_part(GOOD, part, change)
    assert "root:" not in outcome("form.xlsx", data)


def test_a_sheet_that_claims_a_million_columns_is_read_as_it_is() -> None:
    data = changed_part(
        GOOD, SHEET, lambda body: body.replace(b'<dimension ref="A1:E3"', b'<dimension ref="A1:XFD1048576"')
    )
    assert data != GOOD
    assert compiled(data).form.form_id == "small"


def test_a_cell_at_the_far_end_of_the_sheet_costs_nothing() -> None:
    data = changed_part(
        GOOD,
        SHEET,
        lambda body: body.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
        ),
    )
    started = time.monotonic()
    assert compiled(data).form.form_id == "small"
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("form.xml", b"<a/>", "not_a_form"),
        ("form.xml", b"no xml at all", "broken_xml"),
        ("form.xml", LAUGHS + b"<x>&d;</x>", "xml_dtd"),
        ("form.xml", b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>', "xml_dtd"),
        ("form.xml", (LAUGHS + b"<x>&d;</x>").decode().encode("utf-16"), "xml_dtd"),
        ("form.xml", b"<a>" * 100_000 + b"</a>" * 100_000, "xml_deep"),
        ("form.xml", b"<a>" + b"<b/>" * 400_000 + b"</a>", "xml_deep"),
        ("form.xml", b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a/+AD4-', "xml_encoding"),
        ("form.xml", b'<?xml version="1.0" encoding="windows-1258"?><a/>', "xml_encoding"),
        ("form.xml", b"\xff\xff<a/>", "xml_encoding"),
        ("form.xml", b"<a>\x00</a>", "broken_xml"),
        ("form.xml", b"x" * 10_000_001, "file_too_big"),
        ("form.csv", b"survey\n,type,name\n,te\xff\xfext,a\n", "not_utf8"),
        ("form.csv", b'survey\n,"type' + b"x" * 200_000, "broken_csv"),
        ("form.md", b"\xff\xfe\x00", "not_utf8"),
        ("form.md", b"| survey |\n| | type |\n| | te\x01xt |\n", "control_character"),
        ("form.md", b"| survey |\n| | type | name |\n| | text | " + b"a" * 2_000_000 + b" |\n", "cell_too_long"),
        ("form.md", b"| survey |\n| | type | name |\n" + b"| | text | a |\n" * 25_000, "too_many_rows"),
        ("form.pdf", b"%PDF-1.7", "unknown_kind"),
        ("form", b"x", "unknown_kind"),
        ("form.xls", b"x" * 100, "not_a_workbook"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_other_files_are_told_as_what_they_are(name: str, data: bytes, code: str) -> None:
    assert codes(name, data) == {code}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_xform_in_any_unicode_is_read(encoding: str) -> None:
    text = XFORM.replace('<?xml version="1.0"?>', "")
    assert compile_file("form.xml", text.encode(encoding)).form.form_id == "small"


@pytest.mark.parametrize(
    "expression",
    ["(" * 5_000 + "1" + ")" * 5_000, "-" * 30_000 + "1", "1" + "+1" * 15_000, "not(" * 8_000, "'" * 32_001,
     "[" * 30_000, "${" * 10_000, "string-length(" * 2_000 + "." + ")" * 2_000,
     "a/" * 16_000, "\u202e" * 100, "1 div 0 mod"],
)  # fmt: skip
def test_an_expression_of_any_depth_is_a_fault_of_its_cell(expression: str) -> None:
    found = faults(xlsx((HEAD, ("text", "a", "A", expression))))
    assert {(one.sheet, one.row, one.letter) for one in found} == {("survey", 2, "D")}


def test_a_hundred_thousand_rows_are_too_many_and_said_within_bounds() -> None:
    data = xlsx((HEAD, *(("text", f"q{number}", "Q") for number in range(100_000))))
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert codes("form.xlsx", data) == {"too_many_rows"}
    assert time.monotonic() - started < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # KiB


def test_groups_in_groups_beyond_reason_are_told() -> None:
    rows = [("begin group", f"g{number}", "G") for number in range(2_000)]
    ends = [("end group",)] * 2_000
    found = faults(xlsx((HEAD, *rows, ("text", "a", "A"), *ends)))
    assert {one.code for one in found} == {"too_deep"}


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, cut out, doubled or moved."""
    body = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at, length = chance.randrange(len(body)), chance.choice((1, 2, 4, 64))
        match chance.randrange(4):
            case 0:
                body[at : at + length] = chance.randbytes(length)
            case 1:
                del body[at : at + length]
            case 2:
                body[at:at] = body[at : at + length]
            case _:
                body[at : at + 1] = chance.choice((b"<", b"&", b"|", b"\x00", b"${", b"'", b"(", b"\xff"))
        if not body:
            return b"\x00"
    return bytes(body)


@pytest.mark.parametrize(
    ("name", "data", "times"),
    [("form.xlsx", GOOD, 300), ("form.md", MARKDOWN, 120), ("form.xml", XFORM.encode(), 300)],
    ids=["xlsx", "md", "xml"],
)
def test_changed_bytes_never_make_a_stack_trace(name: str, data: bytes, times: int) -> None:
    chance = random.Random(2024)
    outcomes = {outcome(name, mutated(data, chance)) for _ in range(times)}
    assert len(outcomes) > 2


def test_changed_parts_inside_a_workbook_never_make_a_stack_trace() -> None:
    """The archive stays whole, so that the XML inside is what is read."""
    chance = random.Random(7)
    parts = [entry for entry in zipfile.ZipFile(io.BytesIO(GOOD)).namelist() if entry.endswith((".xml", ".rels"))]
    for _ in range(300):
        data = changed_part(GOOD, chance.choice(parts), lambda body: mutated(body, chance))
        assert outcome("form.xlsx", data)


def test_hostile_attachments_are_told_by_their_names() -> None:
    for body in (b"\xff\xfe\x00", b"name,label\n" + b"x,y\n" * 200_002, PNG):
        found = faults(GOOD, attachments={"towns.csv": body})
        assert {one.sheet for one in found} <= {"towns.csv", ""}
        assert all("towns.csv" in told(one).where + told(one).what for one in found)


def test_a_short_csv_with_wide_headings_does_not_become_a_huge_list() -> None:
    wide = ",".join(f"c{n}" for n in range(200)).encode()
    with pytest.raises(FormFaults) as told:
        csv_file("wide.csv", wide + b"\na" * 20_001)
    assert [(one.code, one.row, one.details["most"]) for one in told.value.faults] == [
        ("too_many_rows", 20001, "20000")
    ]


def test_a_rule_with_many_blanks_is_shown_without_them() -> None:
    bind = (
        f'<bind nodeset="/a" relevant="1{" " * 200_000}= /x/y"/>'  # a look at each blank from each blank takes minutes
    )
    assert rules_in(f'<model xmlns="http://www.w3.org/2002/xforms">{bind}</model>') == {"/a": {"relevant": "1 = ${y}"}}
