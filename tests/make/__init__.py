"""Builders for the server's tests: a small province with a plan, people and registers, and records put into it.

Everything has a default; a test names only what it is about. Rows are written as intake writes them.
"""

from tests.make.base import MERGED_ON, NOON, YEAR_FIRST, YEAR_LAST, World
from tests.make.people import account, principal
from tests.make.plan import T2_FILTER, indicator, period
from tests.make.province import world
from tests.make.records import record
from tests.make.registers import member, provision
from tests.make.units import merger, unit

__all__ = [
    "MERGED_ON",
    "NOON",
    "T2_FILTER",
    "YEAR_FIRST",
    "YEAR_LAST",
    "World",
    "account",
    "indicator",
    "member",
    "merger",
    "period",
    "principal",
    "provision",
    "record",
    "unit",
    "world",
]
