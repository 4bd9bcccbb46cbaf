"""Sheets and their headings: missing, unknown, doubled, or for what comes later; the sheet settings."""

from forms.fault_words import fault
from forms.headings import OF_SHEET, can_be_asked, is_known, nearest
from forms.identity import SETTING, identity_faults
from forms.kinds import LATER_COLUMNS, LATER_SHEETS
from forms.sheet_checks.source import NO, Source
from forms.sheets import KNOWN_SHEETS, Sheet

_NEEDED = {"survey": ("type", "name"), "choices": ("list_name", "name")}
_IDLE_SETTINGS = ("submission_url", "auto_send", "auto_delete", "style", "sms_keyword", "client_editable", "namespaces")


def check(source: Source) -> None:
    for name, sheet in source.book.items():
        if name in LATER_SHEETS and sheet.rows:
            source.fault("later", name, thing=name, needs=LATER_SHEETS[name])
        elif name in OF_SHEET:
            _columns(source, sheet)
        elif name not in KNOWN_SHEETS and not name.startswith("_") and (meant := nearest(name, OF_SHEET)):
            source.warn("sheet_name", name, sheet_name=name, meant=meant)
    _settings(source)


def _columns(source: Source, sheet: Sheet) -> None:
    seen: dict[str, str] = {}
    for column in sheet.columns:
        if column.name in seen:
            found = fault(
                "heading_twice", sheet.name, sheet.header_row, column.heading, column.letter,
                heading=column.heading, first=seen[column.name],
            )  # fmt: skip
            source.faults.append(found)
        seen.setdefault(column.name, column.letter)
        _column(source, sheet, column.name)
    for needed in _NEEDED.get(sheet.name, ()):
        if sheet.rows and needed not in seen:
            source.fault("missing_column", sheet.name, sheet.header_row, needed, name=needed)


def _column(source: Source, sheet: Sheet, name: str) -> None:
    if name in LATER_COLUMNS:
        for row in sheet.rows:
            if row.get(name):
                source.fault("later", sheet.name, row.number, name, thing=name, needs=LATER_COLUMNS[name])
    if is_known(sheet.name, name) or (sheet.name == "choices" and can_be_asked(name)):
        return
    meant = nearest(name.split("::")[0], OF_SHEET[sheet.name], 0.8)
    if sheet.name != "choices" and meant and not sheet.has(meant):
        source.fault("column_meant", sheet.name, sheet.header_row, name, heading=name, meant=meant)
    else:
        source.warn("unknown_column", sheet.name, sheet.header_row, name, heading=name)


def _settings(source: Source) -> None:
    sheet = source.book.get("settings")
    if sheet is None or not sheet.rows:
        source.fault("no_settings", "settings")
        return
    row = sheet.rows[0]
    for name in ("form_id", "version"):
        if not row.get(name):
            source.fault("no_setting", "settings", row.number, name, name=name)
    for code, details in identity_faults(row.get("form_id"), row.get("version"), row.get("form_title")):
        source.fault(code, "settings", row.number, SETTING[code], **details)
    if row.get("public_key"):
        source.fault("later", "settings", row.number, "public_key", thing="public_key", needs="encryption")
    for name in _IDLE_SETTINGS:
        if row.get(name) and row.get(name).lower() not in NO:
            source.warn("idle_setting", "settings", row.number, name, name=name)
