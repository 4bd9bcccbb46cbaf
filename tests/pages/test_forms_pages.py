"""What the pages of a form show beside its versions: the phone's frame, who holds what, faults as a table."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from server.plan import form_held
from server.queries.forms import VersionLine
from tests.pages import forms_make as forms
from tests.pages.conftest import OpenDesk

AT = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def line(number: int, published: int | None, closed: int | None = None) -> VersionLine:
    days = [AT + day * DAY if day is not None else None for day in (published, closed)]
    return VersionLine(
        number, "f", str(number), {}, "published", 2, "md", None, False, "", [], None, AT, days[0], days[1], False
    )


@pytest.mark.parametrize(("asked_on", "held"), [(-1, {}), (1, {1: 1}), (3, {2: 1}), (6, {1: 1}), (8, {3: 1})], ids=str)
def test_a_phone_holds_what_was_in_force_when_it_last_asked(asked_on: int, held: dict[int, int]) -> None:
    lines = [line(4, None), line(3, 7), line(2, 2, closed=5), line(1, 0)]
    assert form_held.held(lines, [AT + asked_on * DAY]) == held


def test_the_preview_goes_from_part_to_part_in_the_language_that_is_asked_for(app: Flask, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    data = """| survey |
|  | type | name | label::Vietnamese (vi) | label::Khmer (km) | required |
|  | begin_group | a | Nơi | ទីកន្លែង |  |
|  | text | place | Ở đâu? | នៅឯណា? | yes |
|  | end_group |  |  |  |  |
|  | begin_group | b | Người | មនុស្ស |  |
|  | integer | heads | Bao nhiêu người? | ប៉ុន្មាននាក់? |  |
|  | end_group |  |  |  |  |
| settings |
|  | form_id | form_title | version | default_language |
|  | market_check | Kiểm tra chợ | 1 | Vietnamese (vi) |
"""
    page = forms.drafted(app, admin, data=data.encode())
    first, second, khmer = (_frame(admin.get(page + asked).text) for asked in ("", "?part=2", "?part=2&language=km"))
    assert ("Ở đâu?" in first, "bắt buộc" in first, "Phần 1 trên 2" in first) == (True, True, True)
    assert ("Bao nhiêu người?" in second, "Ở đâu?" in second) == (True, False)
    assert "ប៉ុន្មាននាក់?" in khmer
    assert 'lang="km"' in khmer


@pytest.mark.parametrize(
    "asked", ["?part=0", "?part=99", "?part=x", "?part=٣", "?part=-1&language=%3C", "?language=xx"]
)
def test_no_address_breaks_the_preview(app: Flask, at_desk: OpenDesk, asked: str) -> None:
    admin = at_desk("admin")
    answer = admin.get(forms.drafted(app, admin) + asked)
    assert answer.status_code == 200
    assert "Ở đâu?" in _frame(answer.text)


def test_the_list_of_faults_is_a_table_without_formulas(app: Flask, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    faulty = forms.survey(type="| integer | heads => | =1+1 | heads", reference="${heads} > 0 => ${headz} > 0")
    report = forms.uploaded(app, admin, faulty)
    answer = admin.get(f"{report}/faults")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data.startswith("\ufeff".encode())
    cells = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(cells) == 3
    assert cells[0][0] == "Loại"
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in cells for cell in line)
    assert "=1+1" in "".join(cells[1])


def test_an_indicator_is_named_not_keyed(app: Flask, at_desk: OpenDesk) -> None:
    page = at_desk("admin").get("/desk/forms/of/outreach_session").text
    assert "Nguồn cho:" in page


def _frame(text: str) -> str:
    return text[text.index('<div class="phone">') : text.index("Mọi câu hỏi và điều kiện")]
