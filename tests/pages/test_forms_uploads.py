"""Uploading a form: what is taken, what the report says, what a draft brings; and that no file breaks the page."""

import io
import zipfile

import openpyxl
import pytest
from flask import Flask
from PIL import Image

from server.plan import form_reading
from tests.pages import forms_make as forms
from tests.pages.conftest import OpenDesk
from tests.pages.make import audited

HOSTILE = {
    "zip.xlsx": b"PK\x03\x04" + b"\x00" * 50,
    "text.xlsx": b"this is no workbook",
    "empty.md": b"",
    "nul.md": b"| survey |\x00\x00\n| | type | name |\n| | text | \x00 |",
    "binary.md": bytes(range(256)) * 20,
    "laughs.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
    "cut.xml": b"<h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:head>",
    "deep.xml": b"<a>" * 30_000,
    "no-survey.csv": b"a,b\n1,2\n",
    "surrogate.md": b"| survey |\n| | type | name | label |\n| | tex\xed\xa0\x80t | a | b |",
}


def workbook() -> bytes:
    book = openpyxl.Workbook()
    survey, choices, settings = book.active, book.create_sheet("choices"), book.create_sheet("settings")
    survey.title = "survey"
    for row in (["type", "name", "label"], ["text", "place", "Ở đâu?"], ["select_one k", "kind", "Loại?"]):
        survey.append(row)
    for row in (["list_name", "name", "label"], ["k", "a", "A"]):
        choices.append(row)
    for row in (["form_id", "form_title", "version"], ["market_check", "Kiểm tra chợ", "1"]):
        settings.append(row)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def test_an_upload_waits_for_the_worker_and_the_page_says_so(app: Flask, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    report = forms.upload(admin, "form.md", forms.survey()).location
    waiting = admin.get(report).text
    assert 'http-equiv="refresh"' in waiting
    assert "Đang đọc tệp" in waiting
    forms.read(app)
    done = admin.get(report).text
    assert 'http-equiv="refresh"' not in done
    assert "đã thành bản nháp 1" in done


@pytest.mark.parametrize(("name", "data"), [("a.md", forms.survey()), ("a.xlsx", workbook())])
def test_a_good_file_becomes_a_draft_that_can_be_downloaded(
    app: Flask, at_desk: OpenDesk, name: str, data: bytes
) -> None:
    admin = at_desk("admin")
    page = forms.drafted(app, admin) if name == "a.md" else ""
    if not page:
        forms.uploaded(app, admin, data, name)
        found = forms.version(app)
        assert found
        page = f"/desk/forms/of/market_check/{found.id}"
    source, sheet, xform = (admin.get(f"{page}/{part}") for part in ("source", "xlsform", "xform"))
    assert source.data == data
    assert zipfile.is_zipfile(io.BytesIO(sheet.data))
    assert b"<h:html" in xform.data
    for answer in (source, sheet, xform):
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="market_check-1.')
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_all_faults_stand_in_the_report_at_once(app: Flask, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    faulty = forms.survey(
        type="| integer | heads => | intger | heads",
        reference="${heads} > 0 => ${headz} > 0",
        choices="select_one kinds => select_one kindz",
        expression=". < 500 => . <",
        twice="| kinds | b | => | kinds | a |",
    )
    report = admin.get(forms.uploaded(app, admin, faulty)).text
    assert "5 lỗi phải sửa" in report
    assert forms.version(app) is None


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_breaks_the_page(app: Flask, at_desk: OpenDesk, name: str) -> None:
    admin = at_desk("admin")
    answer = admin.get(forms.uploaded(app, admin, HOSTILE[name], name))
    assert answer.status_code == 200
    assert "lỗi phải sửa" in answer.text
    assert "Traceback" not in answer.text
    assert admin.get("/desk/forms").status_code == 200


@pytest.mark.parametrize(("name", "files"), [("a.xls", {}), ("a.exe", {}), ("", {}), ("a.md", {"x.svg": b"<svg/>"})])
def test_other_kinds_of_files_are_not_taken(at_desk: OpenDesk, name: str, files: dict[str, bytes]) -> None:
    answer = forms.upload(at_desk("admin"), name, b"x", files)
    assert answer.status_code == 422
    assert "field__error" in answer.text


def test_a_version_that_is_in_force_cannot_be_overwritten(app: Flask, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    forms.drafted(app, admin)
    forms.published(app, "1")
    report = admin.get(forms.uploaded(app, admin, forms.survey(label="Ở đâu? => Chỗ nào?"))).text
    assert "Bản 1 đã phát hành, không ghi đè được." in report


def test_a_draft_that_nobody_tried_gives_way_to_its_next_upload(app: Flask, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    forms.drafted(app, admin)
    page = forms.drafted(app, admin, data=forms.survey(label="Ở đâu? => Chỗ nào?"))
    assert "Chỗ nào?" in admin.get(page).text


def test_attachments_are_checked_and_travel_with_the_draft(app: Flask, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    data = forms.survey(file="| text | place | => | select_one_from_file stalls.csv | place |")
    files = {"stalls.csv": "name,label\ns1,Sạp 1\n".encode(), "kind.png": picture.getvalue()}
    forms.uploaded(app, admin, data, files=files)
    found = forms.version(app)
    assert found
    assert "stalls.csv" in admin.get(f"/desk/forms/of/market_check/{found.id}").text
    wrong = admin.get(forms.uploaded(app, admin, forms.survey("2"), files={"kind.png": b"<html>"})).text
    assert "không đúng loại như tên của nó" in wrong


def test_only_administrators_upload_and_it_is_audited(app: Flask, at_desk: OpenDesk) -> None:
    for name, taken, seen in (("staff", 403, 200), ("chief", 403, 403), ("admin", 303, 200)):
        desk = at_desk(name)
        assert forms.upload(desk, "form.md", forms.survey()).status_code == taken
        assert desk.get("/desk/forms").status_code == seen
    assert audited(app, "form.uploaded") == 1


def test_an_upload_that_cannot_be_read_at_all_is_told_so(app: Flask, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    report = str(forms.upload(admin, "form.md", forms.survey()).location)
    with app.app_context():
        form_reading.give_up({"upload": int(report.rsplit("/", 1)[1])}, app.extensions["lantoa_clock"]())
    assert "Máy chủ không đọc được tệp này" in admin.get(report).text


@pytest.mark.parametrize("path", ["uploads/{n}", "of/market_check/{n}", "of/market_check/{n}/xform"])
def test_a_number_beyond_every_table_is_not_found(at_desk: OpenDesk, path: str) -> None:
    assert at_desk("admin").get("/desk/forms/" + path.format(n="9" * 30)).status_code == 404
