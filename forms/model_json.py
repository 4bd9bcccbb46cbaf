"""Form ↔ the JSON that the phone and the database hold (shape: static/src/shapes.ts). Empty fields are left out."""

import json
from dataclasses import MISSING, Field, fields
from typing import Any

from forms.model import MODEL_FORMAT, Action, Choice, Form, Group, Node, Options, Question, Repeat

_KINDS: dict[type, str] = {Question: "question", Group: "group", Repeat: "repeat"}
_TYPES: dict[str, type] = {kind: type_ for type_, kind in _KINDS.items()}
_SAID_EMPTY: tuple[Any, ...] = (("label", {}), ("name", ""))  # a list may name its choices by another column


class UnknownModelFormat(ValueError):
    """The model was compiled for another format of the engine (D25)."""


def dumps(form: Form) -> str:
    """Compact and in a fixed order: the same form gives the same bytes."""
    body = {
        "model_format": MODEL_FORMAT,
        "form_id": form.form_id,
        "version": form.version,
        "title": form.title,
        "languages": list(form.languages),
        "children": [_node(node) for node in form.children],
        "choices": {name: [_filled(choice) for choice in choices] for name, choices in form.choices.items()},
        "registers": list(form.registers),
        **_filled_of({name: getattr(form, name) for name in ("outputs", "instance_name", "functions", "style")}),
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def loads(text: str) -> Form:
    """The Form that `dumps` wrote; raises UnknownModelFormat."""
    body = json.loads(text)
    if body["model_format"] not in range(1, MODEL_FORMAT + 1):
        raise UnknownModelFormat(f"model format {body['model_format']}, this program reads 1 to {MODEL_FORMAT}")
    return Form(
        form_id=body["form_id"],
        version=body["version"],
        title=body["title"],
        languages=tuple(body["languages"]),
        children=tuple(_read_node(node) for node in body["children"]),
        choices={name: tuple(Choice(**choice) for choice in choices) for name, choices in body["choices"].items()},
        registers=tuple(body["registers"]),
        outputs=tuple(body.get("outputs", ())),
        instance_name=body.get("instance_name"),
        functions=tuple(body.get("functions", ())),
        style=body.get("style", ""),
    )


def _filled(part: Choice | Options | Action | Node) -> dict[str, Any]:
    """Fields that say something; a label and a name are always there, a default of the class never."""
    return _filled_of(
        {f.name: getattr(part, f.name) for f in fields(part) if not _is_default(f, getattr(part, f.name))}
    )


def _is_default(one: Field[Any], value: Any) -> bool:
    return one.default is not MISSING and bool(value == one.default)


def _filled_of(values: dict[str, Any]) -> dict[str, Any]:
    empty: tuple[Any, ...] = (None, "", False, {}, [], ())
    return {name: value for name, value in values.items() if value not in empty or (name, value) in _SAID_EMPTY}


def _node(node: Node) -> dict[str, Any]:
    body = {"kind": _KINDS[type(node)], **_filled(node)}
    if isinstance(node, Question):
        options = {"options": _filled(node.options)} if node.options else {}
        return body | options | ({"actions": [_filled(action) for action in node.actions]} if node.actions else {})
    return body | {"children": [_node(child) for child in node.children]}


def _read_node(body: dict[str, Any]) -> Node:
    values = {name: value for name, value in body.items() if name != "kind"}
    if "children" in values:
        values["children"] = tuple(_read_node(child) for child in values["children"])
    if "options" in values:
        values["options"] = Options(**values["options"])
    if "actions" in values:
        values["actions"] = tuple(Action(**action) for action in values["actions"])
    node: Node = _TYPES[body["kind"]](**values)
    return node
