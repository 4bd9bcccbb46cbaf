"""How many ordinary sessions a second the server checks on one core: form and registers at hand, no database.

Answers are made beforehand; every check is a whole one, with its findings and its calculated values.
"""

import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from bench.connection import Connection
from bench.installation import PRESET, enrolment_code, installed
from bench.line import say
from bench.ordinary import FORM, answers_of, calculated_of, rows_of, shelf_of
from forms.check import Context, check
from forms.model import Form
from forms.xlsform import compile_markdown
from forms.xpath.nodes import Rows
from tests.phone import Phone

RECORDS, ROUNDS = 2_000, 5


def main() -> None:
    """Prints the median of the rounds, and each."""
    with installed() as running:
        running.start()
        phone = Phone(Connection(running.port), lambda: datetime.now(UTC))
        assert phone.enrol(enrolment_code(running)).status == 201
        shelf, today, chance = shelf_of(phone), datetime.now(UTC).date().isoformat(), Random(7)
        made = [answers_of(shelf, chance, today) for _ in range(RECORDS)]
        form, context = _form(), _context(phone)
        said = calculated_of(shelf, today)
    runs = [_round(form, made, context, said) for _ in range(ROUNDS)]
    findings = sum(len(check(form, answers, context, said).findings) for answers in made)
    say(
        "check_per_s", statistics.median(runs), "records/s", ">= 2000", runs=sorted(map(round, runs)), findings=findings
    )


def _round(form: Form, made: list[dict[str, Any]], context: Context, said: dict[str, str]) -> float:
    began = time.process_time()
    for answers in made:
        check(form, answers, context, said)
    return len(made) / (time.process_time() - began)


def _form() -> Form:
    return compile_markdown(Path(PRESET, "forms", f"{FORM.strip('/')}.md").read_text(encoding="utf-8")).form


def _context(phone: Phone) -> Context:
    me = phone.enrolled["changes"]["me"]
    own = {"name": "me", "label": me["name"], **{k: me[k] for k in ("unit", "organisation", "rapporteur", "t2_mode")}}
    kept = {"me": Rows([own])}

    def register(name: str) -> Rows:
        if name not in kept:
            kept[name] = Rows(rows_of(phone, name))
        return kept[name]

    for name in ("units", "hamlets", "provisions", "organisations", "rapporteurs", "members"):
        register(name)  # fetched while the server still runs
    return Context(datetime.now(UTC), me["zone"], "vi", register)
