"""Functions over choices and registers; see functions.py."""

from forms.xpath.arguments import amount
from forms.xpath.nodes import Node
from forms.xpath.scope import Scope
from forms.xpath.tokens import BLANKS, tokens
from forms.xpath.values import Value, string


def selected(_: Scope, answers: Value, name: Value) -> bool:
    return string(name).strip(BLANKS) in tokens(string(answers))


def selected_at(scope: Scope, answers: Value, at: Value) -> str:
    found, place = tokens(string(answers)), amount(scope, at)
    return found[int(place)] if 0 <= place < len(found) else ""


def choice_name(scope: Scope, value: Value, path: Value) -> str:
    return scope.world.choice_label(_place_of(scope.current, string(path).strip(BLANKS)), string(value))


def _place_of(node: Node, path: str) -> str:
    """A path in a text, absolute: pyxform writes ${name} as ../name in a repeat, inside quotes too."""
    if path.startswith("/"):
        return path
    names: list[str] = []
    here: Node | None = node
    while here is not None and here.parent is not None:
        if path.startswith("../"):
            path = path[3:]
        else:
            names.append(here.name)
        here = here.parent
    return "/" + "/".join([*reversed(names), path])


def pulldata(scope: Scope, instance: Value, column: Value, key: Value, value: Value) -> str:
    rows = scope.world.rows(string(instance))
    found = rows.where(string(key), string(value))
    return rows[found[0]].get(string(column), "") if found else ""
