"""Fills one form by chance in Python and in the phone's engine, and says where the two differ."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from forms.check import check
from forms.choosing import offered
from forms.findings import findings_of
from forms.model import Form, Repeat
from forms.model_json import dumps
from forms.plan import Rules, words_in
from forms.reading import Reading
from forms.xpath.nodes import Node
from forms.xpath.values import boolean
from tests.forms.filling import ON_THE_PHONE, Filling
from tests.forms.phone_engine import PhoneEngine
from tests.forms.random_expressions import LISTS
from tests.forms.random_forms import REGISTERS
from tests.forms.random_words import reads_the_clock

ZONE, NOW = "Asia/Ho_Chi_Minh", "2024-11-22T02:00:00Z"
PRELOADS = {"deviceid": "device-1", "username": "account-1"}
FINISHED_AT = "2024-11-29T09:30:00Z"
LAST_SAVED = {"t0": "before", "i0": "7", "d0": "2024-11-01", "s0": "red", "t1": "earlier"}
MOST_NEW = 4  # rows of one repeat
DATES = ("2024-11-20", "2024-02-29", "2023-02-29", "2024-11-22T08:30:00.000+07:00")
POOLS: dict[str, tuple[str, ...]] = {
    "integer": ("1", "2", "3", "12", "-4", "007", "1234567890123456", "2.5"),
    "decimal": ("0.5", "2", "1.25", "-.5", "3.", "1e3", "0.1"),
    "date": DATES,
    "dateTime": DATES[::-1],
    "time": ("08:30", "23:59:59.999+07:00", "24:00"),
    "acknowledge": ("OK",),
    "image": ("7c0f6a5e00004000800000000000000a", "photo.jpg"),
    "audio": ("7c0f6a5e00004000800000000000000b",),
    "file": ("7c0f6a5e00004000800000000000000c",),
    "range": ("0", "5", "2.5", "0.3", "11", "-1"),
    "geopoint": ("9.6 105.97 0 4.5", "91 0", "9.6", "9.6 105.97 0 -1"),
    "barcode": ("8934563138165",),
}
ANY = ("", "", "x", "3", "red", "yes", 'a\'b <&> "c"', "Đỏ 🙂 e\u0301", "red blue", "t1", "\n \t")
CHOSEN = (*(name for names in LISTS.values() for name in names), "p1", "p3", "p5", "new:1:A", "zz")


@dataclass(frozen=True)
class Edit:
    """What to do, with numbers that pick among what there is at that moment."""

    kind: str
    where: int
    what: int


EDITS = st.lists(
    st.builds(
        Edit,
        st.sampled_from(("set", "set", "set", "set", "set", "add", "add", "remove", "now", "language", "again")),
        st.integers(0, 40),
        st.integers(0, 40),
    ),
    min_size=3,
    max_size=14,
)


class RandomFilling:
    """The Python side, with the steps that it took as the phone will be told them."""

    def __init__(self, form: Form) -> None:
        self.filling = Filling(form, {"now": NOW, "preloads": PRELOADS, "last_saved": LAST_SAVED}, REGISTERS)
        self.reads_the_clock = reads_the_clock(form)  # then a rule that a phone reads again is another one
        self.steps: list[list[Any]] = []
        self.states = [state_of(self.filling.reading)]

    def edit(self, edit: Edit) -> None:
        step = self._step(edit)
        if step is not None:
            self.filling.step(*step)
            self.steps.append(step)
            self.states.append(state_of(self.filling.reading))

    def _step(self, edit: Edit) -> list[Any] | None:
        if edit.kind == "now" and self.reads_the_clock:
            return None
        if edit.kind == "now":
            later = datetime.fromisoformat(NOW) + timedelta(hours=7 * edit.what)
            return ["now", later.isoformat().replace("+00:00", "Z")]
        if edit.kind == "again":
            return [("again", "returned")[edit.what % 2]]
        if edit.kind == "language":
            return ["language", ("vi", "en")[edit.what % 2]]
        return self._set(edit) if edit.kind == "set" else self._rows(edit)

    def _set(self, edit: Edit) -> list[Any] | None:
        questions = [(path, rules) for path, _, rules in self.filling.reading.questions() if rules.calculate is None]
        if not questions:
            return None
        path, rules = questions[edit.where % len(questions)]
        return ["set", path, answer_for(rules, edit.what)]

    def _rows(self, edit: Edit) -> list[Any] | None:
        free = [path for path, counted in repeats_of(self.filling.reading) if not counted]
        if not free:
            return None
        path = free[edit.where % len(free)]
        rows = len(self.filling.rows(path))
        if edit.kind == "add":
            return ["add", path] if rows < MOST_NEW else None
        return ["remove", path, edit.what % rows + 1] if rows else None


def answer_for(rules: Rules, what: int) -> str:
    node: Any = rules.template.node
    pool = CHOSEN if node.options else POOLS.get(node.type, ())
    fitting = (
        [*pool, *pool, *ANY] if not node.type.endswith("multiple") else [*pool, "red blue", "t1 t3", "p1 p2 zz", *ANY]
    )
    return fitting[what % len(fitting)]


def repeats_of(reading: Reading) -> list[tuple[str, bool]]:
    """(path of a repeat with positions around it, whether it is counted), wherever it may stand."""
    found = []
    for template in reading.plan.graph.templates[1:]:
        if isinstance(template.node, Repeat):
            for parent in reading.nodes[template.parent]:
                found.append((f"{reading.layout.path_of(parent)}/{template.name}", template.node.count is not None))
    return found


def state_of(reading: Reading) -> dict[str, Any]:
    """What a person sees: as static/src/form/answer_random.ts tells it."""
    nodes = [(reading.layout.path_of(node), node) for nodes in reading.nodes for node in nodes]
    live = [(path, node) for path, node in nodes if node.live]
    findings = [[finding.code, finding.path] for finding in findings_of(reading) if finding.code in ON_THE_PHONE]
    return {
        "paths": sorted(path for path, _ in nodes),
        "live": sorted(path for path, _ in live),
        "values": {path: node.text for path, node in live if node.text},
        "required": sorted(path for path, node in live if _is_required(reading, node)),
        "choices": {path: offered for path, node in live if (offered := _offered(reading, node))},
        "labels": {path: label for path, node in live if (label := _label(reading, node))},
        "name": reading.instance_name(),
        "findings": findings,
    }


def _is_required(reading: Reading, node: Node) -> bool:
    rule = reading.plan.rules[node.template].required
    return rule is not None and boolean(reading.evaluate_at(rule, node))


def _offered(reading: Reading, node: Node) -> list[list[str]]:
    options = reading.plan.rules[node.template].options
    items = offered(reading, options, node) if options else {}
    is_listed = options is not None and not options.external and not options.inside
    return [[name, reading.filled(label, node) if is_listed else label] for name, label in items.items()]


def _label(reading: Reading, node: Node) -> str:
    words = getattr(reading.plan.rules[node.template].template.node, "label", {})
    return reading.filled(words_in(words, reading.language), node)


# ── Comparing ──
def differences(form: Form, edits: list[Edit], phone: PhoneEngine) -> str:
    """Empty if both sides said the same; else the first place where they differ, with all that led there."""
    ours = RandomFilling(form)
    for edit in edits:
        ours.edit(edit)
    said = phone.answer(request_of(form, ours.steps))
    for at, (mine, theirs) in enumerate(zip(ours.states, said["states"], strict=True)):
        if fault := first_difference(mine, in_order(theirs)):
            return f"after {ours.steps[:at]}: {fault}"
    return _at_the_end(form, ours, said)


def request_of(form: Form, steps: list[list[Any]]) -> dict[str, Any]:
    return {
        "model": json.loads(dumps(form)),
        "registers": REGISTERS,
        "zone": ZONE,
        "now": NOW,
        "finished_at": FINISHED_AT,
        "preloads": PRELOADS,
        "last_saved": LAST_SAVED,
        "language": "vi",
        "steps": steps,
    }


def in_order(state: dict[str, Any]) -> dict[str, Any]:
    return {**state, **{name: sorted(state[name]) for name in ("paths", "live", "required")}}


def first_difference(mine: dict[str, Any], theirs: dict[str, Any]) -> str:
    for name, ours in mine.items():
        if ours != theirs[name]:
            return f"{name}: server {_only(ours, theirs[name])}, phone {_only(theirs[name], ours)}"
    return ""


def _only(these: Any, those: Any) -> Any:
    if isinstance(these, dict):
        return {key: value for key, value in these.items() if those.get(key) != value}
    return [one for one in these if one not in those] or these


def _at_the_end(form: Form, ours: RandomFilling, said: dict[str, Any]) -> str:
    filling = ours.filling
    finished = said["finished"]
    draft = filling.reading.answers(everything=True)
    filling.step("now", FINISHED_AT)
    server = {
        "draft": draft,
        **{name: filling.finished()[name] for name in ("answers", "calculated")},
    }
    phone = {"draft": said["draft"], "answers": finished["answers"], "calculated": finished["calculated"]}
    if fault := first_difference(server, phone):
        return f"finished after {ours.steps}: {fault}"
    if said["reopened"] != finished and not sets_on_opening(form):
        return f"reopened after {ours.steps}: {said['reopened']} is not {finished}"
    checked = check(form, finished["answers"], filling.context, finished["calculated"])
    found = [[finding.code, bare(finding.path)] for finding in checked.findings]
    more = [one for one in found if one not in [[code, bare(path)] for code, path in finished["findings"]]]
    return f"the server finds more after {ours.steps}: {more}" if more else ""


def sets_on_opening(form: Form) -> bool:
    return any(action.event == "load" for question in form.questions() for action in question.actions)


def bare(path: str) -> str:
    """Without positions: rows without answers are dropped at finish, so those behind move up."""
    return "/".join(part.partition("[")[0] for part in path.split("/"))
