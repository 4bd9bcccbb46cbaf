"""Whether an answer has the shape that its question's type asks for (T-… in SUPPORTED.md). Twin of answer_kinds.ts."""

import math
import re
from collections.abc import Callable

from forms.model import Question
from forms.xpath import dates
from forms.xpath.tokens import tokens

Fits = Callable[[str], bool]

_INTEGER = re.compile(r"-?\d{1,15}", re.ASCII)
_DECIMAL = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_MEDIA = re.compile(r"[0-9a-f]{32}")
_NEARLY = 1e-6  # of a step: 0.1 + 0.2 is on the step 0.3


def is_integer(text: str) -> bool:
    return _INTEGER.fullmatch(text) is not None


def is_decimal(text: str) -> bool:
    return _DECIMAL.fullmatch(text) is not None


def _is_media(text: str) -> bool:
    return _MEDIA.fullmatch(text) is not None


def _is_set(text: str) -> bool:
    """Names parted by spaces, each once."""
    names = tokens(text)
    return len(names) == len(set(names))


def is_geopoint(text: str) -> bool:
    """Latitude, longitude, and if known altitude and accuracy in metres, parted by spaces."""
    parts = text.split(" ")
    if not 2 <= len(parts) <= 4 or not all(map(is_decimal, parts)):
        return False
    latitude, longitude, *_ = accuracy = [float(part) for part in parts]
    return abs(latitude) <= 90 and abs(longitude) <= 180 and (len(accuracy) < 4 or accuracy[3] >= 0)


_TYPES: dict[str, Fits] = {
    "integer": is_integer,
    "decimal": is_decimal,
    "date": dates.is_date,
    "time": dates.is_time,
    "dateTime": dates.is_date_time,
    "select_multiple": _is_set,
    "rank": _is_set,
    "geopoint": is_geopoint,
    **dict.fromkeys(("image", "audio", "file"), _is_media),
}


def fits_of(question: Question) -> Fits | None:
    """The check of one question's answers; None where any text will do."""
    return _within(question.parameters) if question.type == "range" else _TYPES.get(question.type)


def _within(parameters: dict[str, str]) -> Fits:
    start, end, step = (float(parameters[name]) for name in ("start", "end", "step"))
    low, high = min(start, end), max(start, end)

    def fits(text: str) -> bool:
        if not is_decimal(text) or not low <= float(text) <= high:
            return False
        steps = abs(float(text) - start) / abs(step)
        return abs(steps - math.floor(steps + 0.5)) < _NEARLY

    return fits
