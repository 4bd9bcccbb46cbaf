"""Language of the desk: Vietnamese source text, English catalogue; numbers and dates as each language writes them.

The catalogue is read from its .po file when the app starts, so that nothing compiled has to be kept.
Labels that are data (`{vi, en?}`, D24) never pass through it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import dates, numbers
from babel.messages import mofile, pofile
from babel.support import Translations
from flask import Flask, g, request
from flask_babel import Babel  # type: ignore[import-untyped]
from markupsafe import Markup

from server.clock import PLAN_ZONE
from server.pages.phrases import gettext, language_now, ngettext
from server.pages.statuses import role

LANGUAGES = ("vi", "en")
LANGUAGE_COOKIE = "lantoa-language"
CATALOGUE = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"
DAY = {"vi": "d/M/yyyy", "en": "d MMM yyyy"}
DAY_SHORT = {"vi": "d/M", "en": "d MMM"}
ZONE = ZoneInfo(PLAN_ZONE)


def mount(app: Flask) -> None:
    """Sets the language of each request and gives the templates their filters."""
    babel = Babel(app, default_locale="vi", default_timezone=PLAN_ZONE, locale_selector=chosen)
    with app.app_context():
        babel.domain_instance.cache["en", "messages"] = catalogue()
    for name, filter_ in FILTERS.items():
        app.add_template_filter(filter_, name)
    app.add_template_global(language, "language")


def catalogue() -> Translations:
    """The English words, compiled in memory."""
    compiled = BytesIO()
    with CATALOGUE.open("rb") as source:
        mofile.write_mo(compiled, pofile.read_po(source, locale="en"))
    compiled.seek(0)
    return Translations(compiled)


def chosen() -> str:
    """The language of the account, else of the cookie set at the sign-in page, else Vietnamese."""
    wanted = g.get("desk_language") or request.cookies.get(LANGUAGE_COOKIE)
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def language() -> str:
    """`vi` or `en`; Vietnamese outside a request."""
    return language_now() or LANGUAGES[0]


def said(words: Mapping[str, Any] | None) -> str:
    """One of `{vi, en?, km?}` in the reader's language, Vietnamese where that one is missing (D24).

    A form that was uploaded may speak neither: then the first language that it has.
    """
    if not words:
        return ""
    return str(words.get(language()) or words.get("vi") or next((text for text in words.values() if text), ""))


def number(value: float) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English; at most one decimal."""
    return numbers.format_decimal(value, format="#,##0.#", locale=language())


def share(value: float, digits: int = 1) -> str:
    """58,3% from 0.583: no space before the sign."""
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return numbers.format_decimal(value * 100, format=pattern, locale=language()) + "%"


def day(value: date | None) -> str:
    return "" if value is None else dates.format_date(value, DAY[language()], locale=language())


def day_short(value: date | None) -> str:
    """15/6: in lists whose year is said elsewhere."""
    return "" if value is None else dates.format_date(value, DAY_SHORT[language()], locale=language())


def weekday(value: date) -> str:
    return dates.format_date(value, "EEEE", locale=language())


def moment(value: datetime | None) -> str:
    """14:05, 12/6/2024 in the plan's zone."""
    return "" if value is None else f"{clock(value)}, {day(value.astimezone(ZONE).date())}"


def clock(value: datetime) -> str:
    return f"{value.astimezone(ZONE):%H:%M}"


def ago(value: datetime | None, now: datetime) -> str:
    """7 ngày, 22 giờ, 5 phút: one unit, the largest that is not 0."""
    if value is None:
        return gettext("chưa lần nào")
    return lasting(now - value)


def lasting(span: timedelta) -> str:
    """A span in its largest unit."""
    minutes = max(int(span.total_seconds()) // 60, 0)
    if minutes < 60:
        return ngettext("%(num)s phút", "%(num)s phút", minutes)
    if minutes < 24 * 60:
        return ngettext("%(num)s giờ", "%(num)s giờ", minutes // 60)
    return ngettext("%(num)s ngày", "%(num)s ngày", minutes // (24 * 60))


def lines(text: str) -> Markup:
    """Text with its line breaks, escaped."""
    return Markup("<br>").join(text.splitlines())


FILTERS: dict[str, Callable[..., Any]] = {
    "said": said,
    "number": number,
    "share": share,
    "day": day,
    "day_short": day_short,
    "weekday": weekday,
    "moment": moment,
    "clock": clock,
    "ago": ago,
    "lasting": lasting,
    "lines": lines,
    "role": role,
}
