"""Column headings of XLSForm and the other ways to write them. https://xlsform.org/en/ref-table/"""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

TRANSLATED = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
MEDIA = ("media::image", "media::big-image", "media::audio", "media::video")
EXPRESSIONS = ("relevant", "constraint", "calculation", "choice_filter", "repeat_count", "required", "readonly")
SURVEY = (
    "type", "name", *TRANSLATED, *MEDIA, *EXPRESSIONS,
    "default", "appearance", "parameters", "trigger", "autoplay", "disabled", "save_to", "body::intent",
    "bind::type", "bind::jr:preload", "bind::jr:preloadParams", "bind::orx:max-pixels", "instance::odk:tag",
)  # fmt: skip
CHOICES = ("list_name", "name", "label", *MEDIA)
SETTINGS = (
    "form_title", "form_id", "version", "default_language", "style", "instance_name", "name", "public_key",
    "submission_url", "auto_send", "auto_delete", "allow_choice_duplicates", "clean_text_values", "namespaces",
    "client_editable", "omit_instanceid", "instance_id", "sms_keyword", "flat", "add_none_option",
)  # fmt: skip
OF_SHEET = {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS}

_MEDIA_WORDS = {"image", "big-image", "audio", "video"}
_SURVEY_ALIASES = {
    "relevance": "relevant",
    "read_only": "readonly",
    "caption": "label",
    "calculate": "calculation",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "command": "type",
    "tag": "name",
    "value": "name",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "compact_tag": "instance::odk:tag",
    "intent": "body::intent",
}
_ALIASES = {
    "survey": _SURVEY_ALIASES,
    "choices": {"value": "name", "caption": "label"},
    "settings": {
        "set_form_title": "form_title",
        "title": "form_title",
        "set_form_id": "form_id",
        "id_string": "form_id",
    },
}
_ELEMENT = re.compile(r"[^\W\d][\w.\-]*")
_BIND_NAMES = {"jr:constraintmsg": "constraint_message", "jr:requiredmsg": "required_message"}


def canonical(sheet: str, heading: str, double: bool = True) -> str:
    """The heading as this program calls it: `Relevance` → relevant, `image::English (en)` → media::image::English (en).

    `double`: the sheet parts words with "::"; else a lone ":" parts them, as old forms do.
    """
    parts = [part.strip() for part in heading.split("::" if double or "::" in heading else ":")]
    if not double and "jr" in parts[:-1]:
        at = parts.index("jr")
        parts[at : at + 2] = [f"jr:{parts[at + 1]}"]
    base, rest = "_".join(parts[0].split()).lower(), parts[1:]
    if base in ("bind", "control", "body") and rest:
        base, rest = _inside(base, rest)
    base = _ALIASES.get(sheet, {}).get(base, base)
    if base == "media" and rest:
        base, rest = f"media::{rest[0].lower()}", rest[1:]
    elif base in _MEDIA_WORDS:
        base = f"media::{base}"
    if not is_known(sheet, base):
        return heading  # a column of the author's own: choice filters name it as it is written
    return "::".join([base, *rest])


def _inside(base: str, rest: list[str]) -> tuple[str, list[str]]:
    """bind::relevant → relevant; what has no column of its own keeps its prefix."""
    name = rest[0]
    plain = _BIND_NAMES.get(name.lower(), _SURVEY_ALIASES.get(name.lower(), name.lower()))
    if plain in (*EXPRESSIONS, *_BIND_NAMES.values(), "appearance"):
        return plain, rest[1:]
    return f"{'bind' if base == 'bind' else 'body'}::{name}", rest[1:]


def is_known(sheet: str, name: str) -> bool:
    """A column that this program or pyxform reads; a language behind it does not matter."""
    known = OF_SHEET.get(sheet, ())
    if name in known or name.startswith(("bind::orx:", "bind::odk:")):
        return True
    parts = name.split("::")
    return ("::".join(parts[:2]) in MEDIA and sheet != "settings") or (len(parts) > 1 and parts[0] in TRANSLATED)


def can_be_asked(name: str) -> bool:
    """Whether a column of a list can be an element of its items, so that choice filters may name it."""
    return _ELEMENT.fullmatch(name) is not None


def nearest(word: str, known: Iterable[str], alike: float = 0.75) -> str:
    """The known word that was probably meant, or ""."""
    plain = unicodedata.normalize("NFKC", word).lower()
    return next(iter(get_close_matches(plain, list(known), 1, alike)), "")
