"""Runs the web server (gunicorn) and the jobs worker as children that live and die together.

Loads the program once and forks: the processes share what they loaded (a third less memory than two starts).
Nothing is opened before the fork: no database, no socket, no thread; each child makes an app of its own. A SQLite
handle that crosses a fork can corrupt the database, so a program that has opened anything does not start.
"""

import ctypes
import gc
import json
import os
import signal
import stat
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

gc.disable()  # what is loaded now stays; collecting would only touch pages that are to be shared
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from gunicorn.app.wsgiapp import WSGIApplication  # noqa: E402

import server.web_worker  # noqa: E402, F401  loaded here to be shared
from server.app import create_app  # noqa: E402
from server.jobs import worker  # noqa: E402

THREADS = 24
GRACE_S = 25.0
PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
MOST_DESCRIPTORS = 256  # a program that only loads itself has a handful


def main(told: dict[str, str | int]) -> int:
    """Serves until a signal comes or a child ends; 0 after a signal, 1 when a child ended by itself or none began."""
    if found := _opened():
        print(f"Opened before the fork: {', '.join(found)}; not starting.", file=sys.stderr, flush=True)
        return 1
    gc.freeze()
    children = {
        _fork("lantoa-web", lambda: _serve(told)): "gunicorn",
        _fork("lantoa-jobs", lambda: worker.work_until_told(create_app())): "jobs",
    }
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        _tell(children, signal.SIGTERM)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    ended, status = os.wait()
    name = children.pop(ended)
    if not asked:
        print(f"{name} ended by itself ({os.waitstatus_to_exitcode(status)}); stopping.", file=sys.stderr, flush=True)
    _tell(children, signal.SIGTERM)
    _wait_for(children)
    return 0 if asked else 1


def _opened() -> list[str]:
    """Files, sockets and threads of our own making. What we were started with came through exec and is none of ours."""
    found = [f"descriptor {fd}" for fd in range(3, MOST_DESCRIPTORS) if _is_ours(fd)]
    return found + [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]


def _is_ours(fd: int) -> bool:
    try:
        kind = os.fstat(fd).st_mode
        return not os.get_inheritable(fd) and (stat.S_ISREG(kind) or stat.S_ISSOCK(kind))
    except OSError:  # no such descriptor
        return False


def _serve(told: dict[str, str | int]) -> None:
    """One process with threads; no control socket (one path per home: two servers would fight over it).

    Forwarded headers are read by the app alone, as many proxies deep as TRUSTED_PROXIES says (R31).
    """
    tls = ["--certfile", str(told["tls_cert"]), "--keyfile", str(told["tls_key"])] if told["tls_cert"] else []
    sys.argv = [
        *("gunicorn", "wsgi:app", "--bind", f"{told['bind']}:{told['port']}"),
        *("--worker-class", "server.web_worker.WebWorker", "--workers", "1", "--threads", str(THREADS)),
        *("--timeout", "60", "--graceful-timeout", "20", "--keep-alive", "15", "--log-level", "warning"),
        *("--no-control-socket", "--forwarded-allow-ips", "", *tls),
    ]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()


def _fork(name: str, work: Callable[[], None]) -> int:
    """A child in a process group of its own: Ctrl-C reaches only us, and we let requests in flight finish."""
    parent = os.getpid()
    sys.stdout.flush()
    if pid := os.fork():
        return pid
    os.setpgid(0, 0)
    _name_and_bind(name, parent)
    gc.enable()
    try:
        work()
    except SystemExit as end:
        os._exit(_status_of(end))
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def _name_and_bind(name: str, parent: int) -> None:
    """Linux ends the child when the supervisor is killed; elsewhere nothing is lost but this."""
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None)
    library.prctl(PR_SET_NAME, name.encode())
    library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it was killed before we asked to be told
        os._exit(1)


def _status_of(end: SystemExit) -> int:
    return end.code if isinstance(end.code, int) else int(end.code is not None)


def _tell(children: dict[int, str], number: int) -> None:
    for pid in children:
        os.kill(pid, number)


def _wait_for(children: dict[int, str]) -> None:
    """Kills what is still there after the time of grace."""
    deadline = time.monotonic() + GRACE_S
    while children:
        ended, _ = os.waitpid(-1, os.WNOHANG)
        children.pop(ended, None)
        if time.monotonic() > deadline:
            _tell(children, signal.SIGKILL)
        if not ended:
            time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
