"""Photos as people see them: a re-encoded copy without metadata, never the bytes that came (D18, R21, R23)."""

from flask import Response, current_app

from server import audit, clock
from server.config import Config
from server.db import transaction
from server.media_files import DisplayCopies
from server.pages.blueprint import desk
from server.pages.frame import scope, session
from server.people import door
from server.people.policy import policy
from server.people.principal import REVIEWER, STAFF
from server.queries import desk_words
from sync.media import Folder
from sync.problems import Problem


@desk.get("/photo/<media_id>")
@policy("desk:reviewer,staff")
def photo(media_id: str) -> Response:
    sha256 = desk_words.photo_in(session(), scope(REVIEWER, STAFF), media_id)
    if sha256 is None:
        raise Problem("not-found")
    config: Config = current_app.extensions["lantoa_config"]
    answer = Response(DisplayCopies(Folder(config.media_dir)).of(sha256).read_bytes(), mimetype="image/jpeg")
    answer.headers["Content-Disposition"] = "inline; filename=photo.jpg"
    return answer


@desk.get("/file/<media_id>")
@policy("desk:reviewer,staff")
def media_file(media_id: str) -> Response:
    """A sound or a document: bytes that nobody looked into, only ever as a download; each is in the audit."""
    sha256 = desk_words.photo_in(session(), scope(REVIEWER, STAFF), media_id, image=False)
    if sha256 is None:
        raise Problem("not-found")
    with transaction() as writing:
        audit.note(
            writing, "record.file-seen", f"media:{media_id}", door.principal().account_id, None, None, clock.now()
        )
    config: Config = current_app.extensions["lantoa_config"]
    return download(Folder(config.media_dir).original(sha256).read_bytes(), media_id)


def download(body: bytes, media_id: str) -> Response:
    """R21: no type of its own, a name that we made, a sandbox."""
    answer = Response(body, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{media_id}.bin"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
