"""The desk's words: English for every Vietnamese sentence, numbers and days as each language writes them."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages import pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from flask import Flask

from server.pages import words
from tests.pages.conftest import OpenDesk

PAGES = Path(words.__file__).parent
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
PLACES = re.compile(r"%\((\w+)\)s")


def sentences() -> Iterator[tuple[str, str | None]]:
    """Every sentence of the desk (its singular), with its context."""
    for _file, _line, message, _comments, context in extract_from_dir(str(PAGES), METHODS):
        yield (message[0] if isinstance(message, tuple) else message), context


def english() -> Catalog:
    with words.CATALOGUE.open("rb") as source:
        return pofile.read_po(source, locale="en")


def test_every_sentence_has_its_english() -> None:
    catalogue = english()
    found = {(text, context): catalogue.get(text, context) for text, context in sentences()}
    assert len(found) > 300
    assert [key for key, message in found.items() if message is None or not message.string] == []


def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    said = set(sentences())
    known = [(m.id[0] if isinstance(m.id, tuple) else m.id, m.context) for m in english() if m.id]
    assert [key for key in known if key not in said] == []


def test_english_fills_in_the_same_places() -> None:
    messages = [message for message in english() if message.id]
    odd = []
    for message in messages:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        odd += [s for s in said if set(PLACES.findall(s)) != set(PLACES.findall(ids[0]))]
    assert odd == []


@pytest.mark.parametrize(
    ("language", "number", "share", "day", "ago"),
    [("vi", "1.234,5", "58,3%", "15/6/2024", "7 ngày"), ("en", "1,234.5", "58.3%", "15 Jun 2024", "7 days")],
)
def test_numbers_and_days_are_written_as_the_language_does(
    language: str, number: str, share: str, day: str, ago: str, app: Flask
) -> None:
    with app.test_request_context(headers={"Cookie": f"{words.LANGUAGE_COOKIE}={language}"}):
        assert words.number(1234.5) == number
        assert words.share(0.583) == share
        assert words.day(date(2024, 6, 15)) == day
        now = datetime(2024, 6, 15, tzinfo=UTC)
        assert words.ago(now - timedelta(days=7, hours=3), now) == ago


def test_a_day_is_a_day_in_the_plans_zone(app: Flask) -> None:
    with app.test_request_context():
        assert words.moment(datetime(2024, 12, 31, 23, 30, tzinfo=UTC)) == "06:30, 1/1/2025"


def test_the_account_keeps_its_language(at_desk: OpenDesk) -> None:
    browser = at_desk("province")
    assert '<html lang="vi">' in browser.get("/desk/plan").text
    browser.post("/desk/account/language", {"language": "en"})
    page = browser.get("/desk/plan").text
    assert ('<html lang="en">' in page, "Kế hoạch" in page) == (True, False)
