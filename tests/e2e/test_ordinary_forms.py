"""Ordinary forms from the desk to a phone and back: the server holds what was tapped and typed, answer by answer.

Three of them; all twelve with LANTOA_EVERY_FORM=1.
"""

import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from forms.check import Context, check
from forms.model import Form
from forms.xlsform import compile_markdown
from forms.xpath.nodes import Rows
from server.db import db
from server.models.records import Record
from tests.e2e import officer, ordinary_forms, reviewer, world
from tests.e2e.browser import DESK, Browser
from tests.e2e.conftest import enrolment_link
from tests.e2e.form_desk import draft, trial_code
from tests.e2e.running import Running

pytestmark = pytest.mark.browser

SHORT = ("Hộ gia đình", "Nguồn nước", "Phiếu họp")
TITLES = tuple(ordinary_forms.FORMS) if os.environ.get("LANTOA_EVERY_FORM") else SHORT


def stored(running: Running, form: Form) -> tuple[dict[str, Any], dict[str, Any], bool]:
    """Envelope, payload and whether it is a trial, as the server holds the one record of this form."""
    with running.app() as app, app.app_context():
        row = db.session.scalars(select(Record).where(Record.form_id == form.form_id)).one()
        return json.loads(row.envelope), json.loads(row.payload), row.trial


def flat(answers: dict[str, Any], base: str) -> Iterator[tuple[str, str]]:
    """Path → answer; the rows of a repeat, of which there is one, without positions."""
    for name, value in answers.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from flat(one, f"{base}/{name}")
            elif one:
                yield f"{base}/{name}", one


def tried(desk: Page, page: Page, running: Running, form: Path) -> None:
    """The form is a draft at the desk and open on the phone."""
    draft(desk, running, form, [])
    page.goto(f"{running.origin}/#trial={trial_code(desk)}")
    page.get_by_role("button", name="Điền thử").click(timeout=officer.LONG_MS)


@pytest.mark.parametrize("title", TITLES)
def test_what_is_stored_is_what_was_entered(
    shared: Running, open_browser: Callable[..., Browser], tmp_path: Path, title: str
) -> None:
    desk = open_browser("desk", viewport=dict(DESK)).open(shared.origin)
    reviewer.sign_in(desk, shared.origin, "quan", world.PASSWORD)
    page = open_browser("phone").open(enrolment_link(shared, "lan"))
    officer.enrol(page)
    source = ordinary_forms.written(tmp_path, title)
    form = compile_markdown(source.read_text(encoding="utf-8")).form
    tried(desk, page, shared, source)
    told: dict[str, str] = {}
    ordinary_forms.Filler(page, form, told).whole()
    page.get_by_role("button", name="Lưu và gửi", exact=True).click()
    officer.sent(page)

    envelope, payload, trial = stored(shared, form)
    assert trial
    assert dict(flat(payload["answers"], f"/{form.form_id}")) == {path: value for path, value in told.items() if value}
    assert len(told) >= 3
    context = Context(
        datetime.fromisoformat(envelope["finished_at"]), envelope["zone"], envelope["language"], lambda _name: Rows([])
    )
    checked = check(form, payload["answers"], context, payload["calculated"])
    assert checked.findings == ()
    assert checked.values.items() >= payload["calculated"].items()
