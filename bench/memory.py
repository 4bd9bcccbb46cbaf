"""Memory of a process and everything below it, as PSS: pages that are shared are counted once in all."""

import threading
from pathlib import Path

import psutil

SAMPLE_EVERY_S = 0.2


def pss_bytes(pid: int) -> int:
    """Sum of PSS over `pid` and its descendants; a process that ends meanwhile counts nothing."""
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    return sum(_pss(process.pid) for process in family)


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    line = next((row for row in text.splitlines() if row.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1]) * 1024


class Watch:
    """Samples the PSS of a family of processes while a block runs; `highest` in bytes."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.highest = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._done.is_set():
            self.highest = max(self.highest, pss_bytes(self.pid))
            self._done.wait(SAMPLE_EVERY_S)
