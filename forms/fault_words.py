"""The words of every fault: what is wrong and what to do, in Vietnamese and English.

`{name}` in a sentence is one of the fault's details. A code without an entry is told by its own message.
"""

import re
from dataclasses import dataclass

from forms import words_of_files, words_of_sheets
from forms.faults import Fault

WORDS: dict[str, tuple[str, str, str, str]] = {
    "form": (
        "Biểu mẫu có lỗi: {message}",
        "Sửa trong tệp rồi tải lên lại",
        "{message}",
        "Correct the file and upload it again",
    ),
    **words_of_files.WORDS,
    **words_of_sheets.WORDS,
}

NO_GUESS = "–"
_GUESS = re.compile(r"; có lẽ là: \{meant\}| \((?:có lẽ là:|perhaps) \{meant\}\)")


@dataclass(frozen=True, slots=True)
class Told:
    """A fault in a person's language: where it is, what is wrong, what to do."""

    where: str
    what: str
    do: str


def fault(code: str, sheet: str, row: int = 0, column: str = "", letter: str = "", /, **details: object) -> Fault:
    """A fault with its English sentence filled in."""
    texts = {name: str(value) for name, value in details.items()}
    return Fault(sheet, row, column, _filled(WORDS[code][2], texts, "en"), code, texts, letter)


def told(found: Fault, language: str = "vi") -> Told:
    """The fault's words in `language` ("vi" or "en")."""
    vi, vi_do, en, en_do = WORDS.get(found.code, WORDS["form"])
    what, do = (vi, vi_do) if language == "vi" else (en, en_do)
    if found.code == "later" and (instead := words_of_files.INSTEAD.get(found.sheet)):
        do = instead[language != "vi"]
    details = {"message": found.message, **found.details}
    return Told(place(found, language), _filled(what, details, language), _filled(do, details, language))


def _filled(sentence: str, details: dict[str, str], language: str) -> str:
    """Details go in as they are, only what a thing `needs` is itself a word of the catalogue."""
    need = words_of_files.NEEDS.get(details.get("needs", ""))
    words = details if need is None else {**details, "needs": need[0 if language == "vi" else 1]}
    harm = words_of_files.HARM.get(details.get("reason", ""))
    words = words if harm is None or language != "vi" else {**words, "reason": harm}
    return (_GUESS.sub("", sentence) if details.get("meant") == NO_GUESS else sentence).format_map(words)


def place(found: Fault, language: str = "vi") -> str:
    """ "Trang survey, dòng 12, cột relevant (G)"."""
    sheet, row, column = ("Trang", "dòng", "cột") if language == "vi" else ("Sheet", "row", "column")
    letter = f" ({found.letter})" if found.letter and found.letter not in found.column else ""
    parts = (
        f"{sheet} {found.sheet}" if found.sheet else "",
        f"{row} {found.row}" if found.row else "",
        f"{column} {found.column}{letter}" if found.column else "",
    )
    return ", ".join(part for part in parts if part)
