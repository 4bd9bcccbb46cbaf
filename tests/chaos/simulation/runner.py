"""Runs the simulation: bundles the program of the phone, starts both processes, hears what they say."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.forms.phone_engine import node_program

ROOT = Path(__file__).parents[3]
PHONE = Path(__file__).parent / "phone"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`sums` over all histories; `faults`: seed, what was found and the whole trace of each that was no pass."""

    sums: dict[str, int]
    faults: list[dict[str, Any]]


def many(first: int, count: int, lanes: int = 2) -> Outcome:
    """The same, in several pairs of processes side by side."""
    each = -(-count // lanes)
    parts = [(start, min(each, first + count - start)) for start in range(first, first + count, each)]
    with ThreadPoolExecutor(lanes) as pool:
        outcomes = list(pool.map(lambda part: run(*part), parts))
    sums: Counter[str] = Counter()
    for outcome in outcomes:
        sums.update(outcome.sums)
    return Outcome(dict(sums), [fault for outcome in outcomes for fault in outcome.faults])


def bundle(tree: Path, folder: Path) -> tuple[Path, Path]:
    """The phone's program of `tree`, and what plays it, each as one file."""
    out, player = folder / "program.cjs", folder / "run.mjs"
    entry = tree / "tests" / "chaos" / "simulation" / "phone" / "program.ts"
    subprocess.run([node_program(), str(PHONE / "bundle.mjs"), str(entry), str(out), str(player)], check=True, cwd=ROOT)
    return out, player


def run(first: int, count: int, *, tree: Path = ROOT, stop: bool = False, timeout_s: float = 1800) -> Outcome:
    """Plays `count` histories from seed `first` on, on the phone's program and the `sync/` of `tree`."""
    with tempfile.TemporaryDirectory(prefix="lantoa-chaos-") as name:
        folder = Path(name)
        program, player = bundle(tree, folder)
        questions, answers = folder / "questions", folder / "answers"
        os.mkfifo(questions)
        os.mkfifo(answers)
        serving = [sys.executable, "-m", "tests.chaos.simulation.serve", str(questions), str(answers)]
        server = subprocess.Popen(serving, cwd=tree, env={**os.environ, "TMPDIR": name})
        asking = [node_program(), str(player), str(program), str(questions), str(answers), str(first), str(count)]
        phones = subprocess.Popen([*asking, *(["stop"] if stop else [])], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            said = _said(phones, server, timeout_s)
        finally:
            for process in (phones, server):
                process.kill()
                process.wait()
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return Outcome(lines[-1]["sums"], lines[:-1])


def _said(phones: "subprocess.Popen[str]", server: "subprocess.Popen[bytes]", timeout_s: float) -> str:
    """What the phones' process printed; AssertionError when either process ended badly."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        try:
            said, _ = phones.communicate(timeout=1)
        except subprocess.TimeoutExpired:
            # The pipes open only when both ends are there: without the server the phones would wait for ever.
            assert server.poll() in (None, 0), f"the server's process ended with {server.returncode}"
            continue
        assert phones.returncode == 0, f"the phones' process ended with {phones.returncode}"
        return said
    raise AssertionError(f"the simulation did not end within {timeout_s} s")
