"""Repeats: rows as cards, opened on pages of their own, added, taken away, inside one another."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import filler, officer
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.line import Wiretap
from tests.e2e.running import Running

pytestmark = pytest.mark.browser


@pytest.fixture
def page(with_forms: Running, open_browser: Callable[..., Browser]) -> Page:
    page = open_browser("officer").open(enrolment_link(with_forms, "lan"))
    officer.enrol(page)
    filler.begin(page, "Phiếu hộ gia đình")
    return page


def add(page: Page) -> None:
    page.get_by_role("button", name="Thêm dòng").click()


def done(page: Page) -> None:
    page.get_by_role("button", name="Xong").click()


def person(page: Page, called: str, age: str) -> None:
    filler.field(page, "Gọi là gì").fill(called)
    page.get_by_role("spinbutton").fill(age)


def test_rows_are_added_filled_summed_up_and_taken_away(page: Page) -> None:
    officer.jump(page, "Người trong hộ")
    page.locator(".row-card .item").first.click()
    filler.at(page, "Người trong hộ 1/1")
    person(page, "Ông Tư", "61")
    done(page)
    cards = page.locator(".row-card")
    expect(cards.first).to_contain_text("Ông Tư · Tuổi: 61")
    expect(cards.first.locator(".item")).to_be_focused()
    add(page)
    filler.at(page, "Người trong hộ 2/2")
    filler.field(page, "Gọi là gì").fill("Bé Na")
    done(page)
    expect(cards.nth(1)).to_contain_text("còn thiếu 1")
    page.get_by_role("button", name="Bỏ dòng 1").click()
    page.get_by_role("dialog").get_by_role("button", name="Bỏ dòng 1").click()
    expect(cards).to_have_count(1)
    expect(cards.first).to_contain_text("Bé Na")
    expect(page.locator(".toasts")).to_contain_text("Đã bỏ dòng 1")


def test_rows_in_rows_are_kept_as_the_form_nests_them(page: Page) -> None:
    tap = Wiretap(page)
    officer.jump(page, "Người trong hộ")
    page.locator(".row-card .item").first.click()
    person(page, "Ông Tư", "61")
    page.locator(".row-card .item").first.click()
    filler.at(page, "Việc làm 1/1")
    filler.field(page, "Việc gì").fill("Làm ruộng")
    done(page)
    filler.at(page, "Người trong hộ 1/1")
    add(page)
    filler.at(page, "Việc làm 2/2")
    filler.field(page, "Việc gì").fill("Đan lưới")
    page.go_back()
    filler.at(page, "Người trong hộ 1/1")
    expect(page.locator(".row-card")).to_have_count(2)
    page.go_back()
    filler.at(page, "Người trong hộ")
    filler.finish_anyway(page)
    tap.wait_for_receipts(page, 1)
    people = payload_of(tap)["person"]
    assert [row["called"] for row in people] == ["Ông Tư"]
    assert [job["work"] for job in people[0]["job"]] == ["Làm ruộng", "Đan lưới"]


def test_counted_rows_have_no_buttons_and_are_walked_through(page: Page) -> None:
    officer.jump(page, "Lần thăm")
    expect(page.locator(".row-card")).to_have_count(3)
    expect(page.get_by_role("button", name="Thêm dòng")).to_have_count(0)
    expect(page.get_by_role("button", name="Bỏ dòng")).to_have_count(0)
    page.locator(".row-card .item").first.click()
    for n in (1, 2):
        filler.field(page, "Ai đến").fill(f"người {n}")
        page.get_by_role("button", name="Dòng tiếp").click()
        filler.at(page, f"Lần thăm {n + 1}/3")
    filler.swipe(page, 200)
    expect(filler.field(page, "Ai đến")).to_have_value("người 2")
    page.get_by_role("button", name="Danh sách").click()
    expect(page.locator(".row-card").nth(1)).to_contain_text("người 2")


def payload_of(tap: Wiretap) -> Any:
    """The answers of the one record that was sent."""
    import gzip

    headers, body = tap.batches[0]
    text = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
    (record,) = json.loads(text)["records"]
    return json.loads(record["payload"])["answers"]
