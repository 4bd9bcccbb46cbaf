"""What a form calls itself: id, version, title. Every record carries the first two (PROTOCOL.md, the envelope), and a
name that no envelope takes would be found out in the field."""

import re
from collections.abc import Iterator

ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
LONGEST_ID = 64
LONGEST_VERSION = 64
LONGEST_TITLE = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

SETTING = {"bad_form_id": "form_id", "bad_version": "version", "long_title": "form_title"}


def identity_faults(form_id: str, version: str, title: str) -> Iterator[tuple[str, dict[str, object]]]:
    """(code, details) of those that are there; `SETTING` names the cell. What is missing is told elsewhere."""
    if form_id and not ID.fullmatch(form_id):
        yield "bad_form_id", {"name": form_id, "most": LONGEST_ID}
    if len(version) > LONGEST_VERSION or _CONTROL.search(version):
        yield "bad_version", {"most": LONGEST_VERSION}
    if len(title) > LONGEST_TITLE:
        yield "long_title", {"most": LONGEST_TITLE}
