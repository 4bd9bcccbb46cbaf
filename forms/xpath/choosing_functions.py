"""Functions that choose: what is not chosen is not evaluated. See functions.py."""

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
