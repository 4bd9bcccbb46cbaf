"""What a record is called in a list: how the law was told, and where; else its form's title."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import g

from forms import model_json
from forms.model import Form
from server.pages.frame import session
from server.pages.phrases import gettext
from server.pages.words import said
from server.queries import desk_words

METHOD = "method"


def of(form_id: str, version: str, summary: Mapping[str, Any]) -> str:
    """From the summary that intake made; no free text but the name of the place."""
    form = form_named(form_id, version)
    if form is None:
        return gettext("Biểu mẫu chưa biết: %(form)s", form=form_id)
    told = method_of(form, str(summary.get("method") or ""))
    place = str(summary.get("place") or "")
    return ": ".join(part for part in (told or said(form.title), place) if part)


def method_of(form: Form, code: str) -> str:
    """The words of a method's code as this form has them."""
    question = next((q for q in form.questions() if q.name == METHOD), None)
    listed = form.choices.get(question.options.choices or "", ()) if question and question.options else ()
    return next((said(choice.label) for choice in listed if choice.name == code), "")


def form_named(form_id: str, version: str) -> Form | None:
    """Asked of the database once in a request, however many rows of a list name it."""
    if "lantoa_forms" not in g:
        g.lantoa_forms = {}
    known: dict[tuple[str, str], Form | None] = g.lantoa_forms
    if (form_id, version) not in known:
        text = desk_words.form(session(), form_id, version)
        known[form_id, version] = _opened(text.model) if text else None
    return known[form_id, version]


@lru_cache(maxsize=64)
def _opened(model: str) -> Form:
    """A compiled form never changes: once is enough for one text of it."""
    return model_json.loads(model)
