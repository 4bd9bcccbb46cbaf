"""Where recording makes no sense the app says how to open it properly: Zalo, an iPhone's tab, plain http (U46)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import expect_no_violation
from tests.e2e.browser import Browser
from tests.e2e.conftest import copied, enrolment_link
from tests.e2e.running import Running

pytestmark = pytest.mark.browser

ZALO = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/131.0.0.0 Mobile Safari/537.36 Zalo android/24110500 ZaloTheme/light ZaloLanguage/vi"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)


def nothing_to_enrol_with(page: Page) -> None:
    expect(page.get_by_role("button", name="Ghi danh máy này")).to_have_count(0)
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_opened_inside_zalo_it_says_how_to_open_it_in_chrome_and_keeps_the_code_unspent(
    shared: Running, open_browser: Callable[..., Browser]
) -> None:
    link = enrolment_link(shared, "lan")
    page = open_browser("zalo", user_agent=ZALO).open(link)
    expect(page.get_by_role("heading", name="Mở bằng Chrome")).to_be_visible()
    expect(page.get_by_text("Trong Zalo, máy không giữ được bản ghi khi mất mạng")).to_be_visible()
    expect(page.get_by_text("Mã ghi danh của đồng chí chưa bị dùng")).to_be_visible()
    nothing_to_enrol_with(page)
    way_out = page.get_by_role("link", name="Mở bằng Chrome").get_attribute("href") or ""
    code = link.partition("#enrol=")[2]
    assert way_out.startswith(f"intent://127.0.0.1:{shared.port}/")
    assert code in way_out, "Chrome would open without the code"
    expect_no_violation(page)

    phone = open_browser("chrome").open(link)
    phone.get_by_role("button", name="Ghi danh máy này").click()
    expect(phone.locator(".counters")).to_be_visible(timeout=30_000)


def test_in_an_iphones_tab_it_says_to_add_it_to_the_home_screen(
    shared: Running, open_browser: Callable[..., Browser]
) -> None:
    page = open_browser("iphone", user_agent=IPHONE).open(enrolment_link(shared, "lan"))
    expect(page.get_by_role("heading", name="Thêm vào màn hình chính")).to_be_visible()
    expect(page.get_by_text("Mở Lan Tỏa từ màn hình chính và nhập mã ở đó")).to_be_visible()
    nothing_to_enrol_with(page)
    expect_no_violation(page)


@pytest.fixture
def without_tls(filled: Path, tmp_path: Path) -> Iterator[Running]:
    """An installation that was told a name, and no certificate."""
    one = copied(filled, tmp_path)
    one.settings["LANTOA_URL"] = f"http://lantoa.test:{one.port}"
    one.start()
    yield one
    one.stop()


def test_over_plain_http_on_a_name_it_says_that_it_is_not_safe(
    without_tls: Running, open_browser: Callable[..., Browser]
) -> None:
    browser = open_browser("http", flags=("--host-resolver-rules=MAP lantoa.test 127.0.0.1",))
    page = browser.open(enrolment_link(without_tls, "lan"))
    assert page.url.startswith("http://lantoa.test")
    expect(page.get_by_role("heading", name="Chưa an toàn, không ghi được")).to_be_visible()
    nothing_to_enrol_with(page)
    href = page.get_by_role("link", name="Mở bằng https").get_attribute("href") or ""
    assert href.startswith("https://lantoa.test")
    expect_no_violation(page)
