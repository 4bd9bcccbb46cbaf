"""A clock that stands still until a test moves it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MORNING = datetime(2024, 6, 15, 1, 0, tzinfo=UTC)  # 08:00 in Sóc Trăng


@dataclass
class SettableClock:
    """Passed to `create_app` as its clock."""

    at: datetime = MORNING

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **parts: float) -> datetime:
        """Moves the clock by `timedelta(**parts)`; the new instant."""
        self.at += timedelta(**parts)
        return self.at
