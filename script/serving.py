"""Serves: gunicorn and the jobs worker as children that live and die together with script/server."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from types import FrameType

from readiness import Ready
from setup_python import PYTHON, ROOT, SetupFault

THREADS = 24
PR_SET_PDEATHSIG = 1
GRACE_S = 25


def refuse_taken_port(told: Ready) -> None:
    """gunicorn would try again for seconds; one sentence is quicker."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((told.bind, told.port))
        except OSError as error:
            raise SetupFault(f"Port {told.port} on {told.bind} cannot be used ({error.strerror}); set PORT.") from None


def serve(told: Ready, environ: Mapping[str, str]) -> int:
    """Serves until a signal comes or a child ends; 0 after a signal."""
    print(f"Serving {told.url} (desk: {told.url}/desk), listening on {told.bind}:{told.port}", flush=True)
    if told.out_of_reach:
        print(told.out_of_reach, flush=True)
    children = [_child(_gunicorn(told), environ), _child(_jobs(), environ)]
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        _end(children)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGHUP, stop)
    first = _first_to_end(children)
    if not asked:
        print(f"{first.args[2]} ended by itself with status {first.returncode}; stopping.", file=sys.stderr, flush=True)
    _end(children)
    _wait_for_all(children)
    return 0 if asked else 1


def _gunicorn(told: Ready) -> list[str]:
    """One process with threads; no control socket (one path per home: two servers would fight over it).

    Forwarded headers are read by the app alone, as many proxies deep as TRUSTED_PROXIES says (R31).
    """
    tls = ["--certfile", told.tls_cert, "--keyfile", told.tls_key] if told.tls_cert else []
    return [
        *(str(PYTHON), "-m", "gunicorn", "wsgi:app", "--bind", f"{told.bind}:{told.port}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", str(THREADS)),
        *("--timeout", "60", "--graceful-timeout", "20", "--keep-alive", "15", "--log-level", "warning"),
        *("--no-control-socket", "--forwarded-allow-ips", "", *tls),
    ]


def _jobs() -> list[str]:
    return [str(PYTHON), "-m", "flask", "--app", "wsgi", "jobs"]


def _child(command: list[str], environ: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """In a process group of its own: Ctrl-C reaches only us, and we let requests in flight finish."""
    return subprocess.Popen(command, cwd=ROOT, env=dict(environ), process_group=0, preexec_fn=_die_with_parent)


def _die_with_parent() -> None:
    """Linux ends the child when script/server is killed; elsewhere nothing is lost but this."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _first_to_end(children: "list[subprocess.Popen[bytes]]") -> "subprocess.Popen[bytes]":
    ended, status = os.wait()
    child = next(child for child in children if child.pid == ended)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child


def _end(children: "list[subprocess.Popen[bytes]]") -> None:
    for child in children:
        if child.returncode is None:
            child.send_signal(signal.SIGTERM)


def _wait_for_all(children: "list[subprocess.Popen[bytes]]") -> None:
    for child in children:
        try:
            child.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
