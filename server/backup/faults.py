"""Why a backup cannot be made, believed or restored: one sentence per fault."""

from collections.abc import Iterable


class BackupFault(Exception):
    """`faults`: all of them, for people."""

    def __init__(self, faults: Iterable[str] | str) -> None:
        self.faults = [faults] if isinstance(faults, str) else list(faults)
        super().__init__("\n".join(self.faults))
