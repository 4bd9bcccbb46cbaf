"""The line over HTTPS on a name that is not loopback: behind docs/deploy.md's own nginx, and with gunicorn's TLS."""

import configparser
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.config import Config
from tests.deploy.conftest import OpenAt, Service, behind_nginx, with_own_tls
from tests.e2e import officer, reviewer
from tests.e2e.browser import DESK
from tests.e2e.conftest import enrolment_link
from tests.e2e.line import ATTENDANCE, Wiretap, record_a_session, send_again, t1, t2, wait_sent
from tests.e2e.nginx import RECIPE_HOST, recipe
from tests.e2e.pictures import big_jpeg
from tests.e2e.running import ROOT
from tests.e2e.world import DAI_AN_2, PASSWORD
from tests.phone import receipt_holds

NOTHING = ([(0, 5), (0, 10), (0, 10)], [0, 0, 0], 0)
TWO_REACHED = ([(2, 5), (2, 10), (2, 10)], [2, 2, 2], 46)


@pytest.fixture
def proxied(filled: Path, tmp_path: Path) -> Iterator[Service]:
    with behind_nginx(filled, tmp_path) as service:
        yield service


@pytest.fixture
def alone(filled: Path, tmp_path: Path) -> Iterator[Service]:
    with with_own_tls(filled, tmp_path) as service:
        yield service


def complaints(page: Page) -> list[str]:
    """What the browser blocked on this page, as it goes on."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if "Content Security Policy" in said.text else None)
    return heard


def figures(page: Page, service: Service) -> tuple[list[tuple[int, int]], list[int], int]:
    """T2, what T1 has gained over the plan's own, and the attendance of the commune."""
    return (
        t2(page, service.origin),
        t1(page, service.origin),
        reviewer.total(page, service.origin, DAI_AN_2, ATTENDANCE),
    )


@pytest.mark.browser
def test_the_line_holds_behind_the_nginx_of_the_recipe(proxied: Service, open_at: OpenAt, tmp_path: Path) -> None:
    origin, running = proxied.origin, proxied.running
    desk = open_at(proxied, "desk", viewport=dict(DESK)).open(f"{origin}/desk")
    blocked = complaints(desk)
    reviewer.sign_in(desk, origin, "khanh", PASSWORD)
    staff = open_at(proxied, "staff", viewport=dict(DESK)).open(f"{origin}/desk")
    reviewer.sign_in(staff, origin, "ha", PASSWORD)
    assert figures(staff, proxied) == NOTHING

    phone = open_at(proxied, "phone")
    link = enrolment_link(running, "lan")
    assert link.startswith(f"{origin}/#enrol=")
    page = phone.open(link)
    first = Wiretap(page)
    officer.enrol(page)
    officer.installed(page)

    running.stop()
    assert proxied.outside.get("/healthz").status == 502, "nginx is there, the service is not"
    record_a_session(page, big_jpeg(tmp_path / "hall.jpg"))
    phone.kill()
    page = phone.open(f"{origin}/")
    assert officer.count(page, "Chờ gửi") == 1

    tap = Wiretap(page)
    blocked_on_phone = complaints(page)
    running.start()
    page.reload()
    wait_sent(page)
    assert [receipt["status"] for receipt in tap.receipts] == ["stored"]
    assert receipt_holds(tap.receipts[0], first.receipt_key)
    assert figures(staff, proxied) == NOTHING, "a record that waits is not counted"

    reviewer.open_first_waiting(desk, origin)
    expect(desk.locator("figure.photo img")).to_be_visible()
    reviewer.accept(desk)
    assert figures(staff, proxied) == TWO_REACHED
    again = send_again(proxied.outside, tap.batches[0])
    assert again["results"][0]["receipt"] == tap.receipts[0]
    assert figures(staff, proxied) == TWO_REACHED
    assert (blocked, blocked_on_phone) == ([], [])


@pytest.mark.browser
def test_a_session_is_recorded_and_sent_over_the_services_own_tls(
    alone: Service, open_at: OpenAt, tmp_path: Path
) -> None:
    page = open_at(alone, "phone").open(enrolment_link(alone.running, "lan"))
    tap = Wiretap(page)
    officer.enrol(page)
    record_a_session(page, big_jpeg(tmp_path / "hall.jpg"))
    page.goto(f"{alone.origin}/")
    wait_sent(page)
    assert [receipt["status"] for receipt in tap.receipts] == ["stored"]
    assert receipt_holds(tap.receipts[0], tap.receipt_key)


def unit_file() -> configparser.ConfigParser:
    """The recipe's systemd unit; `Environment` may come several times."""
    parsed = configparser.ConfigParser(strict=False, interpolation=None, delimiters="=")
    parsed.optionxform = str  # type: ignore[assignment, method-assign]
    parsed.read_string(recipe("lantoa.service"))
    return parsed


def settings_of_the_unit() -> dict[str, str]:
    lines = [line.removeprefix("Environment=") for line in recipe("lantoa.service").splitlines()]
    return dict(line.split("=", 1) for line in lines if line.startswith(("LANTOA_", "TRUSTED_", "PORT")))


def test_the_unit_starts_what_is_there_with_settings_that_the_program_takes() -> None:
    unit, settings = unit_file(), settings_of_the_unit()
    folder = unit["Service"]["WorkingDirectory"]
    program = Path(unit["Service"]["ExecStart"]).relative_to(folder)
    assert (ROOT / program).stat().st_mode & 0o100, "ExecStart names a file that can be run"
    config = Config.from_env(settings)
    assert (config.public_url, config.trusted_proxies) == (f"https://{RECIPE_HOST}", 1)
    assert config.out_of_reach is None
    assert f"server {config.bind}:{config.port};" in recipe("nginx"), "nginx asks where the unit listens"


def test_the_unit_may_write_where_the_program_writes_and_not_elsewhere() -> None:
    unit, settings = unit_file(), settings_of_the_unit()
    writable = Path(unit["Service"]["ReadWritePaths"])
    needed = (settings["LANTOA_DATA"], settings["LANTOA_KEYS"], unit["Service"]["WorkingDirectory"])
    assert [path for path in needed if not Path(path).is_relative_to(writable)] == []
    assert unit["Service"]["ProtectSystem"] == "strict"
    assert unit["Service"]["User"] == "lantoa"
    assert unit["Install"]["WantedBy"] == "multi-user.target"


def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path) -> None:
    """Where systemd is installed; the two tests above hold everywhere."""
    file = tmp_path / "lantoa.service"
    file.write_text(recipe("lantoa.service").replace("/srv/lantoa/app", str(ROOT)))
    program = shutil.which("systemd-analyze") or "true"
    done = subprocess.run([program, "verify", str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
