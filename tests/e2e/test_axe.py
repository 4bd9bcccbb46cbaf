"""The check for accessibility itself: what is wrong is found, so that nothing found means something."""

from collections.abc import Callable

import pytest

from tests.e2e.axe import violations
from tests.e2e.browser import Browser

pytestmark = pytest.mark.browser

WRONG = """<!doctype html><html><head><title>Sai</title></head><body><main><h1>Sai</h1>
<p style="color:#bbb;background:#fff">nhạt quá</p><input type="text">
<img src="data:,"><button></button></main></body></html>"""


def test_faint_words_and_nameless_things_are_found(open_browser: Callable[..., Browser]) -> None:
    page = open_browser("wrong").open("about:blank")
    page.set_content(WRONG)
    assert {one["id"] for one in violations(page)} >= {
        "button-name",
        "color-contrast",
        "html-has-lang",
        "image-alt",
        "label",
    }
