"""Units: where a record is filed on its day, who lies in whom, how a unit counts its managed persons."""

from server.units.placing import BEFORE_THE_UNIT, FILED_UNDER_SUCCESSOR, Placed, on_day

__all__ = ["BEFORE_THE_UNIT", "FILED_UNDER_SUCCESSOR", "Placed", "on_day"]
