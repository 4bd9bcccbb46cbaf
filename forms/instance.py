"""Answers document ↔ XForms instance XML, as ODK tools exchange it. Shape only, no meaning."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from forms.model import Form, Node, Question, Repeat

_META = "http://openrosa.org/xforms"
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


class InstanceUnreadable(ValueError):
    """The XML is none, is unsafe, or is of another form."""


def to_xml(form: Form, answers: Mapping[str, Any], instance_id: str) -> str:
    """Instance XML with every question of the form in its order; letters that XML cannot hold become U+FFFD."""
    root = _root_name(form)
    opening = f'<{root} id={quoteattr(form.form_id)} version={quoteattr(form.version)} xmlns:orx="{_META}">'
    meta = f"<orx:meta><orx:instanceID>{_text(instance_id)}</orx:instanceID></orx:meta>"
    return f"{opening}{''.join(_elements(form.children, answers))}{meta}</{root}>"


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


def _elements(nodes: Iterable[Node], answers: Mapping[str, Any]) -> Iterator[str]:
    for node in nodes:
        given = answers.get(node.name)
        if isinstance(node, Question):
            yield (
                f"<{node.name}>{_text(given)}</{node.name}>" if isinstance(given, str) and given else f"<{node.name}/>"
            )
            continue
        rows = (
            given
            if isinstance(node, Repeat) and isinstance(given, list)
            else []
            if isinstance(node, Repeat)
            else [given]
        )
        for row in rows:
            inner = "".join(_elements(node.children, row if isinstance(row, Mapping) else {}))
            yield f"<{node.name}>{inner}</{node.name}>"


def _answers(nodes: Iterable[Node], parent: Element) -> dict[str, Any]:
    children: dict[str, list[Element]] = {}
    for child in parent:
        children.setdefault(child.tag.rpartition("}")[2], []).append(child)
    read = {node.name: _read(node, children.get(node.name, [])) for node in nodes}
    return {name: value for name, value in read.items() if value}


def _read(node: Node, elements: list[Element]) -> Any:
    if isinstance(node, Question):
        return (elements[0].text or "") if elements else ""
    found = [_answers(node.children, element) for element in elements]
    return found if isinstance(node, Repeat) else found[0] if found else {}
