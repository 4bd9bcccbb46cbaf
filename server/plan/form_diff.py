"""What a new version of a form changes, told question by question. Pure: two compiled forms in, changes out.

Dangerous is what makes answers of two versions incomparable: another type, a question or a choice that is gone.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from forms.model import Form, Question

RULES = ("required", "relevant", "constraint", "calculate")
TEXTS = ("label", "hint", "constraint_message", "required_message", "guidance")


@dataclass(frozen=True, slots=True)
class Change:
    """`kind`: dropped | type | choice-dropped | added | choice-added | rule | text. `key` names it in a form.

    `before` and `after`: types, choice names, or which rule; `question` is of the version that has it.
    """

    kind: str
    question: Question
    before: str = ""
    after: str = ""
    dangerous: bool = False

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.question.path}:{self.before}"


def changes(old: Form, new: Form) -> list[Change]:
    """Dangerous ones first, each kind in the order of the form."""
    found = [*_gone(old, new), *_kept(old, new), *_come(old, new)]
    return sorted(found, key=lambda change: not change.dangerous)


def in_short(found: Collection[Change]) -> dict[str, int]:
    """kind → how many."""
    return {kind: sum(change.kind == kind for change in found) for kind in dict.fromkeys(c.kind for c in found)}


def _gone(old: Form, new: Form) -> Iterator[Change]:
    there = _by_name(new)
    for name, question in _by_name(old).items():
        if name not in there and question.type != "note":
            yield Change("dropped", question, before=question.type, dangerous=True)


def _come(old: Form, new: Form) -> Iterator[Change]:
    there = _by_name(old)
    for name, question in _by_name(new).items():
        if name not in there and question.type != "note":
            yield Change("added", question, after=question.type)


def _kept(old: Form, new: Form) -> Iterator[Change]:
    there = _by_name(new)
    for name, before in _by_name(old).items():
        after = there.get(name)
        if after is None:
            continue
        if before.type != after.type:
            yield Change("type", after, before.type, after.type, dangerous=True)
        yield from _choices(old, new, before, after)
        for rule in RULES:
            if getattr(before, rule) != getattr(after, rule):
                yield Change("rule", after, before=rule)
        if any(getattr(before, text) != getattr(after, text) for text in TEXTS):
            yield Change("text", after)


def _choices(old: Form, new: Form, before: Question, after: Question) -> Iterator[Change]:
    was, now = _names(old, before), _names(new, after)
    for name in (name for name in was if name not in now):
        yield Change("choice-dropped", after, before=name, dangerous=True)
    for name in (name for name in now if name not in was):
        yield Change("choice-added", after, before=name)


def _names(form: Form, question: Question) -> dict[str, None]:
    listed = form.choices.get(question.options.choices or "", ()) if question.options else ()
    return dict.fromkeys(choice.name for choice in listed)


def _by_name(form: Form) -> dict[str, Question]:
    """By name, as answers are compared across versions: a question that only moved to another page is the same."""
    found: dict[str, Question] = {}
    for question in form.questions():
        found.setdefault(question.name, question)
    return found
