"""The sheet choices: its lists, and whether the survey uses them."""

from forms.sheet_checks.source import YES, Source
from forms.sheets import Row


def check(source: Source) -> None:
    settings = source.book.get("settings")
    doubles = bool(settings and settings.rows and settings.rows[0].get("allow_choice_duplicates").lower() in YES)
    for row in source.choices.rows:
        if not row.get("list_name"):
            source.fault("no_list_name", "choices", row.number, "list_name", name=row.get("name"))
    for name, rows in source.lists.items():
        _names(source, name, rows, doubles)
    _unused(source)


def _names(source: Source, list_name: str, rows: list[Row], doubles: bool) -> None:
    many = any(item.rest == list_name for item in source.selects() if item.kind != "select_one")
    seen: dict[str, int] = {}
    for row in rows:
        name = row.get("name")
        if not name:
            source.fault("no_choice_name", "choices", row.number, "name", list=list_name)
        elif " " in name and many:
            source.fault("choice_with_space", "choices", row.number, "name", name=name, better=name.replace(" ", "_"))
        elif " " in name:
            source.fault("choice_name_space", "choices", row.number, "name", name=name, better=name.replace(" ", "_"))
        elif name in seen and not doubles:
            source.fault("choice_twice", "choices", row.number, "name", name=name, list=list_name, first=seen[name])
        seen.setdefault(name, row.number)


def _unused(source: Source) -> None:
    """Lists that no select names; an expression may still read one with instance('…')."""
    used = {item.rest for item in source.selects()}
    texts = " ".join(cell for row in source.survey.rows for cell in row.cells.values() if "instance(" in cell)
    texts += " ".join(row.get("parameters") for row in source.survey.rows)
    for name, rows in source.lists.items():
        if name not in used and name not in texts:
            source.warn("unused_list", "choices", rows[0].number, "list_name", list=name)
