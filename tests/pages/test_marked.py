"""What an author marked in a form's text: few elements, never HTML of the author's; the same on the phone."""

import json
from pathlib import Path

import pytest

from server.pages.marked import marked, plain

FILE = Path(__file__).parent.parent / "vectors" / "marked.json"
CASES = json.loads(FILE.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize(("text", "elements", "words"), CASES)
def test_marks_become_elements_and_all_else_is_shown_as_letters(text: str, elements: str, words: str) -> None:
    assert str(marked(text)) == elements
    assert plain(text) == words
