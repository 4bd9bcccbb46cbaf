"""Which types, appearances and parameters a form may use, which come later, and which go together.

https://xlsform.org/en/ref-table/ and https://docs.getodk.org/form-question-types/; SUPPORTED.md lists the same.
"""

import re
from dataclasses import dataclass

SIMPLE_TYPES = (
    "text", "integer", "decimal", "range", "date", "time", "dateTime", "note", "acknowledge", "image", "audio", "file",
    "barcode", "geopoint", "calculate", "hidden",
)  # fmt: skip
SELECT_TYPES = ("select_one", "select_multiple", "rank")
FILE_SELECT_TYPES = ("select_one_from_file", "select_multiple_from_file")
PRELOAD_TYPES = ("start", "end", "today", "deviceid", "username", "email", "phonenumber")
BEGINS = ("begin group", "begin repeat")
ENDS = ("end group", "end repeat")
OTHER_TYPES = ("csv-external", *BEGINS, *ENDS)
ALL_TYPES = (*SIMPLE_TYPES, *SELECT_TYPES, *FILE_SELECT_TYPES, *PRELOAD_TYPES, *OTHER_TYPES)
UNSEEN_TYPES = ("calculate", "hidden", "csv-external", *PRELOAD_TYPES)

# What each needs, in words of fault_words.NEEDS; forms that use them are told so, per question.
LATER_TYPES = {
    "geotrace": "map_line",
    "geoshape": "map_area",
    "video": "video",
    "background-audio": "recording",
    "audit": "audit",
    "xml-external": "xml_file",
    "start-geopoint": "own_place",
    "background-geopoint": "own_place",
    "osm": "map_edit",
}
GONE_TYPES = ("simserial", "subscriberid", "imei")  # phones do not give them any more
_EVERY_TYPE = frozenset((*ALL_TYPES, *LATER_TYPES, *GONE_TYPES))
LATER_APPEARANCES = {
    "image-map": "image_map",
    "map": "map",
    "maps": "map",
    "placement-map": "map",
    "bearing": "compass",
    "printer": "printer",
    "counter": "counter",
    "masked": "masked",
    "hidden-answer": "masked",
    "ethiopian": "calendar",
    "coptic": "calendar",
    "islamic": "calendar",
    "bikram-sambat": "calendar",
    "myanmar": "calendar",
    "persian": "calendar",
    "buddhist": "calendar",
}
LATER_COLUMNS = {"save_to": "entities", "body::intent": "other_app"}
LATER_SHEETS = {"entities": "entities", "osm": "map_edit", "external_choices": "old_cascade"}

_ALIASES = {
    "begin_group": "begin group",
    "end_group": "end group",
    "begin_repeat": "begin repeat",
    "end_repeat": "end repeat",
    "begin lgroup": "begin repeat",
    "end lgroup": "end repeat",
    "datetime": "dateTime",
    "date time": "dateTime",
    "int": "integer",
    "string": "text",
    "photo": "image",
    "trigger": "acknowledge",
    "location": "geopoint",
    "gps": "geopoint",
    "device id": "deviceid",
    "phone number": "phonenumber",
    "start time": "start",
    "end time": "end",
    "sim id": "simserial",
    "subscriber id": "subscriberid",
    "select1": "select_one",
}
# Of the first sheets: "add integer prompt", "q int", "get start time", "uri:deviceid".
_OLD = re.compile(r"(?:add (.+) prompt|q (.+)|get (.+)|uri:(.+))$", re.IGNORECASE)
_SELECT_WORDS = {
    "select one from file": "select_one_from_file",
    "select multiple from file": "select_multiple_from_file",
    "select all that apply from": "select_multiple",
    "select all that apply": "select_multiple",
    "add select multiple prompt using": "select_multiple",
    "select multiple from": "select_multiple",
    "select multiple": "select_multiple",
    "add select one prompt using": "select_one",
    "select one from": "select_one",
    "select one": "select_one",
}
_OR_OTHER = (" or specify other", " or_other", " or other")
_TEXTS, _NUMBERS = ("text",), ("integer", "decimal")
SELECTS = (*SELECT_TYPES, *FILE_SELECT_TYPES)
_ONES, _MANYS = ("select_one", "select_one_from_file"), ("select_multiple", "select_multiple_from_file")

# appearance → the types that it changes; () = every question
APPEARANCES: dict[str, tuple[str, ...]] = {
    "folded": ("begin group",),
    "picker": (*SELECTS, "range"),
    "chips": SELECTS,
    "number-pad": _NUMBERS,
    "multiline": _TEXTS,
    "numbers": _TEXTS,
    "url": _TEXTS,
    "same": (),
    "thousands-sep": (*_NUMBERS, "text"),
    "minimal": SELECTS,
    "autocomplete": SELECTS,
    "quick": _ONES,
    "columns": SELECTS,
    "columns-pack": SELECTS,
    "likert": _ONES,
    "no-buttons": SELECTS,
    "label": SELECTS,
    "list": SELECTS,
    "list-nolabel": SELECTS,
    "rating": ("range",),
    "vertical": ("range",),
    "no-ticks": ("range",),
    "month-year": ("date",),
    "year": ("date",),
    "no-calendar": ("date", "dateTime"),
    "new": ("image", "audio"),
    "new-front": ("image",),
    "annotate": ("image",),
    "draw": ("image",),
    "signature": ("image",),
    "field-list": BEGINS,
    "table-list": ("begin group",),
}
# Old or of other programs: they change nothing here and are told as such.
IDLE_APPEARANCES = re.compile(
    r"(w\d+|compact(-\d+)?|quickcompact(-\d+)?|horizontal(-compact)?|search|pages|theme-grid"
    r"|no-collapse|hide-input|front|new-rear|dropdown|comment|analog-scale|distress|grid|hidden)$"
)
_COLUMNS_N = re.compile(r"columns-\d+$")


@dataclass(frozen=True, slots=True)
class Parameter:
    """`values`: the words that it may have; () = see `number`."""

    types: tuple[str, ...]
    values: tuple[str, ...] = ()
    number: str = ""  # "" any text · "number" · "count" (whole, above 0)


_TRUTH = ("true", "false")
PARAMETERS: dict[str, Parameter] = {
    "max-pixels": Parameter(("image",), number="count"),
    "quality": Parameter(("audio",), ("voice-only", "low", "normal", "external")),
    "start": Parameter(("range",), number="number"),
    "end": Parameter(("range",), number="number"),
    "step": Parameter(("range",), number="number"),
    "tick_interval": Parameter(("range",), number="number"),
    "tick_labelset": Parameter(("range",)),
    "placeholder": Parameter(("range",)),
    "randomize": Parameter(SELECTS, _TRUTH),
    "seed": Parameter(SELECTS),
    "value": Parameter(FILE_SELECT_TYPES),
    "label": Parameter(FILE_SELECT_TYPES),
    "capture-accuracy": Parameter(("geopoint",), number="number"),
    "warning-accuracy": Parameter(("geopoint",), number="number"),
    "allow-mock-accuracy": Parameter(("geopoint",), _TRUTH),
    "rows": Parameter(_TEXTS, number="count"),
    "app": Parameter(("image",)),
}


def type_of(cell: str) -> tuple[str, str]:
    """("select_one", "list") from "select_one list"; the second part is empty for other types."""
    words = " ".join(cell.split())
    low = words.lower()
    for long, short in _SELECT_WORDS.items():
        if low == long or low.startswith(f"{long} "):
            return short, _list_of(words[len(long) :].strip())
    if is_type(whole := _today(low)):
        return whole, ""
    first, _, rest = words.partition(" ")
    known = _today(first.lower())
    return known if is_type(known) else first, _list_of(rest)


def is_type(kind: str) -> bool:
    return kind in _EVERY_TYPE


def _today(low: str) -> str:
    """A type in small letters, of whatever age, as it is called now."""
    old = _OLD.match(low)
    plain = next(filter(None, old.groups()), low) if old else low
    return _ALIASES.get(plain, plain)


def _list_of(rest: str) -> str:
    """The list's name without "or_other" behind it."""
    return next((rest.removesuffix(other) for other in _OR_OTHER if rest.endswith(other)), rest)


def has_other(cell: str) -> bool:
    return " ".join(cell.split()).endswith(_OR_OTHER)


def fits(appearance: str, kind: str) -> bool | None:
    """Whether an appearance changes this type; None for one that is not known."""
    if _COLUMNS_N.match(appearance):
        return kind in SELECTS
    types = APPEARANCES.get(appearance)
    return None if types is None else not types or kind in types
