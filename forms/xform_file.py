"""An uploaded XForm: its bytes as text that is safe to parse (R24), and what in it this version cannot do.

XForm → Form is xform.py; what an XLSForm's sheets show is sheet_check.py.
"""

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, fromstring

from forms.fault_words import fault
from forms.faults import Fault, FormFaults
from forms.kinds import LATER_TYPES
from forms.model import Form
from forms.sheet_checks.calls import call_faults
from forms.trees import all_nodes, named_trees
from forms.xform_question import BIND_TYPES

MOST_BYTES = 10_000_000
MOST_DEPTH = 100
MOST_ELEMENTS = 300_000
_DECLARATION = re.compile(r"^\s*<\?xml\b([^?]*)\?>")
_ENCODING = re.compile(r"""encoding\s*=\s*["']([^"']*)["']""")
_FORBIDDEN = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODINGS = {"", "utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be"}
_MEDIA_LATER = {"video": "video"}
_ACTIONS_LATER = {"setgeopoint": "own_place", "recordaudio": "recording"}
_FILES_LATER = (("jr://file/", "xml_file"), (".geojson", "geojson"), (".xml", "xml_file"))


class _Depth:
    """A parser's target that only counts, so that a hostile file never becomes a tree."""

    def __init__(self) -> None:
        self.depth = self.elements = 0

    def start(self, *_: object) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > MOST_DEPTH or self.elements > MOST_ELEMENTS:
            raise FormFaults((fault("xml_deep", "", name="", most=MOST_DEPTH),))

    def end(self, *_: object) -> None:
        self.depth -= 1

    def close(self) -> None:
        return None


def text_of(name: str, data: bytes) -> str:
    """The XForm's text without its declaration; raises FormFaults for what must not be parsed."""
    if len(data) > MOST_BYTES:
        raise FormFaults((fault("file_too_big", "", name=name, most=MOST_BYTES // 1_000_000),))
    text = _decoded(name, data)
    if _FORBIDDEN.search(text):
        raise FormFaults((fault("xml_dtd", "", name=name),))
    try:
        parser = DefusedXMLParser(target=_Depth(), forbid_dtd=True)
        parser.feed(text)
        parser.close()
    except FormFaults:
        raise FormFaults((fault("xml_deep", "", name=name, most=MOST_DEPTH),)) from None
    except DefusedXmlException:
        raise FormFaults((fault("xml_dtd", "", name=name),)) from None
    except ParseError as error:
        raise FormFaults((fault("broken_xml", "", error.position[0], name=name, reason=error),)) from None
    except ValueError:
        raise FormFaults((fault("xml_encoding", "", name=name),)) from None
    return text


def _decoded(name: str, data: bytes) -> str:
    """UTF-16 by its mark or its first bytes, else UTF-8; a declaration that says something else is not believed."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        encoding = {b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}.get(data[:2], "utf-8-sig")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise FormFaults((fault("xml_encoding", "", name=name),)) from None
    declared = _DECLARATION.match(text)
    said = _ENCODING.search(declared.group(1)) if declared else None
    if said and said.group(1).strip().lower() not in _ENCODINGS:
        raise FormFaults((fault("xml_encoding", "", name=name),))
    return text[declared.end() :].lstrip() if declared else text


def later_faults(text: str) -> list[Fault]:
    """What the XForm uses and only a later version will do, by the path of its question."""
    root = fromstring(text, forbid_dtd=True)
    return [found for element in root.iter() for found in _later(element)]


def type_warnings(text: str) -> list[Fault]:
    """Types that are read as text (ODK XForms, "Bind Attributes")."""
    binds = (e for e in fromstring(text, forbid_dtd=True).iter() if str(e.tag).rpartition("}")[2] == "bind")
    kinds = [(bind.get("nodeset", ""), bind.get("type", "").rpartition(":")[2]) for bind in binds]
    odd = [(path, kind) for path, kind in kinds if kind not in BIND_TYPES and kind not in LATER_TYPES]
    return [fault("string_type", "xform", 0, path, type=kind) for path, kind in odd]


def _later(element: Element) -> Iterator[Fault]:
    tag = str(element.tag).rpartition("}")[2]
    path = element.get("ref", element.get("nodeset", ""))
    kind = element.get("type", "").rpartition(":")[2]
    if tag == "bind" and kind in LATER_TYPES:
        yield fault("later", "xform", 0, path, thing=kind, needs=LATER_TYPES[kind])
    if tag == "upload" and (media := element.get("mediatype", "").partition("/")[0]) in _MEDIA_LATER:
        yield fault("later", "xform", 0, path, thing=media, needs=_MEDIA_LATER[media])
    if tag in _ACTIONS_LATER:
        yield fault("later", "xform", 0, path, thing=tag, needs=_ACTIONS_LATER[tag])
    if tag == "submission" and element.get("base64RsaPublicKey"):
        yield fault("later", "xform", 0, "submission", thing="base64RsaPublicKey", needs="encryption")
    if tag == "entity":
        yield fault("later", "xform", 0, "meta/entity", thing="entity", needs="entities")
    if tag == "instance" and element.get("src"):
        source = element.get("src", "")
        needs = next((needs for mark, needs in _FILES_LATER if mark in source), None)
        if needs:
            yield fault("later", "xform", 0, element.get("id", ""), thing=source, needs=needs)


def call_faults_of(form: Form) -> list[Fault]:
    """Functions that do not exist or are called wrongly, at the path of their question."""
    nodes = all_nodes(form.children)
    places = [(f"{node.path} {name}", tree, name == "default") for node in nodes for name, tree in named_trees(node)]
    places += [("output", tree, False) for tree in form.outputs]
    places += [("instance_name", form.instance_name, False)] if form.instance_name else []
    found = [(place, told) for place, tree, varies in places for told in call_faults(tree, may_vary=varies)]
    return [fault(code, "xform", 0, place, **details) for place, (code, details) in found]


def missing_files(form: Form, there: Iterable[str]) -> list[Fault]:
    """External instances that are neither a register nor attached."""
    known = set(there)
    return [
        fault("missing_file", "xform", 0, name, file=f"{name}.csv", meant="–")
        for name in form.registers
        if name not in known
    ]
