"""Photos as pictures: can these bytes be decoded, and the copy that people see (re-encoded, without metadata).

Decoding is bounded: three formats, 40 million pixels, one frame. Originals are never served (D18, R20–R23).
"""

import io
import os
import secrets
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from sync.media import Folder, fsync_directory
from sync.problems import Problem

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 40_000_000
DISPLAY_MAX_SIDE = 1600
DISPLAY_QUALITY = 82


class _Unreadable(Exception):
    """The bytes are no photo that we open."""


def readable(path: Path) -> bool:
    """True when the whole picture can be decoded within bounds."""
    try:
        _decoded(path)
    except _Unreadable:
        return False
    return True


def picture_type(data: bytes) -> str | None:
    """The media type of bytes that are a whole picture within bounds, else None."""
    try:
        _decoded(io.BytesIO(data))
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            return Image.MIME.get(picture.format or "")
    except _Unreadable:
        return None


def _decoded(path: Path | io.BytesIO) -> Image.Image:
    """The upright picture without its metadata."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(path, formats=FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise _Unreadable("too many pixels")
                picture.draft("RGB", (DISPLAY_MAX_SIDE, DISPLAY_MAX_SIDE))
                upright = ImageOps.exif_transpose(picture)
                return upright.convert("RGB")
        except _Unreadable:
            raise
        except Exception as error:  # a decoder may raise anything over bytes from outside
            raise _Unreadable(str(error)) from error


@dataclass(frozen=True, slots=True)
class DisplayCopies:
    """Copies fit to be shown, beside the originals, made when first asked for."""

    folder: Folder

    def of(self, sha256: str) -> Path:
        """The path of the copy; Problem `media-not-there` when the original is gone or cannot be decoded."""
        copy = self.folder.root / "display" / sha256[:2] / f"{sha256}.jpg"
        if copy.exists():
            return copy
        original = self.folder.original(sha256)
        try:
            picture = _decoded(original)
        except _Unreadable as error:
            raise Problem("media-not-there") from error
        return _saved(picture, copy)


def _saved(picture: Image.Image, copy: Path) -> Path:
    """Two requests may make the same copy at once: each writes its own file, the last rename wins, both are whole."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    picture.thumbnail((DISPLAY_MAX_SIDE, DISPLAY_MAX_SIDE))
    draft = copy.with_name(f".{copy.name}.{secrets.token_hex(4)}")
    picture.save(draft, "JPEG", quality=DISPLAY_QUALITY, optimize=True)
    os.replace(draft, copy)
    fsync_directory(copy.parent)
    return copy
