"""The word lists: categories of special groups, methods, fields of law, roles. Other columns ride along as data."""

from dataclasses import dataclass

from server.plan.folder import Folder
from server.queries.plan import TermRow
from server.sheet import Line


@dataclass(frozen=True, slots=True)
class WordList:
    """A list, its file, and the columns with a closed set of values."""

    name: str
    file: str
    data: tuple[str, ...]
    closed: tuple[tuple[str, tuple[str, ...]], ...] = ()


LISTS = (
    WordList(
        "categories", "categories.csv", ("setting", "in_scope", "legal_basis", "changed_by", "evidence"),
        (("setting", ("cộng đồng", "giam giữ")), ("in_scope", ("yes", "optional", "no"))),
    ),
    WordList(
        "dissemination", "methods.csv", ("kind", "form", "counted_in", "evidence"),
        (("kind", ("session", "contact", "broadcast", "material", "contest", "tag")),),
    ),
    WordList("law_fields", "law_fields.csv", ("named_in_plan", "laws", "later_text", "evidence")),
    WordList("roles", "roles.csv", ("who", "appointed_by", "evidence")),
)  # fmt: skip
LAW_SEPARATOR = "; "


def read(folder: Folder) -> list[TermRow]:
    return [term for words in LISTS for term in _list(folder, words)]


def laws_of(terms: list[TermRow]) -> dict[str, frozenset[str]]:
    """field of law → names of its laws."""
    fields = [term for term in terms if term.list_name == "law_fields"]
    return {term.code: frozenset(filter(None, term.data["laws"].split(LAW_SEPARATOR))) for term in fields}


def _list(folder: Folder, words: WordList) -> list[TermRow]:
    lines = folder.table(words.file, ("code", "label_vi", *words.data))
    folder.once(lines, "code")
    return [_term(folder, words, line, position) for position, line in enumerate(lines, start=1)]


def _term(folder: Folder, words: WordList, line: Line, position: int) -> TermRow:
    folder.order(line, "valid_from", "valid_to")
    for column, allowed in words.closed:
        folder.one_of(line, column, allowed)
    return TermRow(
        list_name=words.name,
        code=folder.text(line, "code"),
        label=folder.words(line),
        data={column: line.get(column) for column in words.data},
        valid_from=folder.moved_day(line, "valid_from"),
        valid_to=folder.moved_day(line, "valid_to"),
        position=position,
    )
