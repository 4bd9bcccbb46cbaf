"""Answers document ↔ XForms instance XML, as ODK tools exchange it. Shape only, no meaning.

What the form calculates may stand in the XML for others to read; it is no answer and is not read back.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from forms.model import Form, Node, Question, Repeat

_META = "http://openrosa.org/xforms"
_TEMPLATE = "{http://openrosa.org/javarosa}template"  # an example row for new ones, no part of the record
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


class InstanceUnreadable(ValueError):
    """The XML is none, is unsafe, or is of another form."""


def to_xml(
    form: Form,
    answers: Mapping[str, Any],
    instance_id: str,
    calculated: Mapping[str, str] | None = None,
    instance_name: str = "",
) -> str:
    """Instance XML with every question of the form in its order; letters that XML cannot hold become U+FFFD.

    `instance_id`: "uuid:…". `calculated`: path with positions → text, as the phone sends it.
    """
    root = _root_name(form)
    opening = f'<{root} id={quoteattr(form.form_id)} version={quoteattr(form.version)} xmlns:orx="{_META}">'
    inner = "".join(_elements(form.children, answers, calculated or {}, f"/{root}"))
    return f"{opening}{inner}{_meta(instance_id, instance_name)}</{root}>"


def _meta(instance_id: str, instance_name: str) -> str:
    name = f"<orx:instanceName>{_text(instance_name)}</orx:instanceName>" if instance_name else ""
    return f"<orx:meta><orx:instanceID>{_text(instance_id)}</orx:instanceID>{name}</orx:meta>"


def from_xml(form: Form, text: str) -> dict[str, Any]:
    """The answers document; empty elements are no answers. Raises InstanceUnreadable."""
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException) as error:
        raise InstanceUnreadable(str(error)) from error
    if root.get("id") != form.form_id:
        raise InstanceUnreadable(f"an instance of {root.get('id')}, not of {form.form_id}")
    return _answers(form.children, root)


def _root_name(form: Form) -> str:
    return form.children[0].path.split("/")[1] if form.children else form.form_id


def _text(text: str) -> str:
    return escape(_NO_XML.sub("\ufffd", text), {"\r": "&#13;"})


def _elements(
    nodes: Iterable[Node], answers: Mapping[str, Any], calculated: Mapping[str, str], at: str
) -> Iterator[str]:
    for node in nodes:
        given = answers.get(node.name)
        if isinstance(node, Question):
            yield _element(node.name, given if isinstance(given, str) else calculated.get(f"{at}/{node.name}", ""))
            continue
        for place, row in _rows(node, given, at):
            inner = "".join(_elements(node.children, row if isinstance(row, Mapping) else {}, calculated, place))
            yield f"<{node.name}>{inner}</{node.name}>"


def _rows(node: Node, given: Any, at: str) -> Iterator[tuple[str, Any]]:
    """Where each instance of a group or repeat stands, and what was answered in it."""
    path = f"{at}/{node.name}"
    if not isinstance(node, Repeat):
        yield path, given
    elif isinstance(given, list):
        yield from ((f"{path}[{position}]", row) for position, row in enumerate(given, 1))


def _element(name: str, text: str) -> str:
    return f"<{name}>{_text(text)}</{name}>" if text else f"<{name}/>"


def _answers(nodes: Iterable[Node], parent: Element) -> dict[str, Any]:
    children: dict[str, list[Element]] = {}
    for child in parent:
        if _TEMPLATE in child.attrib:
            continue
        children.setdefault(child.tag.rpartition("}")[2], []).append(child)
    read = {node.name: _read(node, children.get(node.name, [])) for node in nodes}
    return {name: value for name, value in read.items() if value}


def _read(node: Node, elements: list[Element]) -> Any:
    if isinstance(node, Question):
        return (elements[0].text or "") if elements and not _is_made_again(node) else ""
    found = [_answers(node.children, element) for element in elements]
    return found if isinstance(node, Repeat) else found[0] if found else {}


def _is_made_again(question: Question) -> bool:
    """What the form calculates, but for once(): that answer stays."""
    return question.calculate is not None and question.calculate[:2] != ["f", "once"]
