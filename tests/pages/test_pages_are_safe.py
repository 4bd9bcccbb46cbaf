"""What people type is shown as text, and no page needs more than the policy allows (R11, R29)."""

import re
from html.parser import HTMLParser

import pytest
from flask import Flask

from server.db import transaction
from server.models.people import Account, Device
from server.models.units import Unit
from server.registers import items
from tests import make
from tests.make import World
from tests.pages.conftest import OpenDesk

CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'onmouseover='alert(1)",
    "{{ 7*7 }}",
    "javascript:alert(1)",
    "</title><svg/onload=alert(1)>",
    "%(name)s %s %d",
)
PAGES = (
    "/desk/plan",
    "/desk/units",
    "/desk/records",
    "/desk/records?state=all",
    "/desk/registers/pending",
    "/desk/people",
    "/desk/devices",
    "/desk/declarations",
    "/desk/account",
    "/desk/more",
    "/desk/password",
)


class Outline(HTMLParser):
    """Tags and attributes of a page, and what may not be among them."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.faults += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.faults += [f"{tag} {value}" for value in given.values() if (value or "").lower().startswith("javascript:")]
        if tag in ("style", "script") and "src" not in given:
            self.faults.append(tag)
        if tag == "img" and "alt" not in given:
            self.faults.append("img without alt")
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "label" and given.get("for"):
            self.labels.add(given["for"] or "")
        if tag in ("input", "select", "textarea") and given.get("id"):
            self.fields.append(given["id"] or "")


def outline(text: str) -> Outline:
    found = Outline()
    found.feed(text)
    return found


@pytest.fixture
def hostile(app: Flask, world: World, request: pytest.FixtureRequest) -> str:
    """One text of the corpus wherever a person can put one; a record that holds it."""
    text: str = request.param
    with app.app_context(), transaction() as session:
        for name in ("officer", "province"):
            account = session.get_one(Account, world.accounts[name])
            account.name, account.office = text, text
        session.get_one(Unit, world.units["A"]).label = {"vi": text}
        session.get_one(Device, world.devices["officer"]).report = {"name": text, "app_version": text, "waiting": 1}
        items.add_pending(session, "c0" * 16, text.replace(" ", ""), world.units["A"], make.NOON)
        record = make.record(session, world, rules=(text.replace(" ", ""),), reason=text)
        make.record(session, world, intent="withdraw", replaces=record, reason=text)
        return record


@pytest.mark.parametrize("hostile", CORPUS, indirect=True)
def test_what_people_typed_stays_text_on_every_page(hostile: str, at_desk: OpenDesk) -> None:
    browser = at_desk("province")
    browser.post(f"/desk/records/{hostile}/decision", {"outcome": "returned", "reason": CORPUS[0]})
    for path in (*PAGES, f"/desk/records/{hostile}", "/desk/records?state=withdrawn"):
        answer = browser.get(path)
        assert (path, answer.status_code, outline(answer.text).faults) == (path, 200, [])
        assert not re.search(r"<img src=x|<svg/onload|<script>|>49<", answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_unique_ids_and_a_label_for_every_field(path: str, at_desk: OpenDesk) -> None:
    found = outline(at_desk("province").get(path).text)
    assert len(found.ids) == len(set(found.ids))
    assert set(found.fields) - found.labels == set()


@pytest.mark.parametrize("path", ["/desk/sign-in", "/desk/plan", "/desk/records/x", "/desk/plan?unit=x"])
def test_every_answer_has_the_policy_and_is_kept_nowhere(path: str, at_desk: OpenDesk) -> None:
    headers = at_desk("province").get(path).headers
    policy = headers["Content-Security-Policy"]
    assert ("default-src 'none'" in policy, "unsafe" in policy) == (True, False)
    assert headers["Cache-Control"] == "no-store"
