"""/healthz tells whether the database can be written, and writes nothing to find out."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from server.config import Config
from server.queries import system
from server.version import VERSION


def test_a_well_service_says_so_with_its_database(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    told = answer.get_json()
    assert (told["status"], told["version"]) == ("ok", VERSION)
    assert told["database"]["kind"] == "sqlite"
    assert (told["database"]["journal"] == "wal") == ("note" not in told["database"])


def test_asking_changes_nothing(client: FlaskClient, session: Session) -> None:
    before = system.installation(session)
    client.get("/healthz")
    session.expire_all()
    assert system.installation(session) == before


def test_a_database_that_cannot_be_written_is_503_with_the_reason(app: Flask, config: Config) -> None:
    path = config.data_dir / "lantoa.db"
    for file in config.data_dir.glob("lantoa.db*"):
        file.unlink()
    path.write_bytes(b"this is no database at all, only some text" * 100)
    with app.app_context():
        from_pool_again(app)
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503
    assert "file is not a database" in answer.get_json()["reason"]


def from_pool_again(app: Flask) -> None:
    """Drops the open connections, as a restart would."""
    app.extensions["sqlalchemy"].engine.dispose()
