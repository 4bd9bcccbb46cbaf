"""What all checks look at: the book, its rows with types and places, its lists and files, and the faults so far."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from forms.fault_words import fault
from forms.faults import Fault
from forms.kinds import BEGINS, ENDS, FILE_SELECT_TYPES, SELECT_TYPES, type_of
from forms.sheets import Book, Row, Sheet

NONE = Sheet("", (), ())


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the survey that makes something. `parent`: index of the group around it, -1 for the form itself."""

    row: Row
    kind: str
    rest: str  # the list or file of a select
    parent: int
    repeats: tuple[int, ...]  # the repeats around it, from outside in

    @property
    def name(self) -> str:
        return self.row.get("name")


@dataclass
class Source:
    """One form under check. `files`: columns of each CSV file at hand, by name without ".csv"; `complete`: there are no
    others."""

    book: Book
    files: Mapping[str, tuple[str, ...]]
    pictures: frozenset[str] = frozenset()
    complete: bool = True
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def survey(self) -> Sheet:
        return self.book.get("survey", NONE)

    @property
    def choices(self) -> Sheet:
        return self.book.get("choices", NONE)

    def fault(self, code: str, sheet: str, row: int = 0, column: str = "", /, **details: object) -> None:
        """`column`: the name that XLSForm gives it; the author's heading and its letter are found here."""
        self.faults.append(self._placed(code, sheet, row, column, details))

    def warn(self, code: str, sheet: str, row: int = 0, column: str = "", /, **details: object) -> None:
        self.warnings.append(self._placed(code, sheet, row, column, details))

    def _placed(self, code: str, sheet: str, row: int, column: str, details: dict[str, object]) -> Fault:
        found = self.book.get(sheet, NONE).column(column)
        return fault(code, sheet, row, found.heading, found.letter, **details)

    @cached_property
    def items(self) -> list[Item]:
        """Rows that open something or ask; ends close what is open and are told, if they do not fit, elsewhere."""
        found: list[Item] = []
        open_at: list[int] = []
        for row in self.rows:
            kind, rest = type_of(row.get("type"))
            if kind in ENDS:
                if open_at and found[open_at[-1]].kind == kind.replace("end", "begin"):
                    open_at.pop()
                continue
            repeats = tuple(at for at in open_at if found[at].kind == "begin repeat")
            found.append(Item(row, kind, rest, open_at[-1] if open_at else -1, repeats))
            if kind in BEGINS:
                open_at.append(len(found) - 1)
        return found

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Rows of the survey that say something: no comments, none that is switched off."""
        return tuple(
            row
            for row in self.survey.rows
            if (row.get("type") or row.get("name") or row.get("label")) and row.get("disabled").lower() not in YES
        )

    @cached_property
    def named(self) -> dict[str, list[int]]:
        """Name → indexes of the items that have it."""
        found: dict[str, list[int]] = {}
        for at, item in enumerate(self.items):
            if item.name:
                found.setdefault(item.name, []).append(at)
        return found

    @cached_property
    def lists(self) -> dict[str, list[Row]]:
        """The lists of the sheet choices, with their rows."""
        found: dict[str, list[Row]] = {}
        for row in self.choices.rows:
            if row.get("list_name"):
                found.setdefault(row.get("list_name"), []).append(row)
        return found

    @cached_property
    def instances(self) -> set[str]:
        """What instance('…') may name: the form's lists and the files that a row makes known."""
        made = {item.name for item in self.items if item.kind == "csv-external"}
        files = {item.rest.rpartition(".")[0] for item in self.items if item.kind in FILE_SELECT_TYPES}
        return {*self.lists, *made, *files, "__last-saved"}

    def columns_of(self, instance: str) -> tuple[str, ...] | None:
        """The columns that an instance's items have; None: not known."""
        if instance in self.lists:
            return tuple(dict.fromkeys(("name", "label", *(column.name for column in self.choices.columns), "itextId")))
        return self.files.get(instance)

    def selects(self) -> Iterator[Item]:
        return (item for item in self.items if item.kind in SELECT_TYPES)


YES = ("yes", "true", "true()")
NO = ("no", "false", "false()")
