"""Has an uploaded form read by a process of its own: a file that eats memory or time ends that process only."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from forms.faults import Fault, FormFaults
from server.plan import form_wire as wire
from server.plan.form_wire import Handed, Limits, ReadForm

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "server.plan.form_child")
PASSED_ON = ("PATH", "LANG", "LC_ALL", "PYTHONDONTWRITEBYTECODE", "MALLOC_ARENA_MAX")  # no key, no database
USUAL = Limits()
TOO_LONG, TOO_HEAVY, UNREADABLE = "too-long", "too-heavy", "unreadable"
ENDS: Mapping[int, str] = {
    wire.OUT_OF_MEMORY: TOO_HEAVY,
    -signal.SIGKILL: TOO_HEAVY,  # by the kernel, when the machine itself ran short
    -signal.SIGXCPU: TOO_LONG,
}


def read(form: Handed, files: tuple[Handed, ...], limits: Limits = USUAL) -> ReadForm:
    """The form; raises FormFaults with what is wrong with the file, or with what reading it did to its reader."""
    environ = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    try:
        ended = subprocess.run(
            COMMAND,
            input=wire.asked(form, files, limits),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what a library says of a file may hold its content (R35)
            cwd=ROOT,
            env=environ,
            timeout=limits.wall_s,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise FormFaults((_own(TOO_LONG),)) from late
    if ended.returncode != 0:
        raise FormFaults((_own(ENDS.get(ended.returncode, UNREADABLE)),))
    return wire.heard(ended.stdout)


def _own(code: str) -> Fault:
    return Fault("", 0, "", code, code)
