"""Pictures and sounds that travel beside a form: drawn and reckoned here, the same bytes each time."""

import math
import struct
import wave
from pathlib import Path

from PIL import Image, ImageDraw

PICTURES = {
    "market.png": (200, 120, 40),
    "fish.png": (10, 90, 96),
    "rice.png": (180, 160, 90),
    "onion.png": (120, 30, 90),
}
SOUNDS = {"ask.wav": 440, "fish.wav": 660}
WIDE, HIGH = 320, 240
RATE = 8000


def written(folder: Path) -> list[Path]:
    """The files that tests/e2e/attached/choices_seen.md names."""
    return [
        *(_picture(folder / name, colour) for name, colour in PICTURES.items()),
        *(_sound(folder / name, hz) for name, hz in SOUNDS.items()),
    ]


def _picture(path: Path, colour: tuple[int, int, int]) -> Path:
    picture = Image.new("RGB", (WIDE, HIGH), colour)
    ImageDraw.Draw(picture).ellipse((60, 40, 260, 200), fill="white")
    picture.save(path)
    return path


def _sound(path: Path, hz: int) -> Path:
    wanted = (int(12_000 * math.sin(2 * math.pi * hz * n / RATE)) for n in range(RATE))
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(b"".join(struct.pack("<h", one) for one in wanted))
    return path
