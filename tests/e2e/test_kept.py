"""What a phone keeps, and says when it cannot: a damaged store, a lost answer, a shut list, a file carried by hand."""

import random
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e import officer
from tests.e2e.axe import expect_no_violation
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.officer import Told
from tests.e2e.running import Running

pytestmark = pytest.mark.browser
EMPTIED = "Dữ liệu trên máy đã bị xóa"
BROKEN = "Chưa mở được Lan Tỏa"
BEHIND = "Kho trên máy bị lùi lại"


def enrolled(phone: Browser, running: Running, login: str = "lan") -> Page:
    page = phone.open(enrolment_link(running, login))
    officer.enrol(page)
    officer.installed(page)
    return page


def stores(profile: Path) -> Path:
    """Chromium's LevelDB with everything that the page keeps in IndexedDB."""
    return next(profile.glob("**/IndexedDB/*.indexeddb.leveldb"))


def gone(folder: Path, _luck: random.Random) -> None:
    shutil.rmtree(folder)


def without_manifest(folder: Path, _luck: random.Random) -> None:
    for file in folder.glob("MANIFEST-*"):
        file.write_bytes(b"")


def another_current(folder: Path, _luck: random.Random) -> None:
    (folder / "CURRENT").write_bytes(b"MANIFEST-999999\n")


def flipped(folder: Path, luck: random.Random) -> None:
    for file in folder.glob("*.log"):
        content = bytearray(file.read_bytes())
        for _ in range(40):
            content[luck.randrange(len(content))] ^= 0xFF
        file.write_bytes(content)


def cut(folder: Path, luck: random.Random) -> None:
    for file in folder.glob("*.log"):
        content = file.read_bytes()
        file.write_bytes(content[: luck.randrange(len(content))])


DAMAGES = [gone, without_manifest, another_current, flipped, cut]


def test_a_damaged_store_is_told_or_whole_and_never_looks_like_a_new_phone(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("whole")
    page = enrolled(phone, running)
    running.stop()
    officer.record(page, Told())
    page.wait_for_timeout(500)
    phone.close()
    luck = random.Random(20261123)
    seen = set()
    for damage in DAMAGES:
        hurt = open_browser(damage.__name__)
        shutil.copytree(
            phone.profile, hurt.profile, ignore_dangling_symlinks=True, ignore=shutil.ignore_patterns("Singleton*")
        )
        damage(stores(hurt.profile), luck)
        page = hurt.open(running.origin)
        told = page.get_by_text(re.compile(f"{EMPTIED}|{BROKEN}|{BEHIND}"))
        whole = page.locator(".counter", has_text="Chờ gửi").locator("b", has_text=re.compile(r"^1$"))
        expect(told.or_(whole).first).to_be_visible(timeout=officer.LONG_MS)
        expect(page.get_by_role("button", name="Ghi danh máy này")).to_have_count(0)
        seen.add("told" if told.count() else "whole")
        if damage is gone:
            assert told.count() == 1
            expect_no_violation(page)
            page.get_by_role("button", name="Ghi danh lại").click()
            expect(page.get_by_role("button", name="Ghi danh máy này")).to_be_visible()
        hurt.close()
    assert "told" in seen


def test_what_a_phone_cannot_send_is_carried_in_a_file_and_counts_once(
    running: Running, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    page = enrolled(open_browser("carried"), running)
    page.reload()  # with its second start the phone holds what it may need in the worst case
    page.wait_for_function("() => caches.match('/parts/rare_handover')")
    running.stop()
    picture = tmp_path / "photo.jpg"
    Image.effect_noise((900, 700), 60).convert("RGB").save(picture)
    officer.record(page, Told(photo=picture))
    page.evaluate("() => { location.hash = '#/phone'; }")
    page.get_by_role("button", name="Xuất tệp bàn giao").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_text("Tệp có 1 bản ghi và 1 ảnh chưa gửi")).to_be_visible(timeout=officer.LONG_MS)
    expect_no_violation(page)
    with page.expect_download() as saving:
        sheet.get_by_role("button", name="Lưu tệp").click()
    file = tmp_path / "ban-giao.lantoa"
    saving.value.save_as(file)
    told = running.flask("records", "bring", str(file), "--by", "quan")
    assert re.findall(r"stored|there", told) == ["stored", "there"], told
    assert running.flask("records", "bring", str(file), "--by", "quan") == told
    running.start()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator("[data-waiting]")).to_have_attribute("data-waiting", "0", timeout=officer.LONG_MS)
    assert running.flask("records", "bring", str(file), "--by", "quan") == told


def test_after_45_days_the_lists_are_shut_and_the_session_is_recorded_all_the_same(
    running: Running, open_browser: Callable[..., Browser]
) -> None:
    phone = open_browser("far")
    page = enrolled(phone, running)
    running.stop()
    page.wait_for_timeout(500)
    page.clock.set_system_time(datetime.now(UTC) + timedelta(days=46))
    page.reload()
    expect(page.get_by_text("Danh mục tạm khóa, vẫn ghi được")).to_be_visible(timeout=officer.LONG_MS)
    page.get_by_role("button", name=officer.HOME).click()
    hamlet = officer.question(page, "hamlet")
    expect(hamlet.get_by_text("Danh mục tạm khóa")).to_be_visible()
    expect(hamlet.get_by_text("Toàn xã")).to_have_count(0)
    expect(officer.question(page, "commune")).to_contain_text("Đại Ân 2")
    place = officer.question(page, "place_name").locator("input")
    place.fill("Chùa Đơm Pô, ấp Lâm Dồ")
    expect(page.get_by_text(re.compile("Đã lưu nháp"))).to_be_visible()
    expect_no_violation(page)
    found = re.search(r"#/fill/(\w+)", page.url)
    assert found
    page.evaluate("(place) => { location.hash = place; }", f"#/fill/{found.group(1)}/check")
    page.locator(".anyway button").click()
    expect(page.get_by_role("heading", name="Đã lưu trên máy")).to_be_visible()
