"""A form of every type and appearance: filled without a server, through a kill, and read by the server as meant."""

import base64
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from forms.check import Context, check
from forms.xlsform import compile_markdown
from forms.xpath.nodes import Rows
from tests.e2e import every_type_sheet as sheet
from tests.e2e import officer
from tests.e2e.axe import Walk
from tests.e2e.browser import Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.every_type import SOURCE
from tests.e2e.pictures import big_jpeg
from tests.e2e.running import Running

pytestmark = pytest.mark.browser

DEVICES = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
ACCOUNT_STORE = """async () => {
  const done = (asked) => new Promise((tell) => { asked.onsuccess = () => tell(asked.result); });
  const name = (await indexedDB.databases()).map((it) => it.name).find((it) => it.startsWith('lantoa-'));
  const db = await done(indexedDB.open(name));
  const store = (of) => db.transaction(of).objectStore(of);
  const text = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''));
  const keys = await done(store('chunks').getAllKeys());
  const pieces = (await done(store('chunks').getAll())).map((bytes, n) => ({ id: keys[n][0], bytes: text(bytes) }));
  const outbox = (await done(store('outbox').getAll())).map((row) => row.sealed);
  const sets = (await done(store('sets').getAll())).map((row) => row.set);
  db.close();
  return { outbox, sets, pieces };
}"""
HELD_PARTS = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    if (!name.endsWith('-parts')) continue;
    const requests = await (await caches.open(name)).keys();
    found.push(...requests.map(({ url }) => new URL(url).pathname).filter((it) => it.startsWith('/parts/rare')));
  }
  return found.sort();
}"""


def test_every_type_is_filled_without_a_server_through_a_kill_and_read_alike_by_the_server(
    every_type: Running, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    phone = open_browser("phone", flags=DEVICES)
    page = phone.open(enrolment_link(every_type, "lan"))
    officer.enrol(page)
    officer.installed(page)
    expect(page.get_by_role("button", name="Ghi việc khác")).to_be_visible()
    every_type.stop()

    sheet.begin(page)
    walk = Walk()
    for fill in (sheet.words, sheet.scales):
        fill(page)
        walk.look(page, fill.__name__)
        officer.onward(page)
    sheet.choosing(page)
    sheet.opinions(page)
    walk.look(page, "opinions")
    expect(page.get_by_text("Đã lưu nháp")).to_be_visible()
    phone.kill()

    page = phone.open(every_type.origin + "/")
    expect(page.get_by_role("heading", name="Ý kiến")).to_be_visible()
    officer.jump(page, "Chọn")
    walk.look(page, "choosing")
    officer.jump(page, "Ngày giờ")
    sheet.times(page)
    walk.look(page, "times")
    officer.onward(page)
    assert phone.context
    sheet.places(page, phone.context)
    walk.look(page, "places")
    officer.onward(page)
    document = tmp_path / "Danh sách có tên.pdf"
    document.write_bytes(b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    sheet.media(page, big_jpeg(tmp_path / "hall.jpg"), document)
    walk.look(page, "media")
    officer.onward(page)
    walk.look(page, "the check")
    officer.save(page)
    walk.expect_clean()

    stored = page.evaluate(ACCOUNT_STORE)
    [sealed] = stored["outbox"]
    envelope, payload = json.loads(sealed["envelope"]), json.loads(sealed["payload"])
    expect_answers(payload["answers"])
    expect_media(envelope, payload["answers"], stored["pieces"])
    assert "Danh sách" not in sealed["envelope"] + sealed["payload"], "a file's name stays on the phone"
    expect_server_reads_the_same(envelope, payload, stored["sets"])

    every_type.start()
    page.reload()
    officer.sent(page)
    page.get_by_role("link", name="Bản ghi").click()
    expect(page.locator("main a.record").first).to_contain_text("6/6", timeout=officer.LONG_MS)


def expect_answers(answers: dict[str, Any]) -> None:
    """What was tapped and typed stands in the payload, in lexical form."""
    pages = (
        ("words", sheet.WORDS),
        ("scales", sheet.SCALES),
        ("choosing", sheet.CHOOSING),
        ("opinions", sheet.OPINIONS),
        ("times", sheet.TIMES),
        ("places", sheet.PLACES),
    )
    for name, wanted in pages:
        assert {key: answers[name].get(key) for key in wanted if key != "told"} == {
            key: value for key, value in wanted.items() if key != "told"
        }
    assert answers["opinions"]["grid"] == sheet.GRID


def expect_media(envelope: dict[str, Any], answers: dict[str, Any], pieces: list[dict[str, str]]) -> None:
    """Each answer names bytes of its kind; pictures keep to max-pixels."""
    promised = {one["id"]: one for one in envelope["media"]}
    assert {name: promised[id_]["kind"] for name, id_ in answers["media"].items()} == sheet.KINDS
    longest = {"photo": 800, "sketch": 600, "marked": 640, "signed": 1200}
    for name, most in longest.items():
        body = b"".join(base64.b64decode(one["bytes"]) for one in pieces if one["id"] == answers["media"][name])
        with Image.open(io.BytesIO(body)) as picture:
            assert max(picture.size) == most
            assert min(picture.convert("L").tobytes()) < 128, f"{name} shows what was drawn"


def expect_server_reads_the_same(envelope: dict[str, Any], payload: dict[str, Any], sets: list[dict[str, Any]]) -> None:
    """Python settles the same answers to the same values, and finds nothing wrong."""
    form = compile_markdown(SOURCE.read_text()).form
    context = Context(
        datetime.fromisoformat(envelope["finished_at"]),
        envelope["zone"],
        envelope["language"],
        lambda name: rows(sets, name),
    )
    checked = check(form, payload["answers"], context, payload["calculated"])
    assert checked.findings == ()
    assert checked.values == flat(payload["answers"], "/every_type") | payload["calculated"]


def rows(sets: list[dict[str, Any]], register: str) -> Rows:
    """The register sets of the phone as the server would hand them out."""
    own = [one for one in sets if one["register"] == register]
    return Rows([dict(zip(one["columns"], row, strict=True)) for one in own for row in one["rows"]])


def flat(answers: dict[str, Any], base: str) -> dict[str, str]:
    """Path → answer."""
    found: dict[str, str] = {}
    for name, value in answers.items():
        found |= flat(value, f"{base}/{name}") if isinstance(value, dict) else {f"{base}/{name}": value}
    return found


def held_parts(page: Page) -> list[str]:
    """Names of the rare parts in the phone's caches."""
    found: list[str] = page.evaluate(HELD_PARTS)
    return found


def test_a_phone_holds_rare_parts_only_when_a_form_needs_them(
    every_type: Running, shared: Running, open_browser: Callable[..., Browser]
) -> None:
    plain = open_browser("plain").open(enrolment_link(shared, "minh"))
    officer.enrol(plain)
    officer.installed(plain)
    assert held_parts(plain) == []
    page = open_browser("phone").open(enrolment_link(every_type, "minh"))
    officer.enrol(page)
    expect(page.get_by_role("button", name="Ghi việc khác")).to_be_visible()
    assert held_parts(page) == [f"/parts/rare_{name}" for name in ("draw", "media", "select", "value")]
