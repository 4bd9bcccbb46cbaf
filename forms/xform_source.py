"""The parts of one XForm, found once: binds, controls, repeats, actions, instances. XML only; meaning is xform.py's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from forms.contextual import contextual
from forms.faults import Fault, FormFaults
from forms.model import Tree
from forms.xpath import XPathError, parse
from forms.xpath.functions import FUNCTIONS
from forms.xpath.names import functions_in

X = "{http://www.w3.org/2002/xforms}"
H = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
ORX = "{http://openrosa.org/xforms}"
ODK = "{http://www.opendatakit.org/xforms}"
EVENTS = "{http://www.w3.org/2001/xml-events}"

CONTROLS = ("input", "secret", "range", "select", "select1", "rank", "trigger", "upload")
_MOST_DEPTH = 60
_PREFIX = re.compile(r"(^|/)[\w.-]+:(?=[^:/])")
COMES_LATER = "comes in a later version"


@dataclass(slots=True)
class ActionElement:
    """A setvalue and where it stands: `place` is the control or the repeat around it, "" in the model."""

    element: Element
    place: str
    base: str  # where a relative ref starts


@dataclass(slots=True)
class Source:
    """`order` is the place of each path in the body."""

    primary: Element
    model: Element
    binds: dict[str, Element]
    instances: dict[str, Element]
    title: str = ""
    style: str = ""
    controls: dict[str, Element] = field(default_factory=dict)
    repeats: dict[str, Element] = field(default_factory=dict)
    groups: dict[str, Element] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    actions: list[ActionElement] = field(default_factory=list)
    outputs: list[Tree] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def root(self) -> str:
        return f"/{local(self.primary)}"

    def fault(self, path: str, where: str, message: str) -> None:
        text = f"{path}: {message}"
        self.faults.append(Fault("xform", 0, where, text, "xform", {"path": path, "message": text}))

    def later(self, path: str, what: str) -> None:
        """A thing of the form language that this program does not have yet."""
        self.fault(path, what, f"{what} {COMES_LATER}")

    def tree(self, text: str, path: str, where: str) -> Tree | None:
        """The expression as it is meant at `path`; None, and a fault, if it is none or calls what is not there."""
        try:
            tree = parse(text)
        except XPathError as error:
            self.fault(path, where, f"{text.strip()}: {error} (character {error.column})")
            return None
        for name in dict.fromkeys(functions_in(tree)):
            if name not in FUNCTIONS and name != "randomize":
                self.fault(path, where, f"{text.strip()}: unsupported function {name}()")
        return contextual(tree, path, self.repeats)


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def absolute(ref: str, base: str) -> str:
    """`ref` as a path from the root, without prefixes; `../x` and `x` start at `base`."""
    text = _PREFIX.sub(r"\1", ref.replace(" ", "").strip())
    if text.startswith("/"):
        return text.rstrip("/")
    parts = base.split("/")
    for step in text.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step not in (".", ""):
            parts.append(step)
    return "/".join(parts)


def source_of(xform: str) -> Source:
    """Raises FormFaults where the text is no XForm at all."""
    root = _root(xform)
    model, body = root.find(f"{H}head/{X}model"), root.find(f"{H}body")
    instances = model.findall(f"{X}instance") if model is not None else []
    if model is None or body is None or not instances or not len(instances[0]):
        raise FormFaults((Fault("xform", 0, "", "no model, no body or no primary instance", "xform"),))
    primary = instances[0][0]
    path = f"/{local(primary)}"
    binds = {absolute(bind.get("nodeset", bind.get("ref", "")), path): bind for bind in model.findall(f"{X}bind")}
    title = root.findtext(f"{H}head/{H}title", "")
    source = Source(primary, model, binds, {e.get("id", ""): e for e in instances[1:]}, title)
    ids = {bind.get("id", ""): nodeset for nodeset, bind in binds.items() if bind.get("id")}
    source.style = body.get("class", "")
    _walk(source, body, _Place(path, "", ids))
    source.actions += [ActionElement(e, "", path) for e in model if _is_action(e)]
    return source


def _root(xform: str) -> Element:
    try:
        root: Element = fromstring(xform, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise FormFaults((Fault("xform", 0, "", f"this is no XML that can be read: {error}", "xform"),)) from error
    if _is_too_deep(root):
        raise FormFaults((Fault("xform", 0, "", "elements in elements, too deep", "xform"),))
    return root


def _is_too_deep(root: Element) -> bool:
    level = [root]
    for _ in range(_MOST_DEPTH):
        level = [child for element in level for child in element]
    return bool(level)


@dataclass(frozen=True, slots=True)
class _Place:
    base: str
    repeat: str
    ids: dict[str, str]

    def of(self, element: Element) -> str:
        """The path that an element of the body is bound to; "" for none."""
        named = self.ids.get(element.get("bind", ""))
        ref = element.get("ref", element.get("nodeset", ""))
        return named or (absolute(ref, self.base) if ref.strip() else "")


def _walk(source: Source, parent: Element, at: _Place) -> None:
    for child in parent:
        name, path = local(child), at.of(child)
        if name in CONTROLS:
            _keep(source.controls, source, path, child)
            source.actions += [ActionElement(e, path, path) for e in child if _is_action(e)]
        elif name == "group":
            _keep(source.groups, source, path or _only_repeat(child, at), child)
            _walk(source, child, _Place(path or at.base, at.repeat, at.ids))
        elif name == "repeat":
            _keep(source.repeats, source, path, child)
            _walk(source, child, _Place(path, path, at.ids))
        elif _is_action(child):
            source.actions.append(ActionElement(child, at.repeat, at.base))


def _keep(kept: dict[str, Element], source: Source, path: str, element: Element) -> None:
    if path:
        kept.setdefault(path, element)
        source.order.setdefault(path, len(source.order))


def _only_repeat(group: Element, at: _Place) -> str:
    """A group that is bound to nothing is there for the label of the repeat in it."""
    repeat = group.find(f"{X}repeat")
    return at.of(repeat) if repeat is not None else ""


def _is_action(element: Element) -> bool:
    return local(element) in ("setvalue", "setgeopoint", "recordaudio", "setlocation")


def events_of(element: Element) -> Iterator[str]:
    yield from (element.get("event") or element.get(f"{EVENTS}event") or "").split()
