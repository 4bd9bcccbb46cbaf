"""How a command ends when it cannot do what was asked: one sentence per fault on stderr, status 2."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click

from sync.problems import Fault, Problem


@contextmanager
def refusing() -> Iterator[None]:
    """Tells a Problem in words instead of a traceback."""
    try:
        yield
    except Problem as problem:
        faults = [fault.detail for fault in problem.errors if isinstance(fault, Fault)]
        raise refusal(faults or [problem.detail or f"{problem.title}."]) from None


def refusal(faults: Iterable[str]) -> click.exceptions.Exit:
    for fault in faults:
        click.echo(fault, err=True)
    return click.exceptions.Exit(2)
