"""Fixed defaults: what no person could have answered would stand in every record."""

from collections.abc import Callable, Mapping

from pyxform.utils import default_is_dynamic

from forms.answer_kinds import is_decimal, is_geopoint, is_integer
from forms.kinds import SELECT_TYPES
from forms.sheet_checks.source import Item, Source
from forms.xpath import dates

_FITS: Mapping[str, Callable[[str], bool]] = {
    "integer": is_integer,
    "decimal": is_decimal,
    "range": is_decimal,
    "date": dates.is_date,
    "time": dates.is_time,
    "dateTime": lambda text: dates.is_date_time(text) or dates.is_date(text),
    "geopoint": is_geopoint,
}


def check(source: Source) -> None:
    for item in source.items:
        text = item.row.get("default")
        if text and not default_is_dynamic(text, item.kind):
            _default(source, item, text)


def _default(source: Source, item: Item, text: str) -> None:
    place, fits = ("survey", item.row.number, "default"), _FITS.get(item.kind)
    if fits and not fits(text):
        source.fault("bad_default", *place, text=text[:60], type=item.kind)
        return
    offered = {row.get("name") for row in source.lists.get(item.rest, [])} if item.kind in SELECT_TYPES else set()
    names = [text] if item.kind == "select_one" else text.split()
    lost = [name for name in names if name not in offered]
    if offered and lost:
        source.warn("default_not_offered", *place, name=lost[0], list=item.rest)
