"""Recalling a release of the phone app: what the server then answers, and the command that says so."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import phone_files, recall

SERVED, OTHER = "0.1.0+00000001", "0.1.0+00000002"
RESCUE = "rescue(__RECALLED__, __ALONE__)"


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    folder.mkdir()
    for name in ("index.html", "recalled.html", "sw.js", "sw-sending.js"):
        (folder / name).write_text(name)
        (folder / f"{name}.br").write_bytes(b"packed")
    (folder / "rescue.js").write_text(RESCUE)
    (folder / "assets.json").write_text(json.dumps({"version": SERVED}))
    return folder


@pytest.fixture
def phone(tmp_path: Path, dist: Path) -> FlaskClient:
    service = Flask("phone")
    phone_files.mount(service, dist, lambda: recall.recalled(tmp_path))
    return service.test_client()


@pytest.mark.parametrize("name", ["sw.js", "sw-sending.js"])
def test_a_recalled_build_gives_the_rescue_alone_and_words_for_its_page(
    phone: FlaskClient, tmp_path: Path, name: str
) -> None:
    recall.recall(tmp_path, SERVED)
    worker = phone.get(f"/{name}", headers={"Accept-Encoding": "br"})
    assert worker.text.strip() == f'rescue(["{SERVED}"], true)'
    assert (worker.mimetype, worker.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    page = phone.get("/")
    assert (page.status_code, page.text) == (503, "recalled.html")


@pytest.mark.parametrize("name", ["sw.js", "sw-sending.js"])
def test_another_build_gives_its_own_worker_behind_the_rescue(phone: FlaskClient, tmp_path: Path, name: str) -> None:
    recall.recall(tmp_path, OTHER)
    assert phone.get(f"/{name}").text == f'rescue(["{OTHER}"], false)\n{name}'
    assert phone.get("/").text == "index.html"


def test_a_lifted_recall_leaves_no_trace_in_the_answers(phone: FlaskClient, tmp_path: Path) -> None:
    before = phone.get("/sw.js").headers["ETag"]
    recall.recall(tmp_path, OTHER)
    assert phone.get("/sw.js", headers={"If-None-Match": before}).status_code == 200
    recall.lift(tmp_path, OTHER)
    assert phone.get("/sw.js", headers={"If-None-Match": before}).status_code == 304


def test_the_command_recalls_tells_and_lifts(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["app", "recall", SERVED]).exit_code == 0
    assert f"recalled  {SERVED}" in runner.invoke(args=["app", "versions"]).output
    assert runner.invoke(args=["app", "lift", SERVED]).exit_code == 0
    assert "recalled" not in runner.invoke(args=["app", "versions"]).output


def test_what_is_no_version_is_refused_in_words(app: Flask) -> None:
    refused = app.test_cli_runner().invoke(args=["app", "recall", "latest"])
    assert refused.exit_code == 2
    assert "is no version" in refused.stderr
