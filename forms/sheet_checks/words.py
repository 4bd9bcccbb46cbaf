"""Labels and their languages, and the files that labels show or play."""

from forms.headings import TRANSLATED
from forms.kinds import ALL_TYPES, BEGINS, UNSEEN_TYPES
from forms.sheet_checks.source import Item, Source
from forms.sheets import Column, Row, Sheet

_SHOWN = ("label", "hint", "media")


def check(source: Source) -> None:
    for item in source.items:
        if item.kind in ALL_TYPES and _is_seen(item) and not _has_words(item.row):
            source.fault("no_label", "survey", item.row.number, "label", name=item.name)
        else:
            _translations(source, source.survey, item.row)
    for row in source.choices.rows:
        if row.get("name") and not _has_words(row):
            source.fault("choice_without_label", "choices", row.number, "label", name=row.get("name"))
        else:
            _translations(source, source.choices, row)
    _languages(source)
    _media(source)


def _is_seen(item: Item) -> bool:
    """What is calculated and has no words is on no page, whatever its type."""
    return item.kind not in (*UNSEEN_TYPES, *BEGINS) and not item.row.get("calculation")


def _has_words(row: Row) -> bool:
    return any(name.split("::")[0] in _SHOWN for name in row.cells)


def _translations(source: Source, sheet: Sheet, row: Row) -> None:
    """A word in one language asks for it in the others."""
    for word in TRANSLATED:
        columns = [column for column in sheet.translated(word) if "::" in column.name]
        empty = [column for column in columns if not row.get(column.name)]
        if len(columns) > 1 and 0 < len(empty) < len(columns):
            for column in empty:
                if not _is_optional(column):
                    source.warn("no_translation", sheet.name, row.number, column.name, language=_language(column))


def _is_optional(column: Column) -> bool:
    """Khmer stands only where a listener reads or hears it; the rest falls back."""
    return "(km)" in column.name


def _language(column: Column) -> str:
    return column.name.split("::", 1)[1]


def _languages(source: Source) -> None:
    """The labels of survey and choices speak the same languages, and the default is one of them (or of `label`)."""
    asked, offered = _of_labels(source.survey), _of_labels(source.choices)
    lacking = {language for language in asked ^ offered if "(km)" not in language}
    if source.choices.rows and lacking:
        only = ", ".join(sorted(lacking))
        source.warn("languages_differ", "choices", source.choices.header_row, "label", languages=only)
    settings = source.book.get("settings")
    default = settings.rows[0].get("default_language") if settings and settings.rows else ""
    if default and asked and default not in asked and all(one.name != "label" for one in source.survey.columns):
        source.fault(
            "default_language", "settings", settings.rows[0].number if settings else 0, "default_language",
            language=default, known=", ".join(sorted(asked)),
        )  # fmt: skip


def _of_labels(sheet: Sheet) -> set[str]:
    return {_language(column) for column in sheet.translated("label") if "::" in column.name}


def _media(source: Source) -> None:
    for sheet in (source.survey, source.choices):
        columns = [column for column in sheet.columns if column.name.startswith("media::")]
        for row in sheet.rows if columns else ():
            for column in columns:
                _file(source, sheet, row, column.name)


def _file(source: Source, sheet: Sheet, row: Row, name: str) -> None:
    file = row.get(name)
    if not file or "${" in file:
        return
    if name.startswith("media::video"):
        source.fault("later", sheet.name, row.number, name, thing="video", needs="video")
    elif file not in source.pictures:
        source.warn("missing_media", sheet.name, row.number, name, file=file)
