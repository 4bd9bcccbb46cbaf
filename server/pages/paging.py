"""Pages of a list: which rows the address asks for, and the addresses of the page before and after."""

from dataclasses import dataclass

from flask import request, url_for

from server.queries.slices import Slice

ROWS = 50
MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class Pages:
    page: int
    last: int
    total: int
    before: str | None
    after: str | None


def asked() -> int:
    """The page that the address names; the first one where it names none, or nonsense."""
    return min(max(whole(request.args.get("page", "")) or 1, 1), MOST_PAGES)


def whole(text: str) -> int | None:
    """A number as an address or a form writes it, at most ten digits; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None


def part(rows: int = ROWS) -> Slice:
    return Slice((asked() - 1) * rows, rows)


def pages(total: int, rows: int = ROWS) -> Pages:
    last = max(1, -(-total // rows))
    page = asked()
    return Pages(
        page, last, total, _address(page - 1) if page > 1 else None, _address(page + 1) if page < last else None
    )


def _address(page: int) -> str:
    values = {**request.args.to_dict(), **(request.view_args or {}), "page": str(page)}
    return url_for(request.endpoint or "desk.home", **values)
