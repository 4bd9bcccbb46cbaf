"""XForm XML → Form: the primary instance gives the shape, binds the rules, the body the screens.

XLSForm is left to xlsform.py.
"""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from forms.faults import Fault, FormFaults
from forms.model import Choice, Form, Group, Node, Options, Question, Repeat, Tree, Words
from forms.xpath import XPathError, parse

_X = "{http://www.w3.org/2002/xforms}"
_H = "{http://www.w3.org/1999/xhtml}"
_JR = "{http://openrosa.org/javarosa}"
_ORX = "{http://openrosa.org/xforms}"
_LANGUAGE = re.compile(r"\(([A-Za-z]{2,3})\)\s*$")
_ITEXT = re.compile(r"jr:itext\('(.*)'\)$")
_FILE = re.compile(r"jr://file-csv/(.+)\.csv$")
_BIND_TYPES = {"int": "integer", "decimal": "decimal", "date": "date", "time": "time", "dateTime": "dateTime"}
_FIRST_LANGUAGE = "vi"  # of a form that names no language


@dataclass(slots=True)
class _Source:
    """The parts of one XForm, found once."""

    primary: Element
    binds: dict[str, Element]
    controls: dict[str, Element]
    repeats: dict[str, Element]
    groups: dict[str, Element]
    setvalues: dict[str, str]
    itext: dict[str, Words]
    languages: tuple[str, ...]
    instances: dict[str, Element]
    faults: list[Fault] = field(default_factory=list)


def form_of(xform: str) -> Form:
    """The form model of an XForm; raises FormFaults with every fault that was seen."""
    root = fromstring(xform, forbid_dtd=True)
    source = _source(root)
    primary_path = f"/{_local(source.primary)}"
    form = Form(
        form_id=source.primary.get("id", _local(source.primary)),
        version=source.primary.get("version", ""),
        title=dict.fromkeys(source.languages[:1], root.findtext(f"{_H}head/{_H}title", "")),
        languages=source.languages,
        children=_children(source, source.primary, primary_path),
        choices=_choices(source),
        registers=tuple(name for name, instance in source.instances.items() if instance.get("src")),
    )
    if source.faults:
        raise FormFaults(tuple(source.faults))
    return form


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _source(root: Element) -> _Source:
    model = root.find(f"{_H}head/{_X}model")
    body = root.find(f"{_H}body")
    instances = model.findall(f"{_X}instance") if model is not None else []
    if model is None or body is None or not instances or not len(instances[0]):
        raise FormFaults((Fault("xform", 0, "", "no model, no body or no primary instance"),))
    itext, languages = _itext(model)
    repeats = {e.get("nodeset", ""): e for e in body.iter(f"{_X}repeat")}
    groups = {e.get("ref", e.get("nodeset", "")): e for e in body.iter(f"{_X}group")}
    controls = {
        e.get("ref", ""): e for e in body.iter() if _local(e) in ("input", "select", "select1", "trigger", "upload")
    }
    return _Source(
        primary=instances[0][0],
        binds={bind.get("nodeset", ""): bind for bind in model.findall(f"{_X}bind")},
        controls=controls,
        repeats=repeats,
        groups=groups,
        setvalues={e.get("ref", ""): e.get("value", "") for e in root.iter(f"{_X}setvalue")},
        itext=itext,
        languages=languages,
        instances={e.get("id", ""): e for e in instances[1:]},
    )


def _itext(model: Element) -> tuple[dict[str, Words], tuple[str, ...]]:
    found: dict[str, Words] = {}
    languages: list[str] = []
    for translation in model.iterfind(f"{_X}itext/{_X}translation"):
        language = _language(translation.get("lang", ""))
        languages.append(language)
        for text in translation.findall(f"{_X}text"):
            plain = next((v for v in text.findall(f"{_X}value") if v.get("form") is None), None)
            if plain is not None:
                found.setdefault(text.get("id", ""), {})[language] = _text(plain)
    return found, tuple(languages) or (_FIRST_LANGUAGE,)


def _language(name: str) -> str:
    match = _LANGUAGE.search(name)
    return match.group(1).lower() if match else name.strip().lower()


def _text(value: Element) -> str:
    """Text with outputs as `${path}`: a path alone, which a screen fills in without knowing XPath."""
    parts = [value.text or ""]
    for child in value:
        parts += ["${" + child.get("value", "").strip() + "}" if _local(child) == "output" else "", child.tail or ""]
    return "".join(parts).strip()


def _words(source: _Source, parent: Element | None, tag: str, at: str) -> Words:
    element = parent.find(f"{_X}{tag}") if parent is not None else None
    if element is None:
        return {}
    match = _ITEXT.match(element.get("ref", ""))
    words = source.itext.get(match.group(1), {}) if match else {source.languages[0]: _text(element)}
    return {language: _outputs(text, at) for language, text in words.items() if text not in ("", "-")}


def _message(source: _Source, bind: Element | None, name: str, at: str) -> Words:
    text = bind.get(f"{_JR}{name}", "") if bind is not None else ""
    match = _ITEXT.match(text)
    words = source.itext.get(match.group(1), {}) if match else {source.languages[0]: text}
    return {language: _outputs(text, at) for language, text in words.items() if text}


def _outputs(text: str, at: str) -> str:
    """`${../x}` → `${/form/rep/x}`: outputs are absolute, the instance nearest to the reader is meant."""
    return re.sub(r"\$\{([^}]*)\}", lambda match: "${" + _absolute(match.group(1).strip(), at) + "}", text)


def _absolute(path: str, at: str) -> str:
    if path.startswith("/"):
        return path.replace(" ", "")
    parts = at.split("/")
    for step in path.split("/"):
        if step == "..":
            parts.pop()
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


def _children(source: _Source, element: Element, path: str) -> tuple[Node, ...]:
    nodes: dict[str, Node] = {}
    for child in element:
        name = _local(child)
        # A repeat stands twice, first as template: the template has no answers of the first row in it.
        if name != "meta" and name not in nodes:
            nodes[name] = _node(source, child, f"{path}/{name}")
    return tuple(nodes.values())


def _node(source: _Source, element: Element, path: str) -> Node:
    if path in source.repeats:
        return _repeat(source, element, path)
    if len(element) or path in source.groups:
        return _group(source, element, path)
    return _question(source, element, path)


def _group(source: _Source, element: Element, path: str) -> Group:
    group, bind = source.groups.get(path), source.binds.get(path)
    return Group(
        name=_local(element),
        path=path,
        label=_words(source, group, "label", path),
        children=_children(source, element, path),
        appearance=group.get("appearance", "") if group is not None else "",
        relevant=_rule(source, bind, "relevant"),
    )


def _repeat(source: _Source, element: Element, path: str) -> Repeat:
    repeat, bind, group = source.repeats[path], source.binds.get(path), source.groups.get(path)
    return Repeat(
        name=_local(element),
        path=path,
        label=_words(source, group, "label", path),
        children=_children(source, element, path),
        appearance=repeat.get("appearance", "") or (group.get("appearance", "") if group is not None else ""),
        relevant=_rule(source, bind, "relevant"),
        count=_rule(source, repeat, f"{_JR}count"),
    )


def _rule(source: _Source, element: Element | None, name: str) -> Tree | None:
    text = element.get(name, "") if element is not None else ""
    never = name == "required" and text == "false()"
    return _tree(source, text, name) if text and not never else None


def _tree(source: _Source, text: str, where: str) -> Tree | None:
    try:
        return parse(text)
    except XPathError as error:
        source.faults.append(Fault("xform", 0, where, f"{text.strip()}: {error} (character {error.column})"))
        return None


def _question(source: _Source, element: Element, path: str) -> Question:
    bind, control = source.binds.get(path), source.controls.get(path)
    dynamic = source.setvalues.get(path, "")
    return Question(
        name=_local(element),
        path=path,
        type=_type(bind, control, element, dynamic),
        label=_words(source, control, "label", path),
        hint=_words(source, control, "hint", path),
        appearance=control.get("appearance", "") if control is not None else "",
        required=_rule(source, bind, "required"),
        required_message=_message(source, bind, "requiredMsg", path),
        relevant=_rule(source, bind, "relevant"),
        constraint=_rule(source, bind, "constraint"),
        constraint_message=_message(source, bind, "constraintMsg", path),
        calculate=_rule(source, bind, "calculate"),
        default=(element.text or "").strip() or None,
        dynamic_default=_tree(source, dynamic, "default") if dynamic else None,
        readonly=bind is not None and bind.get("readonly") == "true()",
        options=_options(source, control),
        parameters=_parameters(bind),
    )


def _type(bind: Element | None, control: Element | None, element: Element, dynamic: str) -> str:
    kind = _local(control) if control is not None else ""
    calculated = bind is not None and bind.get("calculate") is not None
    if control is None:
        return "calculate" if calculated else "hidden"
    if kind != "input":
        return {"select1": "select_one", "select": "select_multiple", "trigger": "acknowledge", "upload": "image"}[kind]
    declared = (bind.get("type", "string") if bind is not None else "string").rpartition(":")[2]
    shown_only = bind is not None and bind.get("readonly") == "true()"
    if declared == "string" and shown_only and not (calculated or dynamic or (element.text or "").strip()):
        return "note"
    return _BIND_TYPES.get(declared, "text")


def _parameters(bind: Element | None) -> dict[str, str]:
    pixels = bind.get(f"{_ORX}max-pixels") if bind is not None else None
    return {"max-pixels": pixels} if pixels else {}


def _options(source: _Source, control: Element | None) -> Options | None:
    itemset = control.find(f"{_X}itemset") if control is not None else None
    if itemset is None:
        return None
    tree = _tree(source, itemset.get("nodeset", ""), "choice_filter")
    found = _itemset(tree) if tree is not None else None
    if found is None:
        source.faults.append(Fault("xform", 0, "choice_filter", f"unsupported list {itemset.get('nodeset')}"))
        return None
    name, narrowed = found
    instance = source.instances.get(name)
    if instance is not None and instance.get("src"):
        return Options(register=name, filter=narrowed)
    return Options(choices=name, filter=narrowed)


def _itemset(tree: Tree) -> tuple[str, Tree | None] | None:
    """instance('x')/root/item[a][b] → ("x", a and b); None for any other shape."""
    if (
        len(tree) != 4
        or tree[0] != "p"
        or tree[1][:2] != ["f", "instance"]
        or tree[2] != ["root"]
        or tree[3][0] != "item"
    ):
        return None
    narrowed: Tree | None = None
    for predicate in tree[3][1:]:
        narrowed = predicate if narrowed is None else ["and", narrowed, predicate]
    return tree[1][2][1], narrowed


def _choices(source: _Source) -> dict[str, tuple[Choice, ...]]:
    inside = {name: e for name, e in source.instances.items() if not e.get("src")}
    for name, instance in source.instances.items():
        if instance.get("src") and not _FILE.match(instance.get("src", "")):
            source.faults.append(Fault("xform", 0, "instance", f"{name}: only CSV files are understood"))
    return {
        name: tuple(_choice(source, item) for item in e.iterfind(f"{_X}root/{_X}item")) for name, e in inside.items()
    }


def _choice(source: _Source, item: Element) -> Choice:
    cells = {_local(cell): (cell.text or "").strip() for cell in item}
    itext, plain = cells.pop("itextId", None), cells.pop("label", "")
    label = source.itext.get(itext, {}) if itext else {source.languages[0]: plain}
    return Choice(name=cells.pop("name", ""), label=label, extra=cells)
