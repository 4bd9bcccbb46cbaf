"""What an author marked in a form's text: few elements, never HTML of the author's; the same on the phone."""

import json
from pathlib import Path

import pytest

from forms.tables import LONGEST_CELL
from server.pages.marked import marked, plain

FILE = Path(__file__).parent.parent / "vectors" / "marked.json"
CASES = json.loads(FILE.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize(("text", "elements", "words"), CASES)
def test_marks_become_elements_and_all_else_is_shown_as_letters(text: str, elements: str, words: str) -> None:
    assert str(marked(text)) == elements
    assert plain(text) == words


@pytest.mark.parametrize("part", ["[", "**a ", "_a ", "<a", "# #", "[a](", "*", "_", "**a __b ", "*a _b "])
def test_the_longest_cell_full_of_signs_is_read(part: str) -> None:
    text = part * (LONGEST_CELL // len(part))
    assert len(plain(text)) <= len(text)
    assert len(marked(text).striptags()) <= len(text)
