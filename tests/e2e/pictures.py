"""A photograph as a phone makes it: several megabytes of detail, lying on its side, with position and time in it."""

import random
from pathlib import Path

from PIL import Image

SIDE = (4000, 3000)


def big_jpeg(path: Path, seed: int = 1739) -> Path:
    """Writes a JPEG of several megabytes with EXIF orientation 6 and a GPS position; same seed, same bytes."""
    noise = Image.frombytes(
        "RGB", (SIDE[0] // 2, SIDE[1] // 2), random.Random(seed).randbytes(SIDE[0] * SIDE[1] * 3 // 4)
    )
    picture = noise.resize(SIDE, Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (9.0, 36.0, 0.0), 3: "E", 4: (105.0, 58.0, 0.0)})
    exif.get_ifd(0x8769)[0x9003] = "2026:11:20 08:30:00"
    picture.save(path, "JPEG", quality=80, exif=exif)
    return path
