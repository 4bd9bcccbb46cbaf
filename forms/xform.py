"""XForm XML → Form: the primary instance gives the shape, binds the rules, the body the order and the screens.

XLSForm is left to xlsform.py, one question to xform_question.py; texts, choices, actions to the files of those names.
"""

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from forms.faults import FormFaults
from forms.model import Form, Group, Node, Question, Repeat, Tree
from forms.trees import all_nodes, functions_of, outputs_in, trees_of
from forms.xform_actions import sets_of
from forms.xform_choices import Lists, count_of
from forms.xform_question import Questions, is_always, literal_of
from forms.xform_source import JR, ORX, Source, local, source_of
from forms.xform_texts import Texts
from forms.xpath.names import LAST_SAVED, reads_instance


def form_of(xform: str) -> Form:
    """The form model of an XForm; raises FormFaults with every fault that was seen."""
    source = source_of(xform)
    form = _Reader(source).form(source.primary)
    if source.faults:
        raise FormFaults(tuple(dict.fromkeys(source.faults)))
    return form


class _Reader:
    """One XForm being read."""

    def __init__(self, source: Source) -> None:
        self.source, self.texts = source, Texts(source)
        self.lists = Lists(source, self.texts)
        literal = {path for path, element in _leaves(source.primary, source.root) if literal_of(element)}
        self.questions = Questions(source, self.texts, self.lists, sets_of(source, literal))

    def form(self, primary: Element) -> Form:
        form = Form(
            form_id=primary.get("id", local(primary)),
            version=primary.get("version") or primary.get(f"{ORX}version") or "",
            title={self.texts.languages[0]: self.source.title},
            languages=self.texts.languages,
            children=self._children(primary, self.source.root, False),
            choices=self.lists.choices,
            registers=tuple(self.lists.registers),
            instance_name=self._instance_name(),
            style=self.source.style,
        )
        form = replace(form, outputs=tuple(self.source.outputs))
        _check(self.source, form)
        return replace(form, functions=functions_of(form))

    def _instance_name(self) -> Tree | None:
        bind = self.source.binds.get(f"{self.source.root}/meta/instanceName")
        text = bind.get("calculate", "") if bind is not None else ""
        tree = self.source.tree(text, f"{self.source.root}/meta/instanceName", "instanceName") if text.strip() else None
        return _from_root(tree) if tree is not None else None

    def _children(self, element: Element, path: str, readonly: bool) -> tuple[Node, ...]:
        found: dict[str, list[Element]] = {}
        for child in element:
            if local(child) and not (path == self.source.root and local(child) == "meta"):
                found.setdefault(local(child), []).append(child)
        if path == self.source.root:
            self._meta(element)
        nodes = [self._node(same, f"{path}/{name}", readonly) for name, same in found.items()]
        return tuple(self._in_order(nodes))

    def _in_order(self, nodes: list[Node]) -> list[Node]:
        """As in the body; what is not in it stays behind what came before it."""
        places, last = {}, -1.0
        for node in nodes:
            places[node.path] = last = self._place(node, last)
        return sorted(nodes, key=lambda node: places[node.path])

    def _place(self, node: Node, last: float) -> float:
        own = self.source.order.get(node.path)
        if own is not None or isinstance(node, Question):
            return last if own is None else own
        return min((self._place(child, float("inf")) for child in node.children), default=last)

    def _node(self, same: list[Element], path: str, readonly: bool) -> Node:
        first, bind = same[0], self.source.binds.get(path)
        told = bind.get("readonly", "").strip() if bind is not None else ""
        if path in self.source.repeats:
            return self._repeat(same, path, readonly or is_always(told))
        if not len(first) and path not in self.source.groups:
            return self.questions.question(first, path, readonly)
        if told and not is_always(told) and told != "false()":
            self.source.fault(path, "readonly", "of a group only true() is understood")
        return self._group(first, path, readonly or is_always(told))

    def _group(self, element: Element, path: str, readonly: bool) -> Group:
        group = self.source.groups.get(path)
        return Group(
            name=local(element),
            path=path,
            label=self.texts.words(group, "label", path),
            children=self._children(element, path, readonly),
            appearance=group.get("appearance", "") if group is not None else "",
            relevant=self.questions.rule(path, "relevant"),
            hint=self.texts.words(group, "hint", path),
        )

    def _repeat(self, same: list[Element], path: str, readonly: bool) -> Repeat:
        repeat, group = self.source.repeats[path], self.source.groups.get(path)
        # A repeat may stand twice, first as template: the template has no answers of the first row in it.
        template = next((one for one in same if f"{JR}template" in one.attrib), same[0])
        rows = [one for one in same if f"{JR}template" not in one.attrib]
        is_fixed = repeat.get(f"{JR}noAddRemove", "").strip() == "true()"
        if (len(rows) > 1 and not is_fixed) or any(_values(row) != _values(template) for row in rows):
            self.source.fault(path, "instance", "rows that are filled in advance are not understood")
        return Repeat(
            name=local(template),
            path=path,
            label=self.texts.words(group, "label", path),
            children=self._children(template, path, readonly),
            appearance=repeat.get("appearance", "") or (group.get("appearance", "") if group is not None else ""),
            relevant=self.questions.rule(path, "relevant"),
            count=count_of(self.source, repeat, path, len(rows)),
        )

    def _meta(self, primary: Element) -> None:
        for block in [child for child in primary if local(child) == "meta"]:
            for element in block:
                if local(element) in ("entity", "audit"):
                    self.source.later(f"{self.source.root}/meta", {"entity": "entities"}.get(local(element), "audit"))
        if any(local(e) == "submission" and e.get("base64RsaPublicKey") for e in self.source.model):
            self.source.later(self.source.root, "public_key")


def _leaves(element: Element, path: str) -> Iterator[tuple[str, Element]]:
    for child in element:
        if len(child):
            yield from _leaves(child, f"{path}/{local(child)}")
        else:
            yield f"{path}/{local(child)}", child


def _values(element: Element) -> list[str]:
    return [text.strip() for text in element.itertext() if text.strip()]


def _from_root(tree: Tree) -> Tree:
    """Written for /form/meta/instanceName, read at /form: two steps up less."""
    if tree[0] == "p" and tree[1] in (".", ["f", "current"]) and tree[2:4] == [[".."], [".."]]:
        return ["p", ".", *tree[4:]]
    return [tree[0], *(_from_root(part) if isinstance(part, list) else part for part in tree[1:])]


def _check(source: Source, form: Form) -> None:
    """What fits no place of the form, and last-saved answers where the server could not follow."""
    nodes = {node.path: node for node in all_nodes(form.children)}
    for path in (*source.controls, *source.repeats, *source.binds, *source.groups):
        if path not in nodes and not path.startswith(f"{source.root}/meta") and path != source.root:
            source.fault(path, "ref", "this path is not in the instance")
    for node in nodes.values():
        for shown in outputs_in(node):
            if shown.startswith("/") and shown not in nodes and not shown.startswith(f"{source.root}/meta"):
                source.fault(node.path, "output", f"{shown} leads nowhere")
        _check_last_saved(source, node)
    if form.instance_name is not None and reads_instance(form.instance_name, LAST_SAVED):
        source.fault(f"{source.root}/meta/instanceName", "instanceName", _LAST_SAVED)


_LAST_SAVED = "answers of the last record may be read in defaults and calculations only; calculate them first"


def _check_last_saved(source: Source, node: Node) -> None:
    may = (node.calculate, node.dynamic_default, *(a.value for a in node.actions)) if isinstance(node, Question) else ()
    for tree in trees_of(node):
        if not any(tree is one for one in may) and reads_instance(tree, LAST_SAVED):
            source.fault(node.path, "last-saved", _LAST_SAVED)
