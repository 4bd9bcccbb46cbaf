"""Functions over places: geopoints as "lat lon alt acc", traces and shapes as points parted by ";". See functions.py.

The Earth is a ball with the radius of its equator, as the ODK specification says; altitude counts for nothing.
"""

import math
import re
from dataclasses import dataclass
from itertools import pairwise

from forms.xpath.arguments import rounded, texts
from forms.xpath.elementary import asin, cos, sin
from forms.xpath.scope import Scope
from forms.xpath.tokens import BLANKS, tokens
from forms.xpath.values import NAN, Value

_RADIUS_M = 6_378_100.0
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    lat: float  # degrees
    lon: float


def area(_: Scope, shape: Value) -> float:
    """Square metres inside the points, closed by itself; NaN without any point, or if one is none."""
    places = _places([shape])
    if not places:
        return NAN
    total = 0.0
    for at, here in enumerate(places):
        there = places[(at + 1) % len(places)]
        total += _radians(there.lon - here.lon) * (2.0 + sin(_radians(here.lat)) + sin(_radians(there.lat)))
    return _hundredths(abs(total * _RADIUS_M * _RADIUS_M / 2.0)) if len(places) > 2 else 0.0


def distance(_: Scope, *points: Value) -> float:
    """Metres along the points, in their order; NaN without any point, or if one is none."""
    places = _places(list(points))
    if not places:
        return NAN
    total = 0.0
    for here, there in pairwise(places):
        total += _between(here, there)
    return _hundredths(total)


def geofence(_: Scope, point: Value, shape: Value) -> bool:
    """Whether the point lies inside: it does if a ray from it crosses the border an odd number of times."""
    here, border = _places([point]), _places([shape])
    if not here or not border:
        return False
    inside = False
    for at, end in enumerate(border):
        begin = border[at - 1]
        if (end.lon > here[0].lon) != (begin.lon > here[0].lon):
            slope = (begin.lat - end.lat) * (here[0].lon - end.lon) / (begin.lon - end.lon)
            inside = inside != (here[0].lat < slope + end.lat)
    return inside


def _between(here: Place, there: Place) -> float:
    """Great circle by the haversine formula: exact for near points too."""
    up = sin(_radians(there.lat - here.lat) / 2.0)
    across = sin(_radians(there.lon - here.lon) / 2.0)
    half = up * up + cos(_radians(here.lat)) * cos(_radians(there.lat)) * (across * across)
    return 2.0 * _RADIUS_M * asin(min(1.0, math.sqrt(half)))


def _places(values: list[Value]) -> list[Place] | None:
    """All points; empty answers are left out; None if something is no point."""
    found: list[Place] = []
    for part in (part for text in texts(tuple(values)) for part in text.split(";")):
        place = _place(part)
        if place is None and part.strip(BLANKS):
            return None
        found += [place] if place else []
    return found


def _place(text: str) -> Place | None:
    parts = tokens(text)
    if not 2 <= len(parts) <= 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    lat, lon = float(parts[0]), float(parts[1])
    return Place(lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _radians(degrees: float) -> float:
    return degrees * math.pi / 180.0


def _hundredths(value: float) -> float:
    return rounded(value * 100.0) / 100.0
