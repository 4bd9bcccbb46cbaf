"""What every builder starts from: the ids of what was made, and the days that the tests turn on."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

YEAR_FIRST, YEAR_LAST = date(2024, 1, 1), date(2024, 12, 31)
MERGED_ON = date(2024, 9, 1)
NOON = datetime(2024, 6, 15, 5, 0, tzinfo=UTC)


@dataclass
class World:
    """Ids of what was made, by short names."""

    units: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    devices: dict[str, int] = field(default_factory=dict)
    indicators: dict[str, int] = field(default_factory=dict)
    periods: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    plan_id: int = 0
    made: int = 0

    def next(self) -> int:
        self.made += 1
        return self.made
