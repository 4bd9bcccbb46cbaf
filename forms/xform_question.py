"""One question of an XForm: its kind from control and bind together, its rules, its parameters."""

from typing import Any
from xml.etree.ElementTree import Element

from forms.model import Question, Tree
from forms.xform_actions import Set, preload_of
from forms.xform_choices import Lists
from forms.xform_source import ODK, ORX, Source, local
from forms.xform_texts import Texts

BIND_TYPES = {  # any other is text (ODK XForms, "Bind Attributes")
    **dict.fromkeys(("int", "integer", "long", "short"), "integer"),
    **dict.fromkeys(("decimal", "double", "float"), "decimal"),
    **{name: name for name in ("date", "time", "dateTime", "geopoint", "barcode")},
    **dict.fromkeys(("string", "text", "", "select", "select1", "binary", "intent"), "text"),
}
_CONTROL_TYPES = {
    "select1": "select_one", "select": "select_multiple", "rank": "rank", "trigger": "acknowledge", "range": "range"
}  # fmt: skip
_LATER_TYPES = ("geotrace", "geoshape")
_LATER_APPEARANCES = {"image-map": "image-map", "maps": "maps", "placement-map": "maps", "map": "maps"}
_CONTROL_PARAMETERS = {
    "accuracyThreshold": "capture-accuracy",
    "unacceptableAccuracyThreshold": "warning-accuracy",
    "rows": "rows",
    "accept": "accept",
}
_BIND_PARAMETERS = ("max-pixels", "quality", "allow-mock-accuracy")
_RANGE = ("start", "end", "step")


class Questions:
    """Reads the questions of one XForm; what is odd in one goes to the source's faults."""

    def __init__(self, source: Source, texts: Texts, lists: Lists, sets: dict[str, Set]) -> None:
        self.source, self.texts, self.lists, self.sets = source, texts, lists, sets

    def rule(self, path: str, name: str) -> Tree | None:
        bind = self.source.binds.get(path)
        text = bind.get(name, "").strip() if bind is not None else ""
        never = name == "required" and text == "false()"
        return self.source.tree(text, path, name) if text and not never else None

    def question(self, element: Element, path: str, readonly: bool) -> Question:
        """The question at `path`; `readonly`: a group around it is."""
        bind, control = self.source.binds.get(path), self.source.controls.get(path)
        given = self.sets.get(path, Set())
        kind = self._type(control, bind, element, path)
        shown, asked = self._shown(control, path), self._asked(bind, path)
        return Question(
            name=local(element),
            path=path,
            type=kind,
            default=self._default(element, kind, path),
            dynamic_default=given.default,
            readonly=readonly or self._readonly(path),
            options=self.lists.options(control, path),
            actions=tuple(given.actions),
            parameters=self._parameters(control, bind, kind, path),
            **shown,
            **asked,
        )

    def _shown(self, control: Element | None, path: str) -> dict[str, Any]:
        """What the screen makes of the control."""
        return {
            "label": self.texts.words(control, "label", path),
            "hint": self.texts.words(control, "hint", path),
            "appearance": self._appearance(control, path),
            "guidance": self.texts.guidance(control, path),
            "media": self.texts.media(control),
        }

    def _asked(self, bind: Element | None, path: str) -> dict[str, Any]:
        """The rules of the bind and what is said when one is not kept."""
        rules = {name: self.rule(path, name) for name in ("required", "relevant", "constraint", "calculate")}
        return {
            **rules,
            "required_message": self.texts.message(bind, "requiredMsg", path),
            "constraint_message": self.texts.message(bind, "constraintMsg", path),
        }

    def _readonly(self, path: str) -> bool | Tree:
        bind = self.source.binds.get(path)
        text = bind.get("readonly", "").strip() if bind is not None else ""
        if text in ("", "false()"):
            return False
        return True if is_always(text) else self.source.tree(text, path, "readonly") or False

    def _type(self, control: Element | None, bind: Element | None, element: Element, path: str) -> str:
        declared = (bind.get("type", "string") if bind is not None else "string").rpartition(":")[2]
        if declared in _LATER_TYPES:
            self.source.later(path, declared)
        if control is None:
            return "calculate" if bind is not None and bind.get("calculate", "").strip() else "hidden"
        if local(control) == "upload":
            return self._upload(control, path)
        if local(control) not in ("input", "secret"):
            return _CONTROL_TYPES[local(control)]
        if control.get("query"):
            self.source.fault(path, "query", "select_one_external is not understood; use select_one_from_file")
        return "note" if self._is_note(declared, bind, element, path) else BIND_TYPES.get(declared, "text")

    def _is_note(self, declared: str, bind: Element | None, element: Element, path: str) -> bool:
        """Text that nobody can write and nothing fills."""
        if declared != "string" or bind is None or not is_always(bind.get("readonly", "").strip()):
            return False
        return not (bind.get("calculate", "").strip() or path in self.sets or literal_of(element))

    def _upload(self, control: Element, path: str) -> str:
        kind = control.get("mediatype", control.get("accept", "image/*")).partition("/")[0].strip()
        if kind == "video":
            self.source.later(path, "video")
        return kind if kind in ("image", "audio") else "file"

    def _appearance(self, control: Element | None, path: str) -> str:
        appearance = " ".join(control.get("appearance", "").split()) if control is not None else ""
        for token in appearance.split():
            if token in _LATER_APPEARANCES:
                self.source.later(path, _LATER_APPEARANCES[token])
        if appearance.startswith("search("):
            self.source.fault(path, "appearance", "search() is not understood; use select_one_from_file")
        return appearance

    def _default(self, element: Element, kind: str, path: str) -> str | None:
        text = literal_of(element)
        if text and kind in ("image", "audio", "file"):
            self.source.fault(path, "default", "a file cannot be an answer before it is taken")
        return text or None

    def _parameters(self, control: Element | None, bind: Element | None, kind: str, path: str) -> dict[str, str]:
        found: dict[str, str] = {}
        if control is not None:
            found |= {ours: control.get(theirs, "") for theirs, ours in _CONTROL_PARAMETERS.items()}
            if kind == "file" and not found["accept"]:
                found["accept"] = control.get("mediatype", "")
        if bind is not None:
            found |= {name: bind.get(ORX + name) or bind.get(ODK + name) or "" for name in _BIND_PARAMETERS}
        if kind == "range" and control is not None:
            found |= self._range(control, path)
        return {name: text for name, text in found.items() if text} | preload_of(self.source, bind, path)

    def _range(self, control: Element, path: str) -> dict[str, str]:
        found = {name: control.get(name, "").strip() for name in _RANGE}
        if not all(_is_number(text) for text in found.values()) or float(found["step"]) == 0:
            self.source.fault(path, "range", "start, end and step must be numbers, the step not 0")
        return found


def literal_of(element: Element) -> str:
    """The default that stands in the instance."""
    return (element.text or "").strip()


def is_always(text: str) -> bool:
    return text.replace(" ", "") in ("true()", "true", "1")


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False
