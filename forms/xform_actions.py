"""What an XForm sets by itself: setvalue by event and place, metadata (ODK XForms, "Events and Actions")."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from forms.model import Action, Tree
from forms.xform_source import JR, ActionElement, Source, absolute, events_of, local

_EVENTS = {
    "odk-instance-first-load": "first-load",
    "xforms-ready": "first-load",
    "odk-instance-load": "load",
    "odk-new-repeat": "new-repeat",
    "jr-insert": "new-repeat",
    "xforms-value-changed": "change",
}
_LATER = {"setgeopoint": "odk:setgeopoint", "setlocation": "odk:setgeopoint", "recordaudio": "background-audio"}
_PRELOADS = {
    ("timestamp", "start"): "start",
    ("timestamp", "end"): "end",
    ("date", "today"): "today",
    ("uid", ""): "uid",
    **{
        ("property", name): name
        for name in ("deviceid", "username", "email", "phonenumber", "subscriberid", "simserial", "uid")
    },
    ("property", "phone number"): "phonenumber",
}


@dataclass(slots=True)
class Set:
    """What is set at one question: the default when it opens, and actions."""

    default: Tree | None = None
    actions: list[Action] = field(default_factory=list)


def sets_of(source: Source, literal: set[str]) -> dict[str, Set]:
    """Path → what is set there; `literal` are the paths that have a default in the instance already."""
    found: dict[str, Set] = {}
    for one in source.actions:
        if local(one.element) in _LATER:
            source.later(absolute(one.element.get("ref", ""), one.base), _LATER[local(one.element)])
        else:
            _read(source, one, found)
    for path, given in found.items():
        if path not in literal:
            _join(given, _row_of(source, path))
    return found


def _read(source: Source, one: ActionElement, found: dict[str, Set]) -> None:
    path = _target(source, one)
    value = _value(source, one.element, path)
    if "calculate" in source.binds.get(path, {}):
        source.fault(path, "setvalue", "it is calculated, so nothing else can set it")
    for name in events_of(one.element):
        event = _EVENTS.get(name)
        if event is None:
            source.fault(path, "setvalue", f"unsupported event {name}")
            continue
        if event == "new-repeat" and one.place not in source.repeats:
            source.fault(path, "setvalue", "odk-new-repeat belongs inside a repeat")
        on = one.place if event in ("new-repeat", "change") else ""
        found.setdefault(path, Set()).actions.append(Action(event, on, value))


def _target(source: Source, one: ActionElement) -> str:
    """The question that is set: by its path, or by the id of its bind."""
    named = one.element.get("bind", "")
    found = next((path for path, bind in source.binds.items() if named and bind.get("id") == named), "")
    if named and not found and not one.element.get("ref"):
        source.fault(one.place or source.root, "setvalue", f"there is no bind with the id {named}")
    return found or absolute(one.element.get("ref", ""), one.base)


def _value(source: Source, element: Element, path: str) -> Tree | None:
    text = element.get("value", "")
    if text.strip():
        return source.tree(text, path, "setvalue")
    literal = "".join(element.itertext()).strip()
    return ["s", literal] if literal else None


def _row_of(source: Source, path: str) -> str:
    """The innermost repeat around a path; "" outside all."""
    rows = [repeat for repeat in source.repeats if path.startswith(repeat + "/")]
    return max(rows, key=len, default="")


def _join(given: Set, row: str) -> None:
    """First load, and in a row new repeat with the same value, are together the question's dynamic default."""
    first = [action for action in given.actions if action.event == "first-load"]
    new = [action for action in given.actions if (action.event, action.on) == ("new-repeat", row)]
    if len(first) != 1 or first[0].value is None or (row and [a.value for a in new] != [first[0].value]):
        return
    given.default = first[0].value
    given.actions = [action for action in given.actions if action not in (*first, *(new if row else ()))]


def preload_of(source: Source, bind: Element | None, path: str) -> dict[str, str]:
    kind = bind.get(f"{JR}preload", "").strip() if bind is not None else ""
    if bind is None or not kind:
        return {}
    params = bind.get(f"{JR}preloadParams", "").strip()
    preload = _PRELOADS.get((kind, "" if kind == "uid" else params))
    if preload is None:
        source.fault(path, "jr:preload", f"unsupported metadata {kind} {params}")
        return {}
    return {"preload": preload}
