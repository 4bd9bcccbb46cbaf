"""Answers ↔ instance XML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.instance import InstanceUnreadable, from_xml, to_xml
from tests.forms.filling import form_named

ROWS = form_named("rows")
SESSION = form_named("outreach_session")
XML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("\t\n\r"), min_size=1
)


def test_answers_of_groups_and_rows_come_back_as_they_went() -> None:
    answers = {"limit": "10", "house": [{"people": "3", "child": [{"age": "1"}, {"age": "2"}]}, {"people": "1"}]}
    assert from_xml(ROWS, to_xml(ROWS, answers, "uuid:1")) == answers


def test_instance_names_form_version_and_id() -> None:
    xml = to_xml(SESSION, {"place": {"hamlet": "h<1>"}}, "uuid:1")
    assert xml.startswith('<outreach_session id="outreach_session" version="2"')
    assert "<hamlet>h&lt;1&gt;</hamlet>" in xml
    assert xml.endswith("<orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta></outreach_session>")


@given(XML_TEXT)
def test_any_text_that_xml_can_hold_comes_back(text: str) -> None:
    assert from_xml(ROWS, to_xml(ROWS, {"unit": text}, "uuid:1")) == {"unit": text}


def test_letters_that_xml_cannot_hold_become_replacement_marks() -> None:
    assert from_xml(ROWS, to_xml(ROWS, {"unit": "a\x00b"}, "uuid:1")) == {"unit": "a\ufffdb"}


@pytest.mark.parametrize(
    "xml",
    ["", "<rows", '<other id="other"/>', '<!DOCTYPE x [<!ENTITY a "b">]><rows id="rows"><unit>&a;</unit></rows>'],
)
def test_foreign_or_unsafe_xml_is_refused(xml: str) -> None:
    with pytest.raises(InstanceUnreadable):
        from_xml(ROWS, xml)
