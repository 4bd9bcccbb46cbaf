"""What a stranger sees of the service: headers and cookies, and what a forged request achieves (R9–R12, R31, R40)."""

import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.deploy.conftest import Service, behind_nginx, with_own_tls
from tests.e2e.nginx import RECIPE_HOST
from tests.e2e.outside import Outside
from tests.e2e.world import PASSWORD
from tests.phone import Answer, Phone, Wire
from tests.settable_clock import SettableClock

WAYS = {"nginx": behind_nginx, "own-tls": with_own_tls}
SCRIPT = "the script of /"
ANSWERS = {
    "/": 200,
    "/sw.js": 200,
    "/sw-sending.js": 200,
    SCRIPT: 200,
    "/healthz": 200,
    "/desk": 303,
    "/desk/sign-in": 200,
    "/nothing": 404,
    "/sync/changes": 401,
}
EVIL = "evil.example"
FORGED = {
    "Host only": {"X-Forwarded-Host": EVIL, "Forwarded": f"host={EVIL};proto=http;for=198.51.100.7"},
    "scheme": {"X-Forwarded-Proto": "http", "X-Forwarded-Ssl": "off", "X-Scheme": "http"},
    "all": {"X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "http", "X-Forwarded-Prefix": "/x", "X-Real-IP": "::1"},
}


@pytest.fixture(scope="module", params=[pytest.param("nginx", marks=pytest.mark.browser), "own-tls"])
def service(
    request: pytest.FixtureRequest, filled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """One installation, reached in both ways that docs/deploy.md knows."""
    with WAYS[request.param](filled, tmp_path_factory.mktemp("outside")) as made:
        yield made


def sign_in(service: Service, **headers: str) -> Answer:
    body = urlencode({"login": "khanh", "password": PASSWORD}).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": service.origin}
    return service.outside("POST", "/desk/sign-in", form | headers, body)


def script(service: Service) -> str:
    """The path of the script that the phone's page starts."""
    found = re.search(r'src="(/static/dist/[^"]+\.js)"', service.outside.get("/").body.decode())
    assert found
    return found.group(1)


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_carries_the_headers_of_safety_once(service: Service, path: str) -> None:
    answer = service.outside.get(script(service) if path == SCRIPT else path)
    assert answer.status == ANSWERS[path]
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["frame-ancestors"]) == ("'none'", "'self'", "'none'")
    assert "unsafe" not in answer.headers["content-security-policy"]
    for name, value in (
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ):
        assert answer.headers[name] == value
    assert not re.search(r"\d", answer.headers.get("server", "")), "no version is told"


def test_the_desks_cookies_are_bound_to_this_host_and_to_https(service: Service) -> None:
    answer = sign_in(service)
    assert (answer.status, answer.headers["location"]) == (303, "/desk")
    cookies = answer.headers["set-cookie"].split("\n")
    assert sorted(cookie.partition("=")[0] for cookie in cookies) == ["__Host-lantoa", "__Host-lantoa-browser"]
    for cookie in cookies:
        flags = {part.strip() for part in cookie.split(";")[1:]}
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= flags
        assert "Domain" not in cookie


@pytest.mark.parametrize("path", ["/", "/healthz", "/sync/changes", "/static/dist/nothing.js"])
def test_phones_and_strangers_get_no_cookie(service: Service, path: str) -> None:
    assert "set-cookie" not in service.outside.get(path).headers


@pytest.mark.parametrize("kind", FORGED)
def test_forged_forwarding_changes_no_answer(service: Service, kind: str) -> None:
    honest, forged = (service.outside("GET", "/desk", headers) for headers in ({}, FORGED[kind]))
    assert (forged.status, forged.headers["location"]) == (honest.status, honest.headers["location"])
    assert EVIL not in str(forged.headers) + forged.body.decode()
    assert sign_in(service, **FORGED[kind]).status == 303


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_forged_forwarding_does_not_make_a_foreign_page_our_own(service: Service, scheme: str) -> None:
    forged = {"Origin": f"{scheme}://{EVIL}", "X-Forwarded-Host": EVIL, "X-Forwarded-Proto": scheme}
    assert sign_in(service, **forged).status == 403


@pytest.mark.parametrize("path", ["/", "/desk", "/sync/changes"])
def test_another_name_is_answered_by_nothing_of_ours(service: Service, path: str) -> None:
    answer = service.outside.get(path, Host=EVIL)
    assert answer.status == 400
    assert EVIL not in str(answer.headers) + answer.body.decode()


def claiming(outside: Outside, address: str) -> Wire:
    """A line whose every request claims to come from this address."""
    claim = {"X-Forwarded-For": address, "X-Real-IP": address, "Forwarded": f"for={address}"}
    return lambda method, path, headers, body: outside(method, path, headers | claim, body)


def test_a_guesser_of_codes_is_slowed_down_whatever_addresses_they_claim(service: Service) -> None:
    lines = [claiming(service.outside, f"203.0.113.{number}") for number in range(30)]
    answers = [Phone(line, SettableClock()).enrol("GUESS") for line in lines]
    assert [answer.status for answer in answers[:20]] == [404] * 20
    slowed = [answer for answer in answers if answer.status == 429]
    assert slowed
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in slowed)


def test_tls_older_than_1_2_is_refused(service: Service) -> None:
    context = ssl.create_default_context(cafile=service.outside.authority)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        Outside(service.outside.port).connect() as plain,
        pytest.raises(ssl.SSLError),
        context.wrap_socket(plain, server_hostname=RECIPE_HOST),
    ):
        pass


def in_clear(proxied: Service) -> Outside:
    """nginx's other port, which only shows the way."""
    assert proxied.nginx is not None
    return Outside(proxied.nginx.http, RECIPE_HOST)


@pytest.mark.browser
@pytest.mark.parametrize("service", ["nginx"], indirect=True)
@pytest.mark.parametrize("host", [RECIPE_HOST, EVIL])
def test_people_who_ask_in_clear_are_shown_the_way_to_our_own_name(service: Service, host: str) -> None:
    answer = in_clear(service).get("/desk?unit=A", Host=host)
    assert (answer.status, answer.headers["location"]) == (301, f"https://{RECIPE_HOST}/desk?unit=A")


@pytest.mark.browser
@pytest.mark.parametrize("service", ["nginx"], indirect=True)
@pytest.mark.parametrize("path", ["/sync/records", "/sync/changes", "/sync", "/api/records"])
def test_programs_that_ask_in_clear_are_refused_and_not_redirected(service: Service, path: str) -> None:
    answer = in_clear(service)("POST", path, {"Authorization": "Bearer " + "A" * 43}, b"{}")
    assert answer.status == 403
    assert "location" not in answer.headers
