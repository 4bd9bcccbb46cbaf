"""Small drawn photos for the demonstration: a hall from behind, a banner that says so. No real place, no face."""

import io
from random import Random

from PIL import Image, ImageDraw, ImageFont

SIZE = (640, 480)
WALLS = ("#d9cfb8", "#c8d4cf", "#d6c8bf", "#cfd3de")
SHIRTS = ("#3d5a6c", "#7a4b3a", "#4b6b43", "#5b4a78", "#8a7433", "#35494f")


def hall(chance: Random, caption: str) -> bytes:
    """A JPEG of some 10–25 kB; `caption` in ASCII, so that no two are alike."""
    picture = Image.new("RGB", SIZE, chance.choice(WALLS))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 330, *SIZE), fill="#8c7a63")
    draw.rectangle((130, 60, 510, 150), fill="#9b2f26")
    draw.text((150, 72), "DU LIEU MAU", font=ImageFont.load_default(44), fill="#f4e9c9")
    draw.text((150, 122), caption, font=ImageFont.load_default(16), fill="#f4e9c9")
    for row in range(3):
        _row(draw, chance, 270 + row * 70, 26 + row * 6)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=72)
    return out.getvalue()


def _row(draw: ImageDraw.ImageDraw, chance: Random, top: int, radius: int) -> None:
    """Heads and shoulders seen from the back."""
    for left in range(30, SIZE[0] - 30, int(radius * 2.8)):
        x = left + chance.randint(-8, 8)
        y = top + chance.randint(-8, 8)
        draw.ellipse((x - radius, y + radius, x + radius, y + radius * 4), fill=chance.choice(SHIRTS))
        draw.ellipse((x - radius // 2, y, x + radius // 2, y + radius + 6), fill="#2b221d")
