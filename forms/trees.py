"""Every expression of a form, with the place where it is read. For checks over a whole form; evaluates nothing."""

import re
from collections.abc import Iterator

from forms.model import Form, Group, Node, Options, Question, Repeat, Tree, Words
from forms.xpath.names import functions_in

_OUTPUT = re.compile(r"\$\{([^}]*)\}")


def all_nodes(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Every node, groups before what is in them."""
    for node in nodes:
        yield node
        if not isinstance(node, Question):
            yield from all_nodes(node.children)


_RULES = ("required", "relevant", "constraint", "calculate", "count", "readonly")


def trees_of(node: Node) -> Iterator[Tree]:
    """The expressions of one place, those of its choices and actions too."""
    yield from (tree for _, tree in named_trees(node))


def named_trees(node: Node) -> Iterator[tuple[str, Tree]]:
    """The same with the column of an XLSForm that each would stand in."""
    found = [(name, getattr(node, name, None)) for name in _RULES]
    if isinstance(node, Question):
        found += [("default", tree) for tree in (node.dynamic_default, *(action.value for action in node.actions))]
        found += [("choice_filter", tree) for tree in _option_trees(node.options)]
    yield from ((name, tree) for name, tree in found if isinstance(tree, list))


def _option_trees(options: Options | None) -> list[Tree | None]:
    return [] if options is None else [options.filter, options.nodes, options.seed]


def functions_of(form: Form) -> tuple[str, ...]:
    """The functions that a form calls anywhere, in the order of the alphabet."""
    trees = [tree for node in all_nodes(form.children) for tree in trees_of(node)]
    every = [*trees, *form.outputs, *([form.instance_name] if form.instance_name else [])]
    shuffles = any(question.options and question.options.shuffled for question in form.questions())
    return tuple(
        sorted({name for tree in every for name in functions_in(tree)} | ({"randomize"} if shuffles else set()))
    )


def outputs_in(node: Node) -> Iterator[str]:
    """What the texts of a place show: "/form/question", or "#2" for an expression."""
    for words in _texts(node):
        for text in words.values():
            yield from _OUTPUT.findall(text)


def _texts(node: Node) -> tuple[Words, ...]:
    if isinstance(node, Repeat):
        return (node.label,)
    if isinstance(node, Group):
        return (node.label, node.hint)
    return (node.label, node.hint, node.guidance, node.required_message, node.constraint_message)
