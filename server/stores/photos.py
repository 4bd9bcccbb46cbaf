"""The photo that people may see, by its id. Whose eyes may see it is the caller's to decide, before it asks."""

from pathlib import Path

from flask import current_app

from server.db import db
from server.media_files import DisplayCopies
from server.queries import media as photos
from sync.problems import Problem

COPIES = "lantoa_display_copies"


def display_photo(media_id: str) -> Path:
    """The path of a JPEG without metadata; Problem `media-not-there` when there is none, or an unreadable one."""
    row = photos.found(db.session(), [media_id]).get(media_id)
    copies = current_app.extensions[COPIES]
    if row is None or row.state != "there" or not isinstance(copies, DisplayCopies):
        raise Problem("media-not-there")
    return copies.of(row.sha256)
