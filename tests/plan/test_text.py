"""`server.text` against the vectors that the phone's twin satisfies too."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.text import search_key, sort_key

FILE = Path(__file__).parent.parent / "vectors" / "text.json"
VECTORS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "key"), VECTORS["search_key"])
def test_search_key_is_that_of_the_vectors(text: str, key: str) -> None:
    assert search_key(text) == key


@pytest.mark.parametrize(("text", "key"), VECTORS["sort_key"])
def test_sort_key_is_that_of_the_vectors(text: str, key: str) -> None:
    assert sort_key(text) == key


@pytest.mark.parametrize("names", VECTORS["order"])
def test_names_sort_in_vietnamese_order(names: list[str]) -> None:
    shuffled = sorted(names)[::-1]
    assert sorted(shuffled, key=sort_key) == names


@pytest.mark.parametrize(("query", "text", "found"), VECTORS["finds"])
def test_words_without_marks_find_words_with_marks(query: str, text: str, found: bool) -> None:
    assert all(word in search_key(text) for word in search_key(query).split()) is found


@given(st.text())
def test_a_sort_key_holds_only_digits_and_small_letters(text: str) -> None:
    assert set(sort_key(text)) <= set("0123456789abcdefghijklmnopqrstuvwxyz")


@given(st.text(alphabet="aăâbđeêoơuưàảãáạ 129"))
def test_a_search_key_is_its_own_search_key(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)
