"""What an expression names: the functions that it calls. Reads trees, not text."""

from collections.abc import Iterator

from forms.model import Tree
from forms.xpath.parse import is_call

LAST_SAVED = "__last-saved"  # the instance that holds the answers of the last record


def functions_in(tree: Tree | object) -> Iterator[str]:
    """The name of every call, as often as it stands there."""
    if not isinstance(tree, list):
        return
    if is_call(tree):
        yield str(tree[1])
    for part in tree:
        yield from functions_in(part)


def reads_instance(tree: Tree | object, name: str) -> bool:
    """Whether `instance('name')` stands anywhere in it."""
    if not isinstance(tree, list):
        return False
    return tree == ["f", "instance", ["s", name]] or any(reads_instance(part, name) for part in tree)
