"""What is wrong with a preset: every fault at once, each with file, row and column."""

from collections.abc import Sequence

from server.sheet import SheetFault


class PresetFaults(Exception):
    """A preset that was not loaded, and why."""

    def __init__(self, faults: Sequence[SheetFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)
