"""A version's life at the desk: tried, compared, published, closed, opened again, given up."""

import re

import pytest
from flask import Flask
from sqlalchemy import update

from forms.model import Form
from server.db import transaction
from server.models.plan import Indicator
from server.plan import form_life
from sync.problems import Problem
from tests.make import World
from tests.pages import forms_make as forms
from tests.pages.conftest import OpenDesk
from tests.pages.make import audited

DROPPED = "|  | integer | heads | Bao nhiêu người? |  | . < 500 |\n => "
RELEVANT = "${heads} > 0 => "


def state(app: Flask, number: str = "1") -> str:
    found = forms.version(app, number)
    assert found
    return found.state


def publishing(text: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(against)" value="([^"]*)"', text))


def test_a_draft_is_published_with_one_press_where_nothing_was_before(app: Flask, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    page = forms.drafted(app, admin)
    assert "Ở đâu?" in admin.get(page).text
    assert "${heads} &gt; 0" in admin.get(page).text
    asked = admin.get(f"{page}/publish").text
    assert admin.post(f"{page}/publish", publishing(asked)).status_code == 303
    assert (state(app), audited(app, "form.published")) == ("published", 1)


def test_dangerous_changes_stand_first_and_each_has_to_be_ticked(app: Flask, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    forms.drafted(app, admin)
    forms.published(app, "1")
    page = forms.drafted(app, admin, "2", forms.survey("2", gone=DROPPED, rule=RELEVANT, text="Ở đâu? => Chỗ nào?"))
    asked = admin.get(f"{page}/publish").text
    assert asked.index("Bỏ câu hỏi") < asked.index("Đổi lời")
    keys = re.findall(r'name="agree" value="([^"]+)"', asked)
    assert admin.post(f"{page}/publish", publishing(asked)).status_code == 422
    assert state(app, "2") == "draft"
    assert admin.post(f"{page}/publish", {**publishing(asked), "agree": keys}).status_code == 303
    assert (state(app, "2"), state(app, "1")) == ("published", "published")


def test_a_question_that_an_indicator_counts_cannot_be_dropped(app: Flask, world: World, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    with app.app_context(), transaction() as session:
        feeds = [{"form": "market_check", "question": "kind", "filter": "${heads} > 0"}]
        session.execute(update(Indicator).where(Indicator.key == "T1").values(feeds=feeds))
    page = forms.drafted(app, admin, data=forms.survey(gone=DROPPED, rule=RELEVANT))
    asked = admin.get(f"{page}/publish").text
    assert "Chỉ tiêu T1 đếm câu “heads”" in asked
    assert admin.post(f"{page}/publish", publishing(asked)).status_code == 409
    assert state(app) == "draft"


def test_a_version_is_closed_and_opened_again(app: Flask, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    page = forms.drafted(app, admin)
    forms.published(app, "1")
    assert admin.post(f"{page}/close").status_code == 303
    assert state(app) == "closed"
    assert admin.post(f"{page}/close").status_code == 409
    assert admin.post(f"{page}/reopen").status_code == 303
    assert (state(app), audited(app, "form.closed"), audited(app, "form.reopened")) == ("published", 1, 1)


def test_a_draft_is_given_up(app: Flask, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    page = forms.drafted(app, admin)
    assert admin.post(f"{page}/drop").status_code == 303
    assert forms.version(app) is None
    assert admin.get(page).status_code == 404


def test_a_code_to_try_a_draft_is_shown_once_as_a_qr(app: Flask, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    page = forms.drafted(app, admin)
    made = admin.post(f"{page}/trial").text
    assert re.search(r'class="code">[0-9A-Z]{26}<', made)
    assert "<svg" in made
    assert 'class="trial"' not in admin.get(page).text
    assert audited(app, "form.trial-issued") == 1


@pytest.mark.parametrize("act", ["trial", "publish", "close", "reopen", "drop"])
def test_staff_read_and_do_not_act(app: Flask, at_desk: OpenDesk, act: str) -> None:
    page, staff = forms.drafted(app, at_desk("admin")), at_desk("staff")
    assert staff.get(page).status_code == 200
    assert staff.post(f"{page}/{act}").status_code == 403
    assert state(app) == "draft"


def test_of_two_who_publish_at_once_the_second_compares_again(app: Flask, at_desk: OpenDesk) -> None:
    admin = at_desk("admin")
    first, second = forms.drafted(app, admin, "1"), forms.drafted(app, admin, "2")
    seen = publishing(admin.get(f"{second}/publish").text)
    assert admin.post(f"{first}/publish", publishing(admin.get(f"{first}/publish").text)).status_code == 303
    assert admin.post(f"{second}/publish", seen).status_code == 422
    found = forms.version(app, "2")
    assert found
    with app.app_context(), pytest.raises(Problem), transaction() as session:
        form_life.publish(session, found, Form("market_check", "2", {}, ("vi",), (), {}, ()), None, 1, found.created_at)
    assert state(app, "2") == "draft"


def test_a_draft_that_was_published_meanwhile_is_not_deleted(app: Flask, at_desk: OpenDesk) -> None:
    forms.drafted(app, at_desk("admin"))
    stale = forms.version(app, "1")
    assert stale
    forms.published(app, "1")
    with app.app_context(), pytest.raises(Problem), transaction() as session:
        form_life.give_up(session, stale, 1, stale.created_at)
    assert state(app) == "published"
