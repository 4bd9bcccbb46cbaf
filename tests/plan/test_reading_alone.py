"""A file that eats memory or time ends the process that reads it, in a sentence; nothing else notices."""

import pytest

from forms.faults import FormFaults
from server.plan import form_alone
from server.plan.form_wire import Handed, Limits
from tests.pages import forms_make

MIB = 1024 * 1024
WORDS = "dài " * 250
QUESTIONS = "".join(f"|  | integer | n{i} | Câu {i} {WORDS}|  | . < {i} + 500 |\n" for i in range(4000))
MANY = f"| integer | heads | => | integer | heads | Bao nhiêu? |  | |\n{QUESTIONS}|  | text | x |"
LONG = forms_make.survey(many=MANY)


def read_within(limits: Limits, body: bytes) -> str:
    with pytest.raises(FormFaults) as told:
        form_alone.read(Handed("form.md", "md", body), (), limits)
    return told.value.faults[0].code


def test_a_form_comes_back_from_the_other_process_as_it_is() -> None:
    found = form_alone.read(
        Handed("form.md", "md", forms_make.survey()), (Handed("kinds.csv", "csv", b"name,label\na,A\n"),)
    )
    assert (found.form_id, found.version, found.title) == ("market_check", "1", {"vi": "Kiểm tra chợ"})
    assert found.xform.startswith("<?xml") or "<h:html" in found.xform
    assert found.xlsform
    assert found.xlsform.startswith(b"PK")
    assert [(one.media_type, b"kinds" in (one.body or b"")) for one in found.files] == [("application/json", True)]


@pytest.mark.parametrize("most_mib", [110, 120])
def test_a_file_that_needs_more_memory_than_there_is_ends_in_a_sentence(most_mib: int) -> None:
    assert read_within(Limits(memory_bytes=most_mib * MIB), LONG) == "too-heavy"


def test_a_file_that_computes_for_too_long_ends_in_a_sentence() -> None:
    assert read_within(Limits(cpu_s=1), LONG) == "too-long"


def test_a_file_that_is_not_done_in_time_ends_in_a_sentence() -> None:
    assert read_within(Limits(wall_s=0.05), forms_make.survey()) == "too-long"


def test_the_reader_knows_no_key_and_no_database() -> None:
    assert not {"LANTOA_DATA", "LANTOA_KEYS", "DATABASE_URL"} & set(form_alone.PASSED_ON)


def test_the_same_file_is_read_within_the_usual_bounds() -> None:
    found = form_alone.read(Handed("form.md", "md", LONG), ())
    assert found.model.count('"n3999"') >= 1
