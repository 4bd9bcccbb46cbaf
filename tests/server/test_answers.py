"""What every answer carries, how refusals are told, and what the log keeps."""

import logging
import re
from pathlib import Path

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient

from server import phone_files
from server.app import create_app
from server.config import Config
from server.people.policy import policy
from sync.problems import Fault, Problem
from tests.settable_clock import SettableClock

CANARY = "Thạch Thị Canary"


@pytest.fixture
def app(config: Config, clock: SettableClock) -> Flask:
    made = create_app(config, clock)

    @made.get("/api/trial/<kind>", endpoint="trial_api")
    @made.get("/trial/<kind>", endpoint="trial_page")
    @policy("public")
    def trial(kind: str) -> str:
        if kind == "problem":
            raise Problem("request-invalid", errors=[Fault("/a", "Too long.")], headers={"Retry-After": "3"})
        if kind == "crash":
            raise ValueError(CANARY)
        abort(415)

    return made


@pytest.mark.parametrize(
    "path", ["/healthz", "/", "/nothing", "/trial/crash", "/api/trial/problem", "/desk", "/sync/changes"]
)
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy_ = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy_["default-src"] == "'none'"
    assert policy_["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", ["/healthz", "/nothing", "/trial/crash", "/desk/sign-in"])
def test_what_may_be_personal_is_stored_nowhere(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_an_https_origin_says_so_for_a_year(tmp_path: Path) -> None:
    service = create_app(Config.for_tests(tmp_path, public_url="https://lantoa.example.vn", trusted_proxies=1))
    headers = service.test_client().get("/nothing", base_url="https://lantoa.example.vn").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_programs_get_problem_json(client: FlaskClient) -> None:
    answer = client.get("/api/trial/problem")
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Retry-After"] == "3"
    assert answer.get_json(force=True) == {
        "type": "request-invalid",
        "title": "The request has faults",
        "status": 422,
        "errors": [{"pointer": "/a", "detail": "Too long."}],
    }


def test_people_get_a_page_in_their_language(client: FlaskClient) -> None:
    answer = client.get("/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "Không có gì ở đây" in answer.text


@pytest.mark.parametrize(
    ("path", "slug"), [("/sync/nothing", "not-found"), ("/api/trial/abort", "media-type-unsupported")]
)
def test_refusals_of_the_framework_have_the_same_shape(client: FlaskClient, path: str, slug: str) -> None:
    assert client.get(path).get_json(force=True)["type"] == slug


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.delete("/healthz")
    assert (answer.status_code, answer.get_json(force=True)["type"]) == (405, "method-not-allowed")
    assert "GET" in answer.headers["Allow"]


def test_a_crash_tells_a_number_that_the_log_repeats_and_no_content(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client.get("/api/trial/crash")
    number = re.search(r"Number ([0-9a-f]{12})", answer.text)
    assert number is not None
    assert number[1] in caplog.text
    assert "ValueError" in caplog.text
    assert CANARY not in caplog.text + answer.text


@pytest.mark.parametrize(("host", "status"), [("localhost", 200), ("127.0.0.1:8000", 200), ("evil.example", 400)])
def test_only_own_names_are_answered(app: Flask, host: str, status: int) -> None:
    answer = app.test_client().get("/sw.js", headers={"Host": host})
    assert (answer.status_code == 400) == (status == 400)


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.7")])
def test_forwarded_headers_count_only_behind_a_proxy(tmp_path: Path, proxies: int, seen: str) -> None:
    service = create_app(Config.for_tests(tmp_path, trusted_proxies=proxies))

    @service.get("/trial/network")
    @policy("public")
    def network() -> str:
        return str(request.remote_addr)

    answer = service.test_client().get("/trial/network", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.7"})
    assert answer.text == seen


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    folder.mkdir()
    for name in ("index.html", "sw.js", "sw-sending.js", "manifest.webmanifest", "app-ABCD2345.js", "plain.svg"):
        (folder / name).write_text(name * 40)
        (folder / f"{name}.br").write_bytes(b"packed " + name.encode())
    return folder


@pytest.fixture
def phone(config: Config, dist: Path) -> FlaskClient:
    """Only the phone's files, from a build made for the test."""
    service = Flask("phone")
    phone_files.mount(service, dist)
    service.wsgi_app = phone_files.wrapped(service.wsgi_app, config, dist)  # type: ignore[method-assign]
    return service.test_client()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/sw.js", "text/javascript"),
        ("/sw-sending.js", "text/javascript"),
        ("/manifest.webmanifest", "application/manifest+json"),
    ],
)
def test_the_page_and_its_worker_are_asked_for_again_each_time(phone: FlaskClient, path: str, kind: str) -> None:
    answer = phone.get(path)
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.headers["Cache-Control"] == "no-cache"
    again = phone.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_page_comes_packed_where_the_browser_takes_it(phone: FlaskClient) -> None:
    answer = phone.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.data == b"packed index.html"
    assert answer.mimetype == "text/html"


def test_hashed_files_are_kept_for_ever_and_carry_the_headers(phone: FlaskClient) -> None:
    with phone.get("/static/dist/app-ABCD2345.js", headers={"Accept-Encoding": "br"}) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "br"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_file_without_a_hash_is_not_kept_for_ever(phone: FlaskClient) -> None:
    with phone.get("/static/dist/plain.svg") as answer:
        assert "immutable" not in answer.headers["Cache-Control"]
