"""A form made ready for checking: every tree compiled to a closure once, steps in order. Kept for the forms in use."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from forms.answer_kinds import Fits, fits_of
from forms.choosing import Choosing, choosing_of
from forms.graph import Graph, Template
from forms.model import Form, Question, Tree, Words
from forms.xpath import is_call
from forms.xpath.evaluate import Places, compiled
from forms.xpath.names import LAST_SAVED, reads_instance
from forms.xpath.nodes import Rows
from forms.xpath.scope import Evaluate

_RULES = ("relevant", "calculate", "constraint", "required", "count")
_KEPT_QUESTIONS = 256
_KEPT_FORMS = 64  # versions in use at one time; the least recently used one goes


@dataclass(frozen=True, slots=True)
class Rules:
    """One template's closures; None where the form says nothing."""

    template: Template
    relevant: Evaluate | None = None
    calculate: Evaluate | None = None
    constraint: Evaluate | None = None
    required: Evaluate | None = None
    well_typed: Fits | None = None
    options: Choosing | None = None
    keeps: bool = False  # a once() calculation: its present answer stays
    asks: bool = False  # a person answers it
    varies: bool = False  # chance or the last record inside: the phone's value is taken as it is
    count: Evaluate | None = None  # how many rows a repeat has


class Plan:
    """One form, ready. Holds no record."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.graph = Graph(form)
        single = {t.path: t.index for t in self.graph.templates if not t.repeated}
        self.single = single
        self.rules = [self._rules(template, single) for template in self.graph.templates]
        self.steps = [
            (kind == "calc", self.rules[index]) for kind, index in self.graph.steps if self._is_needed(kind, index)
        ]
        self.questions = [rules for rules in self.rules if isinstance(rules.template.node, Question)]
        self._choices: dict[str, dict[str, Rows]] = {}
        self._asked: dict[int, tuple[Tree, Evaluate]] = {}

    def _is_needed(self, kind: str, index: int) -> bool:
        """Relevance that nothing can change is settled when the record is laid out."""
        if kind == "calc":
            return self.rules[index].calculate is not None
        while index > 0:
            if self.rules[index].relevant is not None or self.rules[index].count is not None:
                return True
            index = self.graph.templates[index].parent
        return False

    def _rules(self, template: Template, single: dict[str, int]) -> Rules:
        node, places = template.node, Places(single, None if template.repeated else template.path)
        if node is None:
            return Rules(template)
        own: dict[str, Any] = {name: _maybe(getattr(node, name, None), places) for name in _RULES}
        if not isinstance(node, Question):
            return Rules(template, **own)
        return Rules(
            template,
            **own,
            well_typed=fits_of(node),
            options=choosing_of(node, places),
            keeps=node.calculate is not None and node.calculate[:2] == ["f", "once"],
            asks=node.type not in ("calculate", "hidden", "note"),
            varies=_is_the_phones(node.calculate),
        )

    def choices(self, name: str, language: str) -> Rows:
        """A list of the form as rows: name, label, further columns."""
        by_language = self._choices.setdefault(name, {})
        rows = by_language.get(language)
        if rows is None:
            rows = by_language[language] = Rows(
                [{"name": c.name, "label": words_in(c.label, language), **c.extra} for c in self.form.choices[name]]
            )
        return rows

    def asked(self, tree: Tree, at_root: bool = True) -> Evaluate:
        """The closure of what is no question's rule: an indicator's filter, read at the root, or an output."""
        known = self._asked.get(id(tree))
        if known is None or known[0] is not tree:
            if len(self._asked) >= _KEPT_QUESTIONS:
                self._asked.clear()
            places = Places(self.single, self.graph.root if at_root else None)
            known = self._asked[id(tree)] = (tree, compiled(tree, places))
        return known[1]


def _maybe(tree: Tree | None, places: Places) -> Evaluate | None:
    return compiled(tree, places) if tree is not None else None


def words_in(words: Words, language: str) -> str:
    """In that language, else in Vietnamese, else in English, else in any."""
    return next((words[code] for code in (language, "vi", "en", *words) if code in words), "")


def _is_the_phones(calculate: Tree | None) -> bool:
    return _calls(calculate, ("random", "uuid")) or reads_instance(calculate, LAST_SAVED)


def _calls(tree: object, names: tuple[str, ...]) -> bool:
    if not isinstance(tree, list):
        return False
    return (is_call(tree) and tree[1] in names) or any(_calls(part, names) for part in tree)


_plans: OrderedDict[int, Plan] = OrderedDict()
_plans_lock = Lock()


def plan_of(form: Form) -> Plan:
    """The plan of this very Form object; keep and pass the same object, or it is compiled each time."""
    with _plans_lock:
        plan = _plans.get(id(form))
        if plan is None or plan.form is not form:
            plan = _plans[id(form)] = Plan(form)
            if len(_plans) > _KEPT_FORMS:
                _plans.popitem(last=False)
        _plans.move_to_end(id(form))
        return plan
