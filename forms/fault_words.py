"""The words of every fault, once: code → what is wrong and what to do, in Vietnamese and English.

`{name}` in a sentence is one of the fault's details. A code without an entry is told by its own message.
"""

from dataclasses import dataclass

from forms.faults import Fault


@dataclass(frozen=True, slots=True)
class Sentences:
    vi: str
    vi_do: str
    en: str
    en_do: str


@dataclass(frozen=True, slots=True)
class Told:
    """A fault in a person's language: where it is, what is wrong, what to do."""

    where: str
    what: str
    do: str


WORDS: dict[str, Sentences] = {
    "form": Sentences(
        "Biểu mẫu có lỗi: {message}",
        "Sửa trong tệp rồi tải lên lại.",
        "{message}",
        "Correct the file and upload it again.",
    ),
}


def fault(code: str, sheet: str, row: int = 0, column: str = "", letter: str = "", **details: object) -> Fault:
    """A fault with its English sentence filled in."""
    texts = {name: str(value) for name, value in details.items()}
    return Fault(sheet, row, column, WORDS[code].en.format_map(texts), code, texts, letter)


def told(found: Fault, language: str = "vi") -> Told:
    """The fault's words in `language` ("vi" or "en")."""
    words = WORDS.get(found.code, WORDS["form"])
    what, do = (words.vi, words.vi_do) if language == "vi" else (words.en, words.en_do)
    details = {"message": found.message, **found.details}
    return Told(place(found, language), what.format_map(details), do.format_map(details))


def place(found: Fault, language: str = "vi") -> str:
    """ "trang survey, dòng 12, cột relevant (G)"."""
    sheet, row, column = ("trang", "dòng", "cột") if language == "vi" else ("sheet", "row", "column")
    letter = f" ({found.letter})" if found.letter else ""
    parts = (
        f"{sheet} {found.sheet}" if found.sheet else "",
        f"{row} {found.row}" if found.row else "",
        f"{column} {found.column}{letter}" if found.column else "",
    )
    return ", ".join(part for part in parts if part)
