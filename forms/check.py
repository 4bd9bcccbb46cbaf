"""Checks one record against its form: values, relevance and findings, as the phone saw them. Never refuses.

The clock is never asked: `now` is the moment the record was finished (D34). That the phone means the same is shown by
tests/vectors, which both run.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from forms.findings import findings_of
from forms.layout import Finding
from forms.model import Form, Tree
from forms.plan import plan_of
from forms.reading import Reading

__all__ = ["Checked", "Context", "Finding", "check", "holds", "read"]


@dataclass(frozen=True, slots=True)
class Context:
    """What a record is read with. `registers(name)` gives the rows of a register, name and label among their columns;
    hand out forms.xpath.nodes.Rows, the same ones each time, and they are indexed once."""

    now: datetime  # aware
    zone: str
    language: str
    registers: Callable[[str], Sequence[Mapping[str, str]]]
    last_saved: Mapping[str, Any] | None = None  # answers of the last record on the same phone; a server has none
    preloads: Mapping[str, str] = field(default_factory=dict)  # deviceid, username …, for one who opens a form


@dataclass(frozen=True, slots=True)
class Checked:
    """`values`: path → text of every relevant answered question, calculations included; repeats as path[n].
    `instance_name`: what the form calls this record, or ""."""

    values: dict[str, str]
    findings: tuple[Finding, ...]
    instance_name: str = ""


def check(
    form: Form, answers: Mapping[str, Any], context: Context, calculated: Mapping[str, str] | None = None
) -> Checked:
    """Findings and values of one answers document; `calculated` is what the phone says it calculated."""
    reading = read(form, answers, context, calculated)
    return Checked(reading.values(), tuple(findings_of(reading)), reading.instance_name())


def holds(form: Form, tree: Tree, answers: Mapping[str, Any], context: Context) -> bool:
    """Whether an expression, read at the root of the record, is true; `${name}` means the question of that name."""
    return read(form, answers, context).holds(tree)


def read(
    form: Form, answers: Mapping[str, Any], context: Context, calculated: Mapping[str, str] | None = None
) -> Reading:
    """The record as settled nodes, for callers with more than one question to it."""
    return Reading(plan_of(form), answers, context, calculated)
