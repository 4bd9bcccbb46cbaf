"""Which rows of a list a page asks for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slice:
    """All that come after `offset`, at most `limit`."""

    offset: int
    limit: int
