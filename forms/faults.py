"""What is wrong with a form's source, and where. All faults are gathered; one raise carries them together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`row` counts like a spreadsheet (the header is row 1; 0 = the whole sheet); `column` is the column's heading."""

    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.sheet}, row {self.row}, {self.column or 'whole row'}: {self.message}"


class FormFaults(ValueError):
    """A form that cannot be compiled; `faults` in the order of the sheets."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
