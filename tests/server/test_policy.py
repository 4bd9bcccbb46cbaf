"""Every route has a policy, and the desk's policies are enforced before a view runs."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.app import create_app
from server.config import Config
from server.db import transaction
from server.people import door
from server.people.policy import Policy, cover, parse, policy, policy_of
from tests import tables
from tests.server import make
from tests.settable_clock import SettableClock


class Browser(FlaskClient):
    """Speaks HTTPS, as a desk does."""

    def open(self, *args: Any, **settings: Any) -> TestResponse:
        return super().open(*args, **{"base_url": "https://localhost", **settings})


@pytest.fixture
def app(config: Config, clock: SettableClock) -> Flask:
    """The service with three more routes, one of them without a policy."""
    made = create_app(config, clock)

    @made.route("/desk/trial/<name>", methods=["GET", "POST"])
    @policy("desk:reviewer,staff")
    def trial(name: str) -> str:
        return f"{door.principal().login} {name}"

    @made.get("/trial/closed")
    @policy("desk:administrator")
    def closed() -> str:
        return "closed"

    @made.get("/trial/forgotten")
    def forgotten() -> str:
        return "never shown"

    @made.post("/desk/trial-open")
    @policy("public")
    def trial_open() -> str:
        return "open"

    with made.app_context():
        tables.create()
    return made


@pytest.fixture
def signed_in(app: Flask, client: FlaskClient, clock: SettableClock) -> str:
    """A reviewer's session in the client; the csrf token of their forms."""
    with app.app_context():
        with transaction() as session:
            make.account(session)
        found = door.sign_in.sign_in_with(door.sign_in.Knock("lan", make.PASSWORD, "192.0.2.1", None), clock())
        present = door.sign_in.presence(found.token, clock(), make.FIRST_DAY)
        assert present is not None
    client.set_cookie(door.SESSION_COOKIE, found.token, secure=True, domain="localhost")
    return present.principal.csrf


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.test_client_class = Browser
    return app.test_client()


def test_every_route_of_the_service_has_a_policy(config: Config) -> None:
    service = create_app(config)
    without = [rule.rule for rule in service.url_map.iter_rules() if policy_of(service, rule.endpoint) is None]
    assert without == []


def test_a_route_without_a_policy_never_runs(client: FlaskClient) -> None:
    answer = client.get("/trial/forgotten")
    assert answer.status_code == 500
    assert b"never shown" not in answer.data


def test_a_stranger_is_sent_to_sign_in_and_back_afterwards(client: FlaskClient) -> None:
    answer = client.get("/desk/trial/one?page=2")
    assert answer.status_code == 303
    assert answer.location == "/desk/sign-in?next=/desk/trial/one%3Fpage%3D2"


def test_a_stranger_changes_nothing(client: FlaskClient) -> None:
    assert client.post("/desk/trial/one").status_code == 401


def test_a_role_that_fits_opens_the_route_and_another_does_not(client: FlaskClient, signed_in: str) -> None:
    assert client.get("/desk/trial/one").text == "lan one"
    assert client.get("/trial/closed").status_code == 403


def test_a_bearer_token_means_nothing_at_the_desk(client: FlaskClient, signed_in: str) -> None:
    client.delete_cookie(door.SESSION_COOKIE, domain="localhost")
    answer = client.get("/desk/trial/one", headers={"Authorization": f"Bearer {signed_in}"})
    assert answer.status_code == 303


OWN = {"Sec-Fetch-Site": "same-origin", "Origin": "https://localhost"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (OWN, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Origin": "https://localhost"}, 200),
        ({}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_only_our_own_pages_may_send_forms(
    client: FlaskClient, signed_in: str, headers: dict[str, str], status: int
) -> None:
    assert client.post("/desk/trial/one", data={"csrf": signed_in}, headers=headers).status_code == status
    assert client.post("/desk/trial-open", headers=headers).status_code == status


@pytest.mark.parametrize("csrf", ["", "guess", "ắ"])
def test_a_form_without_its_token_is_refused(client: FlaskClient, signed_in: str, csrf: str) -> None:
    assert client.post("/desk/trial/one", data={"csrf": csrf}, headers=OWN).status_code == 403


def test_a_one_time_password_opens_nothing_but_its_change(
    app: Flask, client: FlaskClient, clock: SettableClock
) -> None:
    with app.app_context():
        with transaction() as session:
            make.account(session, login="moi", must_change=True)
        found = door.sign_in.sign_in_with(door.sign_in.Knock("moi", make.PASSWORD, "192.0.2.1", None), clock())
    client.set_cookie(door.SESSION_COOKIE, found.token, secure=True, domain="localhost")
    answer = client.get("/desk/trial/one")
    assert (answer.status_code, answer.location) == (303, door.PASSWORD_PATH)


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil",
        "/\\evil",
        "https:evil",
        "/desk//evil",
        "\t//evil",
        "/desk\r\nX: y",
        "/sync/records",
        "",
        None,
        door.SIGN_IN_PATH,
    ],
)
def test_after_sign_in_nobody_is_sent_elsewhere(wanted: str | None) -> None:
    assert door.next_path(wanted) == "/desk"


@pytest.mark.parametrize("wanted", ["/desk", "/desk/records/12?page=2&q=a+b", "/desk/units/31522@2024-09-01"])
def test_after_sign_in_the_wanted_page_opens(wanted: str) -> None:
    assert door.next_path(wanted) == wanted


@pytest.mark.parametrize("declared", ["", "desk", "desk:", "desk:king", "public:any", "nobody"])
def test_a_policy_that_means_nothing_is_refused(declared: str) -> None:
    with pytest.raises(ValueError):
        parse(declared)


def test_the_nearest_declaration_wins(app: Flask) -> None:
    cover(app, "a", "device")
    cover(app, "a.b", "public")
    assert policy_of(app, "a.c.d") == Policy("device")
    assert policy_of(app, "a.b") == Policy("public")
