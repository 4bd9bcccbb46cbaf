"""The texts of an XForm: itext in every language, labels, hints, messages, files beside them, and outputs in them."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from forms.model import Media, Tree, Words
from forms.xform_source import JR, Source, X, absolute, local

_CODE = re.compile(r"\(([A-Za-z]{2,3})(?:[-_]\w+)*\)\s*$")
_NAMES = {"english": "en", "vietnamese": "vi", "tiếng việt": "vi", "khmer": "km", "default": "vi", "": "vi"}
_ITEXT = re.compile(r"jr:itext\(\s*['\"](.*)['\"]\s*\)\s*$", re.DOTALL)
_FILE = re.compile(r"^jr://[\w-]+/")
_MEDIA = ("image", "audio", "video")
_FIRST_LANGUAGE = "vi"  # of a form that names no language


@dataclass(slots=True)
class Text:
    """One itext entry: its words, its further forms (image, guidance …), as XML until it is known where they stand."""

    plain: dict[str, Element] = field(default_factory=dict)
    forms: dict[str, dict[str, Element]] = field(default_factory=dict)


class Texts:
    """`languages`: the default one first."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.entries: dict[str, Text] = {}
        translations = source.model.findall(f"{X}itext/{X}translation")
        ordered = sorted(translations, key=lambda one: one.get("default") in (None, "false()"))
        codes = [language_of(one.get("lang", "")) for one in ordered]
        self.languages = tuple(dict.fromkeys(codes)) or (_FIRST_LANGUAGE,)
        for code, translation in zip(codes, ordered, strict=True):
            self._read(code, translation)

    def _read(self, code: str, translation: Element) -> None:
        for element in translation.findall(f"{X}text"):
            text = self.entries.setdefault(element.get("id", ""), Text())
            for value in element.findall(f"{X}value"):
                kind = value.get("form", "")
                into = text.plain if kind in ("", "long", "short") else text.forms.setdefault(kind, {})
                into.setdefault(code, value)

    # ── What a place says ──
    def words(self, parent: Element | None, tag: str, at: str) -> Words:
        element = parent.find(f"{X}{tag}") if parent is not None else None
        if element is None:
            return {}
        text = self._entry(element.get("ref", ""))
        written = bool("".join(element.itertext()).strip())  # beside a ref: for a text that is not there
        return self._said(text.plain if text and (text.plain or not written) else {self.languages[0]: element}, at)

    def guidance(self, control: Element | None, at: str) -> Words:
        text = self._entry_of(control, "hint")
        return self._said(text.forms.get("guidance", {}), at) if text else {}

    def media(self, control: Element | None) -> Media:
        text = self._entry_of(control, "label")
        return files_of(text) if text else {}

    def message(self, bind: Element | None, name: str, at: str) -> Words:
        given = bind.get(f"{JR}{name}", "") if bind is not None else ""
        text = self._entry(given)
        if text is not None:
            return self._said(text.plain, at)
        return {self.languages[0]: given.strip()} if given.strip() and not _ITEXT.match(given.strip()) else {}

    def choice(self, itext_id: str) -> tuple[Words, Media]:
        text = self.entries.get(itext_id, Text())
        return self._said(text.plain, ""), files_of(text)

    def _entry_of(self, control: Element | None, tag: str) -> Text | None:
        element = control.find(f"{X}{tag}") if control is not None else None
        return self._entry(element.get("ref", "")) if element is not None else None

    def _entry(self, ref: str) -> Text | None:
        match = _ITEXT.match(ref.strip())
        return self.entries.get(match.group(1), Text()) if match else None

    def _said(self, values: dict[str, Element], at: str) -> Words:
        words = {code: self.text(value, at) for code, value in values.items()}
        return {code: text for code, text in words.items() if text not in ("", "-")}

    def text(self, value: Element, at: str) -> str:
        """Text with its outputs: `${/path}` for a path alone, which a screen fills in without XPath; else `${#n}`."""
        parts = [value.text or ""]
        for child in value:
            shown = child.get("value") or child.get("ref") or ""
            parts += [self._output(shown, at) if local(child) == "output" and shown.strip() else "", child.tail or ""]
        return "".join(parts).strip()

    def _output(self, expression: str, at: str) -> str:
        tree = self.source.tree(expression, at, "output")
        if tree is None:
            return ""
        if _is_plain(tree) and (at or tree[1] == "/"):
            return "${" + absolute(expression, at) + "}"
        if tree not in self.source.outputs:
            self.source.outputs.append(tree)
        return "${#" + str(self.source.outputs.index(tree)) + "}"


def language_of(name: str) -> str:
    """ "English (en)" → "en"; a form without languages is in Vietnamese."""
    match = _CODE.search(name)
    plain = name.strip().lower()
    return match.group(1).lower() if match else _NAMES.get(plain, re.split(r"[-_]", plain)[0])


def files_of(text: Text) -> Media:
    found = {kind: _files(text.forms.get(kind, {})) for kind in _MEDIA}
    return {kind: files for kind, files in found.items() if files}


def _files(values: dict[str, Element]) -> Words:
    names = {code: _FILE.sub("", (value.text or "").strip()) for code, value in values.items()}
    return {code: name for code, name in names.items() if name not in ("", "-")}


def _is_plain(tree: Tree) -> bool:
    """A path of names and `..` alone."""
    return tree[0] == "p" and tree[1] in ("/", ".") and all(len(s) == 1 and s[0] not in ("*", "//") for s in tree[2:])
