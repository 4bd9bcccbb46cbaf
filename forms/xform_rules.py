"""The rules of an XForm as their author wrote them: path → rule → expression. To be read by people; nothing runs."""

import re

from defusedxml.ElementTree import ParseError, fromstring

RULES = ("required", "relevant", "constraint", "calculate", "readonly")
_PATH = re.compile(r"(?<![\w.)\]'\"]) ?/[\w.-]+(?:/[\w.-]+)*/([\w.-]+) ?")
_BIND = "{http://www.w3.org/2002/xforms}bind"


def rules_in(xform: str) -> dict[str, dict[str, str]]:
    """Of every bind that has any; nothing where the text is no XML."""
    try:
        root = fromstring(xform) if xform else None
    except (ParseError, ValueError):
        return {}
    if root is None:
        return {}
    binds = {bind.get("nodeset", ""): {rule: bind.get(rule, "") for rule in RULES} for bind in root.iter(_BIND)}
    return {path: {rule: _short(text) for rule, text in rules.items() if text} for path, rules in binds.items()}


def _short(expression: str) -> str:
    """With `${name}` for whole paths, as in the sheet. Blanks go first: a million of them would take hours."""
    plain = " ".join(expression.split())
    return " ".join(_PATH.sub(r" ${\1} ", plain).split())[:400]
