"""What is wrong with a form's source, and where. All faults are gathered; one raise carries them together.

Their words, in Vietnamese and English, are in fault_words.py.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """`sheet`: a sheet's name, an attachment's file name, "xform", or "" for the file as a whole. `row` counts like a
    spreadsheet (the header is row 1; 0 = the whole sheet); `column` is the heading as its author wrote it, `letter` the
    spreadsheet's letter for it. `code` and `details` choose and fill the words; `message` is the English sentence.
    """

    sheet: str
    row: int
    column: str
    message: str
    code: str = "form"
    details: Mapping[str, str] = field(default_factory=dict, hash=False)
    letter: str = ""

    def __str__(self) -> str:
        return f"{self.sheet}, row {self.row}, {self.column or 'whole row'}: {self.message}"


class FormFaults(ValueError):
    """A form that cannot be compiled; `faults` in the order of the sheets, `warnings` told beside them."""

    def __init__(self, faults: tuple[Fault, ...], warnings: tuple[Fault, ...] = ()) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
        self.warnings = warnings


def as_json(fault: Fault) -> dict[str, Any]:
    """The fault as JSON keeps it; `fault_of` reads it back."""
    return asdict(fault) | {"details": dict(fault.details)}


def fault_of(body: Mapping[str, Any]) -> Fault:
    return Fault(**body)
