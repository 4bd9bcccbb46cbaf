"""A link as a QR inside a page: attributes only, so that the page's policy holds."""

import segno
from markupsafe import Markup


def of(link: str) -> Markup:
    drawn = segno.make(link, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None))
