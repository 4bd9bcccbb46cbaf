"""The desk's way to gettext, with types: every page takes its words from here."""

from flask_babel import get_locale as _locale  # type: ignore[import-untyped]
from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext
from flask_babel import pgettext as _pgettext


def gettext(text: str, **values: object) -> str:
    """The words in the reader's language; `%(name)s` is filled in."""
    return str(_gettext(text, **values))


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The same for a counted thing; `%(num)s` is the count."""
    return str(_ngettext(one, many, count, **values))


def pgettext(context: str, text: str, **values: object) -> str:
    """The same for a word that another language says differently here than elsewhere."""
    return str(_pgettext(context, text, **values))


def language_now() -> str | None:
    """The language of the request; None outside of one."""
    locale = _locale()
    return str(locale.language) if locale else None
