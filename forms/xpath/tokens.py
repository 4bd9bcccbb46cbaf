"""Space-separated lists, as answers to select_multiple are. Only ASCII blanks part them, on phone and server alike."""

import re

_TOKEN = re.compile(r"[^\t-\r\x1c-\x20]+")
BLANKS = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f "


def tokens(text: str) -> list[str]:
    """The names in the list, in their order."""
    return _TOKEN.findall(text)
