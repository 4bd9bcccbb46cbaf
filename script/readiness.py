"""Is the installation ready to serve? Asks the program, and remembers its answer until something changes.

The answer lies in the data folder: a new or emptied folder is asked about again, and so is another database,
whose tables somebody else may have changed.
"""

import hashlib
import json
import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from setup_python import PYTHON, ROOT, SetupFault

SETTINGS = ("LANTOA_DATA", "LANTOA_KEYS", "LANTOA_URL", "LISTEN", "PORT", "TLS_CERT", "TLS_KEY", "TRUSTED_PROXIES")
MEMORY = ".ready.json"
DATABASE = "lantoa.db"


@dataclass(frozen=True)
class Ready:
    """What `flask start ready` told: where to serve, and what is still to do."""

    bind: str
    port: int
    url: str
    tls_cert: str
    tls_key: str
    out_of_reach: str | None
    plans: int
    accounts: int
    demo: bool

    @property
    def filled(self) -> bool:
        return bool(self.plans and self.accounts)


def ready(environ: Mapping[str, str]) -> Ready:
    """Brings the tables up to date where need be. Raises SetupFault with what is wrong with settings or folders."""
    told = _remembered(environ)
    if told is None:
        told = _asked(environ)
        if told.filled:
            _remember(environ, told)
    return told


def _asked(environ: Mapping[str, str]) -> Ready:
    command = [str(PYTHON), "-m", "flask", "--app", "wsgi", "start", "ready"]
    done = subprocess.run(command, cwd=ROOT, env=dict(environ), capture_output=True, text=True, check=False)
    if done.returncode == 2:
        raise SetupFault(done.stderr.strip())
    if done.returncode != 0:
        raise SetupFault(f"The database cannot be brought up to date: {_last_line(done.stderr)}")
    return Ready(**json.loads(done.stdout.strip().splitlines()[-1]))


def _remembered(environ: Mapping[str, str]) -> Ready | None:
    folder = Path(environ["LANTOA_DATA"])
    if environ.get("DATABASE_URL") or not (folder / DATABASE).is_file() or not _still_open(environ):
        return None
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads((folder / MEMORY).read_text())
        return Ready(**kept["ready"]) if kept["of"] == _what_it_hangs_on(environ) else None
    return None


def _still_open(environ: Mapping[str, str]) -> bool:
    """Folders and certificates may have been closed to us since."""
    files = [environ[name] for name in ("TLS_CERT", "TLS_KEY") if environ.get(name)]
    folders = [environ["LANTOA_DATA"], environ["LANTOA_KEYS"]]
    return all(os.access(file, os.R_OK) for file in files) and all(os.access(folder, os.W_OK) for folder in folders)


def _remember(environ: Mapping[str, str], told: Ready) -> None:
    kept = {"of": _what_it_hangs_on(environ), "ready": asdict(told)}
    with suppress(OSError):
        (Path(environ["LANTOA_DATA"]) / MEMORY).write_text(json.dumps(kept))


def _what_it_hangs_on(environ: Mapping[str, str]) -> str:
    """The settings, the program's own reading of them, and the migrations."""
    digest = hashlib.sha256(json.dumps([environ.get(name, "") for name in SETTINGS]).encode())
    sources = [ROOT / "server" / "config.py", *sorted((ROOT / "server" / "migrations" / "versions").glob("*.py"))]
    for path in sources:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no reason given"
