"""A newer app comes while a form is half filled: nothing is lost or mixed, all of it is there without a network."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import every_type_sheet as sheet
from tests.e2e import filler, officer
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.running import ROOT, Running

pytestmark = pytest.mark.browser

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "dist", "tests", "bench", "data", "keys", "data-demo", "keys-demo", ".*_cache"
)
VERSION = "() => document.querySelector('meta[name=lantoa-version]').content"
# Promises that end when it is so: wait_for_function takes a promise itself for true.
NEXT_WAITS = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  for (let n = 0; n < 200 && !registration.waiting; n++) {
    if (!registration.installing) await registration.update().catch(() => undefined);
    await new Promise((go) => setTimeout(go, 300));
  }
  return registration.waiting !== null;
}"""
ONE_VERSION = """async () => {
  const held = async () => (await caches.keys()).filter((name) => name.startsWith('lantoa-app-'));
  for (let n = 0; n < 60 && (await held()).length !== 2; n++) await new Promise((go) => setTimeout(go, 300));
  return (await held()).length === 2;
}"""
# The versions that the names of rare parts on this page's way in tell.
RARE_LOADED = """() => [...new Set(performance.getEntriesByType('resource').map((it) => it.name)
  .map((name) => /\\/rare_\\w+-([0-9A-F]{8})\\.js$/.exec(name)?.[1]).filter(Boolean))]"""
HELD = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    if (!name.startsWith('lantoa-app-')) continue;
    const urls = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
    found[name] = urls.filter((it) => it.startsWith('/parts/rare') || it.startsWith('/static/dist/rare')).sort();
  }
  return found;
}"""


@pytest.fixture
def renewed(tmp_path: Path) -> Path:
    """The program as the next version: a line of the phone's source differs, its build has other names."""
    root = tmp_path / "renewed"
    shutil.copytree(ROOT, root, ignore=LEFT_OUT, symlinks=True)
    (root / ".venv").symlink_to((ROOT / ".venv").resolve())
    modules = root / "node_modules"  # of its own: what was built is written down in it
    modules.mkdir()
    for one in (ROOT / "node_modules").iterdir():
        if one.name == ".lantoa-installed":
            shutil.copy(one, modules)
        elif one.name != ".lantoa-built":
            (modules / one.name).symlink_to(one.resolve())
    with (root / "static/css/phone-parts.css").open("a") as style:
        style.write("\n.next-version { color: inherit; }\n")
    return root


def version(page: Page) -> str:
    found: str = page.evaluate(VERSION)
    return found


def name_of(told: str) -> str:
    """0.1.0+e9e55fb2 → E9E55FB2, as the files of rare parts are named."""
    return told.split("+")[1].upper()


def expect_answers(page: Page) -> None:
    """What was answered before stands in the rare widgets."""
    officer.jump(page, "Thang đo")
    expect(officer.question(page, "level").get_by_role("slider")).to_have_value("7")
    officer.jump(page, "Ý kiến")
    rows = officer.question(page, "best").locator("li")
    expect(rows.first).to_contain_text("Nhóm Zalo")
    officer.jump(page, "Nơi và mã")
    expect(officer.question(page, "code").get_by_role("textbox")).to_have_value("LT-2026-001")
    officer.jump(page, "Ảnh, tiếng, tệp")
    expect(officer.question(page, "sketch").get_by_role("img")).to_be_visible()


def test_a_newer_app_comes_while_a_form_of_rare_parts_is_half_filled(
    every_type: Running, renewed: Path, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("phone")
    page = phone.open(enrolment_link(every_type, "lan"))
    officer.enrol(page)
    officer.installed(page)
    sheet.begin(page)
    officer.jump(page, "Thang đo")
    for _ in range(7):
        officer.question(page, "level").get_by_role("slider").press("ArrowRight")
    officer.jump(page, "Ý kiến")
    officer.question(page, "best").get_by_role("button", name="Đưa lên: Nhóm Zalo").click()
    officer.jump(page, "Nơi và mã")
    officer.question(page, "code").get_by_role("textbox").fill("LT-2026-001")
    officer.jump(page, "Ảnh, tiếng, tệp")
    officer.question(page, "sketch").get_by_role("button", name="Vẽ", exact=True).click()
    sheet.draw(page)
    filler.saved(page)
    first = version(page)

    every_type.stop()
    every_type.root = renewed
    every_type.start()
    page.reload()
    assert page.evaluate(NEXT_WAITS)
    every_type.stop()

    page.reload()
    filler.at(page, "Ảnh, tiếng, tệp")
    assert version(page) == first, "the newer app waits while a draft is open"
    expect_answers(page)
    assert page.evaluate(RARE_LOADED) == [name_of(first)]

    page.get_by_role("button", name="Đóng, giữ bản nháp").click()
    expect(page.get_by_text("Có bản mới của Lan Tỏa")).to_be_visible(timeout=officer.LONG_MS)
    with page.expect_navigation():
        page.get_by_role("button", name="Cập nhật").click()
    expect(page.get_by_role("button", name=officer.HOME)).to_be_visible(timeout=officer.LONG_MS)
    second = version(page)
    assert second != first
    page.get_by_role("link", name="Bản ghi").click()
    page.locator("[data-draft]").first.click()
    expect_answers(page)
    assert page.evaluate(RARE_LOADED) == [name_of(second)]

    page.reload()
    expect(page.locator("main.body-form")).to_be_visible()
    assert page.evaluate(ONE_VERSION)
    held = page.evaluate(HELD)
    assert set(held) == {f"lantoa-app-{second}", f"lantoa-app-{second}-parts"}, "the old version is gone"
    parts = ("draw", "media", "select", "value")
    needed = {f"/static/dist/rare_{part}-{name_of(second)}.js" for part in parts} | {
        f"/parts/rare_{it}" for it in parts
    }
    assert needed <= set(held[f"lantoa-app-{second}-parts"])
    assert all(name_of(first) not in one for one in held[f"lantoa-app-{second}-parts"])

    filler.finish_anyway(page)
    every_type.start()
    page.reload()
    officer.sent(page)
