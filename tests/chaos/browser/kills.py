"""Chromium killed at a random moment around "finish", again and again on one phone: told as a history.

The line is dead in half of the rounds, so that a kill hits saving as well as sending. How long to wait before the kill
follows what came of the last one: the moments crowd around the one in which the record is kept.
"""

import contextlib
import random
import re
import shutil
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import select

from server.db import db
from server.models.records import Record
from tests.chaos.history import End, Held, Operation, Verdict, judge
from tests.e2e import officer
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.running import Running
from tests.e2e.store import ROWS

SAVED = "Đã lưu trên máy"
SYNC = "**/sync/**"
NEARER, FARTHER = 0.8, 1.25
FIRST_GUESS_MS = 150.0
LEAST_MS, MOST_MS = 20.0, 2_000.0
MOST_SENDING_MS = 60_000


@dataclass(frozen=True)
class Enrolled:
    """A running installation and the profile of a phone that was enrolled there and closed: copied for each seed."""

    running: Running
    profile: Path


@dataclass
class Tale:
    """What one seed came to. `gone`, `both`: drafts that were nowhere, or stood beside their own record."""

    seed: int
    operations: list[Operation] = field(default_factory=list)
    kept: int = 0
    gone: list[str] = field(default_factory=list)
    both: list[str] = field(default_factory=list)
    verdict: Verdict | None = None

    @property
    def clean(self) -> bool:
        return not self.gone and not self.both and self.verdict is not None and self.verdict.word == "pass"


def enrolled(playwright: Playwright, running: Running, folder: Path) -> Enrolled:
    """Enrols a phone, waits until it holds the app, and closes it."""
    phone = Browser(playwright, folder / "enrolled")
    page = phone.open(enrolment_link(running, "lan"))
    officer.enrol(page)
    officer.installed(page)
    page.wait_for_function("() => localStorage.getItem('lantoa-glance')")
    phone.close()
    return Enrolled(running, folder / "enrolled")


def play(playwright: Playwright, phone_of: Enrolled, folder: Path, seed: int, kills: int) -> Tale:
    """One seed: so many kills, then a good line until nothing waits; judged."""
    luck, tale = random.Random(seed), Tale(seed)
    profile = folder / f"profile-{seed}"
    shutil.copytree(phone_of.profile, profile, symlinks=True)
    phone = Browser(playwright, profile)
    home = f"{phone_of.running.origin}/#/home"
    page, wait_ms = phone.open(home), FIRST_GUESS_MS
    for _ in range(kills):
        draft, said = _killed_while_it_saves(phone, page, luck, wait_ms)
        tale.operations.append(Operation("save", draft, "invoke"))
        page = phone.open(home)
        is_record = _reopened(page, tale, draft, said)
        wait_ms = min(max(wait_ms * (NEARER if is_record else FARTHER), LEAST_MS), MOST_MS)
    tale.verdict = judged(page, tale.operations, phone_of.running)
    phone.close()
    shutil.rmtree(profile, ignore_errors=True)
    return tale


def _killed_while_it_saves(phone: Browser, page: Page, luck: random.Random, wait_ms: float) -> tuple[str, bool]:
    """The draft's id, and whether the screen had called it saved."""
    expect(page.get_by_role("button", name=officer.HOME)).to_be_visible(timeout=officer.LONG_MS)
    if luck.random() < 0.5 and phone.context:
        phone.context.route(SYNC, lambda route: route.abort())
    page.get_by_role("button", name=officer.HOME).click()
    page.get_by_text("Toàn xã", exact=True).click()
    expect(page.get_by_text(re.compile("Đã lưu nháp"))).to_be_visible()
    found = re.search(r"#/fill/(\w+)", page.url)
    assert found, page.url
    processes = _processes(phone)
    page.evaluate("(place) => { location.hash = place; }", f"#/fill/{found[1]}/check")
    button = page.locator(".anyway button")
    expect(button).to_be_visible()
    button.evaluate("(it) => it.click()")
    page.wait_for_timeout(luck.uniform(0, 2 * wait_ms))
    said = page.get_by_role("heading", name=SAVED).count() > 0
    _end(processes)
    phone.kill()
    return found[1], said


def _processes(phone: Browser) -> list[psutil.Process]:
    """This profile's browser and all below it: found before, so that the kill itself takes no time."""
    mark = f"--user-data-dir={phone.profile}"
    mine = [one for one in psutil.process_iter(["cmdline"]) if mark in (one.info["cmdline"] or [])]
    return [*mine, *{child for one in mine for child in one.children(recursive=True)}]


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)


def _reopened(page: Page, tale: Tale, draft: str, said: bool) -> bool:
    """Looks into the store for what the kill has left; whether it is a record."""
    records = {row["record_id"]: row for row in rows(page, "outbox")}
    drafts = {row["record_id"] for row in rows(page, "drafts")}
    if draft not in records and draft not in drafts:
        tale.gone.append(draft)
    if draft in records and draft in drafts:
        tale.both.append(draft)
    sha256 = records.get(draft, {}).get("content_sha256", "")
    tale.operations.append(Operation("save", draft, "ok" if said else "unknown", sha256))
    tale.kept += draft in records
    return draft in records


def rows(page: Page, store: str) -> list[Any]:
    found: list[Any] = page.evaluate(ROWS, store)
    return found


def judged(page: Page, operations: list[Operation], running: Running) -> Verdict:
    """After everything was sent: what phone and server hold of these, and what the phone was told."""
    page.reload()
    expect(page.locator(".counter", has_text="Chờ gửi").locator("b")).to_have_text("0", timeout=MOST_SENDING_MS)
    mine = {operation.id for operation in operations}  # the phone may list what other phones of its owner have sent
    receipts = [row["receipt"] for row in rows(page, "records") if row["receipt"] and row["record_id"] in mine]
    told = [Operation("acknowledge", one["record_id"], "ok", one["content_sha256"]) for one in receipts]
    outbox = rows(page, "outbox")
    end = End(
        records=[held for held in at_server(running) if held.id in mine],
        photos=(),
        phone_records=[Held(row["record_id"], row["content_sha256"]) for row in outbox],
        waiting=[row["record_id"] for row in outbox if row.get("due_at") is not None],
    )
    return judge([*operations, *told], end)


def at_server(running: Running) -> list[Held]:
    """Every record that the server holds."""
    with running.app() as app, app.app_context():
        found = db.session.execute(select(Record.record_id, Record.content_sha256)).all()
    return [Held(record_id, sha256) for record_id, sha256 in found]
