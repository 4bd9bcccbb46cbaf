"""Photos as people see them: a re-encoded copy without metadata, never the bytes that came (D18, R21, R23)."""

from flask import Response, current_app

from server.config import Config
from server.media_files import DisplayCopies
from server.pages.blueprint import desk
from server.pages.frame import scope, session
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
