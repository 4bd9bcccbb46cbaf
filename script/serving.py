"""From installing to serving: looks whether the port is free, says where it serves, becomes the supervisor."""

import json
import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import NoReturn

from readiness import Ready
from setup_python import PYTHON, ROOT, SetupFault

# glibc: two heaps, and what a batch needed goes back to the machine (7 MiB less, no slower: bench/README.md).
FRUGAL = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072", "MALLOC_MMAP_THRESHOLD_": "131072"}


def refuse_taken_port(told: Ready) -> None:
    """gunicorn would try again for seconds; one sentence is quicker."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((told.bind, told.port))
        except OSError as error:
            raise SetupFault(f"Port {told.port} on {told.bind} cannot be used ({error.strerror}); set PORT.") from None


def serve(told: Ready, environ: Mapping[str, str]) -> NoReturn:
    """Goes on as script/supervise.py in the virtual environment, under the same process id."""
    print(f"Serving {told.url} (desk: {told.url}/desk), listening on {told.bind}:{told.port}", flush=True)
    if told.out_of_reach:
        print(told.out_of_reach, flush=True)
    sys.stderr.flush()
    os.chdir(ROOT)
    # glibc would give nearly every thread a heap of its own, and keep what each once needed.
    frugal = {**FRUGAL, **environ}
    os.execve(PYTHON, [str(PYTHON), "script/supervise.py", json.dumps(asdict(told))], frugal)
