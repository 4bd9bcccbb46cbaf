"""A preset's folder, read once: its tables as lines, its dates moved by whole years (D10)."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from server.sheet import Line, Reading, SheetFault

Words = dict[str, str]


def moved(day: date, years: int) -> date:
    """The same day `years` later; 29 February is the 28th where the year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


class Folder(Reading):
    """Gathers the faults of all files of one preset. Without `year` its dates stay as they are written."""

    def __init__(self, path: Path, year: int | None) -> None:
        super().__init__()
        self.path = path
        self.years = 0
        if year is not None:
            self.years = year - self._own_year(year)

    def table(self, file: str, columns: Sequence[str], optional: bool = False) -> list[Line]:
        """The lines of a CSV file with at least these columns."""
        text = self.read(file, optional)
        return [] if text is None else self.lines(file, text, columns)

    def read(self, file: str, optional: bool = False) -> str | None:
        try:
            return (self.path / file).read_text(encoding="utf-8")
        except FileNotFoundError:
            if not optional:
                self.faults.append(SheetFault(file, 0, "", "this file is missing"))
        except (OSError, UnicodeDecodeError) as error:
            self.faults.append(SheetFault(file, 0, "", f"cannot be read as UTF-8 text: {error}"))
        return None

    def moved_day(self, line: Line, column: str) -> date | None:
        day = self.day(line, column)
        return None if day is None else moved(day, self.years)

    def needed_day(self, line: Line, column: str) -> date:
        """A day that may not be empty; a stand-in where it is, with its fault noted."""
        if not self.text(line, column):
            return date.max
        return self.moved_day(line, column) or date.max

    def words(self, line: Line, stem: str = "label", needed: bool = True) -> Words:
        """{vi, en} from the columns `stem_vi` and `stem_en`."""
        vi = self.text(line, f"{stem}_vi") if needed else line.get(f"{stem}_vi")
        en = line.get(f"{stem}_en")
        return {"vi": vi, "en": en} if en else {"vi": vi}

    def yearly(self, words: Words, last_day: date) -> Words:
        """`{year}` in a label is the year of the span's last day."""
        return {language: text.replace("{year}", str(last_day.year)) for language, text in words.items()}

    def unit_key(self, key: str) -> str:
        """`31522@2024-09-01` with its date moved; a key that is none stays as it is and is told elsewhere."""
        code, _, since = key.partition("@")
        try:
            return f"{code}@{moved(date.fromisoformat(since), self.years)}"
        except ValueError:
            return key

    def _own_year(self, wanted: int) -> int:
        """The year that the preset is written for: that of its plan's last day."""
        for line in self.lines("plan.csv", self.read("plan.csv") or "", ()):
            try:
                return date.fromisoformat(line.get("last_day")).year
            except ValueError:
                break
        self.faults.clear()  # reading the plan itself tells what is wrong with it
        return wanted
