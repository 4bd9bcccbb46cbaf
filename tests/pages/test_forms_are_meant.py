"""Every form carries its csrf token, comes from our own page, and only then does anything (R9)."""

import re

import pytest
from flask import Flask

from server.people.policy import policy_of
from tests.make import World
from tests.pages.conftest import OpenDesk

BASE = "https://localhost"


def writing_paths(app: Flask) -> list[str]:
    """Every POST of the desk behind a sign-in, its parts filled with nonsense."""
    rules = (r for r in app.url_map.iter_rules() if r.rule.startswith("/desk") and "POST" in (r.methods or ()))
    desks = (r for r in rules if (found := policy_of(app, r.endpoint)) and found.kind == "desk")
    parts = {
        "<record_id>": "0" * 32,
        "<uid>": "0" * 32,
        "<key>": "x",
        "<form_id>": "x",
        "<int(max=2147483647):number>": "1",
    }
    return [re.sub("<[^>]+>", lambda part: parts[part[0]], r.rule) for r in desks]


def test_no_form_of_the_desk_is_taken_without_its_token(app: Flask, at_desk: OpenDesk) -> None:
    paths = writing_paths(app)
    browsers = [at_desk("province"), at_desk("admin")]
    tries = [(path, browser, wrong) for path in paths for browser in browsers for wrong in (None, "", "x")]
    taken = [path for path, browser, wrong in tries if browser.post(path, csrf=wrong).status_code != 403]
    assert len(paths) >= 12
    assert taken == []


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_a_form_from_another_site_is_refused_with_the_right_token(
    headers: dict[str, str], waiting: str, at_desk: OpenDesk
) -> None:
    browser = at_desk("province")
    form = {"csrf": "csrf-of-this-browser", "outcome": "accepted"}
    answer = browser.client.post(f"/desk/records/{waiting}/decision", data=form, base_url=BASE, headers=headers)
    assert answer.status_code == 403


def test_one_text_for_an_unknown_name_and_a_wrong_password(app: Flask, world: World) -> None:
    client = app.test_client()
    pages = [
        client.post("/desk/sign-in", data={"login": name, "password": "sai mật khẩu"}, base_url=BASE)
        for name in ("province", "nobody-")
    ]
    assert [page.status_code for page in pages] == [401, 401]
    assert pages[0].text.replace("province", "nobody-") == pages[1].text
