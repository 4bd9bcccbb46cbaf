"""Functions that choose (what is not chosen is not evaluated) or count what is true. See functions.py."""

from forms.xpath.arguments import amount, numbers
from forms.xpath.scope import Evaluate, Scope
from forms.xpath.values import Value, boolean, string


def if_(scope: Scope, condition: Evaluate, then: Evaluate, otherwise: Evaluate) -> Value:
    return then(scope) if boolean(condition(scope)) else otherwise(scope)


def coalesce(scope: Scope, *options: Evaluate) -> str:
    for option in options:
        text = string(option(scope))
        if text:
            return text
    return ""


def once(scope: Scope, expression: Evaluate) -> Value:
    """The answer that is there stays; only an empty one is made."""
    return scope.current.text or expression(scope)


def checklist(scope: Scope, least: Value, most: Value, *answers: Value) -> bool:
    """Whether as many answers are true: numbers above 0, as the ODK specification says; -1 stands for no limit."""
    found = sum(1 for given in numbers(scope, answers) if given > 0)
    return _between(found, amount(scope, least), amount(scope, most))


def weighted_checklist(scope: Scope, least: Value, most: Value, *pairs: Value) -> bool:
    """Answers and weights in turn; two node-sets are paired node by node, the longer one's rest is left out."""
    total = 0.0
    for answers, weights in zip(pairs[::2], pairs[1::2], strict=False):
        both = isinstance(answers, list) and isinstance(weights, list)
        given = numbers(scope, (answers,)) if both else [amount(scope, answers)]
        heavy = numbers(scope, (weights,)) if both else [amount(scope, weights)]
        for one, weight in zip(given, heavy, strict=False):
            total += weight if one > 0 else 0.0
    return _between(total, amount(scope, least), amount(scope, most))


def _between(found: float, least: float, most: float) -> bool:
    return (least == -1 or found >= least) and (most == -1 or found <= most)
