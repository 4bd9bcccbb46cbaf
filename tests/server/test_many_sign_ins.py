"""Eight sign-ins at once, against a real gunicorn: every one is answered and the server goes on serving."""

import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.app import create_app
from server.config import Config
from server.db import db, transaction
from server.queries import system
from tests import tables
from tests.server import make
from tests.server.serving import gunicorn

ANSWER_LIMIT_S = 60


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A sign-in that went well answers 303: that is the answer that counts here."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


def sign_in(origin: str, password: str) -> int:
    body = urllib.parse.urlencode({"login": "lan", "password": password}).encode()
    request = urllib.request.Request(f"{origin}/desk/sign-in", body, {"Origin": origin})
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=ANSWER_LIMIT_S) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation with one reviewer."""
    service = create_app(Config.for_tests(tmp_path))
    with service.app_context():
        tables.create()
        with transaction() as session:
            system.ensure_installation(session, "5e" * 16, make.AT)
            make.account(session)
        db.engine.dispose()
    return tmp_path


def test_eight_sign_ins_at_once_are_all_answered_and_the_server_lives(folder: Path) -> None:
    with gunicorn(folder) as origin, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: sign_in(origin, make.PASSWORD), range(8)))
        with urllib.request.urlopen(f"{origin}/healthz", timeout=ANSWER_LIMIT_S) as health:
            assert health.status == 200
    assert answers == [303] * 8


def test_forty_wrong_ones_at_once_leave_threads_for_others(folder: Path) -> None:
    with gunicorn(folder) as origin, ThreadPoolExecutor(40) as pool:
        answers = [pool.submit(sign_in, origin, f"guess {number}") for number in range(40)]
        with urllib.request.urlopen(f"{origin}/healthz", timeout=ANSWER_LIMIT_S) as health:
            assert health.status == 200
        assert {answer.result() for answer in answers} <= {401, 429}
