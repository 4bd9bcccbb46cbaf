"""The tables. ORM objects stay inside `server.queries`; other layers get frozen dataclasses."""

from server.models import coverage, people, plan, records, registers, system, units

__all__ = ["coverage", "people", "plan", "records", "registers", "system", "units"]
