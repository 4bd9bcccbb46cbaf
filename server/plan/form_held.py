"""Which version of a form each phone holds, as far as the server can know: the one in force when it last asked."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from server.queries.forms import VersionLine


def held(lines: Collection[VersionLine], contacts: Iterable[datetime]) -> dict[int, int]:
    """version → phones. A phone that last asked before anything was published holds none."""
    found = Counter(in_force(lines, at) for at in contacts)
    return {version: count for version, count in found.items() if version is not None}


def in_force(lines: Collection[VersionLine], at: datetime) -> int | None:
    """Of those published by then and not closed the newest; one opened again counts from its first publishing."""
    open_then = [
        (line.published_at, line.id)
        for line in lines
        if line.published_at is not None and line.published_at <= at and not (line.closed_at and line.closed_at <= at)
    ]
    return max(open_then)[1] if open_then else None
