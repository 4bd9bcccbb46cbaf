"""Where the selects of an XForm take their choices from: its lists, CSV files, answers, items in place."""

import re
from dataclasses import replace
from xml.etree.ElementTree import Element

from forms.model import Choice, Options, Tree
from forms.xform_source import JR, Source, X, local
from forms.xform_texts import Texts
from forms.xpath.names import LAST_SAVED
from forms.xpath.rows_where import is_item_by_item

_CSV = re.compile(r"^jr://file-csv/(.+)\.csv$")
_LABEL_ID = re.compile(r"^\s*jr:itext\(\s*([\w.-]+)\s*\)\s*$")
_ITEXT_ID = "itextId"
_BELOW = re.compile(r"^(?:\./)?([\w.-]+(?:/[\w.-]+)*|\.)$")


class Lists:
    """Reads every secondary instance once; `choices` also gets the items that stand in a select."""

    def __init__(self, source: Source, texts: Texts) -> None:
        self.source, self.texts = source, texts
        self.registers: list[str] = []
        self.choices: dict[str, tuple[Choice, ...]] = {}
        for name, instance in source.instances.items():
            self._read(name, instance, instance.get("src", ""))

    def _read(self, name: str, instance: Element, src: str) -> None:
        if src.startswith("jr://instance/last-saved"):
            return
        if not src:
            self.choices[name] = self._items(name, instance)
        elif _CSV.match(src):
            self.registers.append(name)
        else:
            self.source.later(f"instance('{name}')", "XML or GeoJSON file" if src.startswith("jr://file/") else src)

    def _items(self, name: str, instance: Element) -> tuple[Choice, ...]:
        root = next(iter(instance), None)
        others = [] if root is None else [e for e in root if local(e) != "item"]
        if root is not None and (local(root) != "root" or others):
            self.source.fault(f"instance('{name}')", "instance", "only lists of root/item are understood")
        return tuple(self._choice(item) for item in (root if root is not None else ()) if local(item) == "item")

    def _choice(self, item: Element) -> Choice:
        cells = {local(cell): (cell.text or "").strip() for cell in item}
        itext, plain = cells.pop(_ITEXT_ID, ""), cells.pop("label", "")
        label, media = self.texts.choice(itext) if itext else ({self.texts.languages[0]: plain}, {})
        return Choice(name=cells.pop("name", ""), label=label, extra=cells, media=media)

    # ── Of one question ──
    def options(self, control: Element | None, path: str) -> Options | None:
        itemset = control.find(f"{X}itemset") if control is not None else None
        if control is not None and itemset is not None:
            return self._itemset(itemset, path)
        if control is None or local(control) not in ("select", "select1", "rank"):
            return None
        self.choices[path] = tuple(self._inline(item, path) for item in control.findall(f"{X}item"))
        if not all(choice.name for choice in self.choices[path]):
            self.source.fault(path, "item", "a choice has no value")
        return Options(choices=path)

    def _inline(self, item: Element, path: str) -> Choice:
        value, label = item.find(f"{X}value"), item.find(f"{X}label")
        ref = label.get("ref", "") if label is not None else ""
        media = self.texts.media(item) if ref else {}
        return Choice(
            name=(value.text or "").strip() if value is not None else "",
            label=self.texts.words(item, "label", path),
            media=media,
        )

    def _itemset(self, itemset: Element, path: str) -> Options | None:
        text = itemset.get("nodeset", "")
        tree = self.source.tree(text, path, "itemset")
        if tree is None:
            return None
        shuffled = tree[:2] == ["f", "randomize"]
        nodes, seed = (tree[2], tree[3] if tree[3:] else None) if shuffled else (tree, None)
        value, label = self._column(itemset, "value", path), self._column(itemset, "label", path)
        source = self._source_of(nodes)
        if source is None or value is None or label is None:
            self.source.fault(path, "itemset", f"unsupported list {text.strip()}")
            return None
        return replace(source, value=value, label=label, shuffled=shuffled, seed=seed)

    def _column(self, itemset: Element, tag: str, path: str) -> str | None:
        element = itemset.find(f"{X}{tag}")
        ref = (element.get("ref", "") if element is not None else "").strip()
        if _LABEL_ID.match(ref):
            return "label"
        match = _BELOW.match(ref or ("name" if tag == "value" else "label"))
        return match.group(1) if match else None

    def _source_of(self, nodes: Tree) -> Options | None:
        """Where the candidates are; None for what is no list."""
        found = _listed(nodes)
        if found is None or found[0] == LAST_SAVED:
            return Options(nodes=nodes) if nodes[0] == "p" else None
        name, narrowed = found
        if name in self.registers:
            return Options(register=name, filter=narrowed)
        return Options(choices=name, filter=narrowed) if name in self.choices else None


def _listed(tree: Tree) -> tuple[str, Tree | None] | None:
    """instance('x')/root/item[a][b] → ("x", a and b); None for any other shape, positions among them."""
    is_list = len(tree) == 4 and tree[0] == "p" and tree[1][:2] == ["f", "instance"] and tree[2] == ["root"]
    if not is_list or tree[3][0] != "item" or tree[1][2][0] != "s":
        return None
    narrowed: Tree | None = None
    predicates = tree[3][1:]
    if len(predicates) > 1 and not all(is_item_by_item(predicate) for predicate in predicates):
        return None
    for predicate in predicates:
        narrowed = predicate if narrowed is None else ["and", narrowed, predicate]
    return str(tree[1][2][1]), narrowed


def count_of(source: Source, repeat: Element, path: str, rows: int) -> Tree | None:
    """jr:count, a path or a number, read as if from a row; a repeat that nobody may change has the rows it has."""
    text = repeat.get(f"{JR}count", "")
    if text.strip():
        return source.tree(text, path, "jr:count")
    return ["n", rows] if repeat.get(f"{JR}noAddRemove", "").strip() == "true()" else None
