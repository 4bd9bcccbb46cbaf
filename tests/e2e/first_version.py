"""The program of tag v0.1 in a folder, built, as it once served phones: what an update starts from.

From the tag where the clone has it. A shallow clone has none: then from attached/first-version.tar.xz, the same files
(`git archive --format=tar v0.1 PARTS | xz -9e`), which a test compares with the tag wherever both are there.
"""

import hashlib
import io
import lzma
import subprocess
import sys
import tarfile
from pathlib import Path

from tests.e2e.running import ROOT, Running

TAG = "v0.1"
KEPT = Path(__file__).parent / "attached/first-version.tar.xz"
PARTS = (
    *("script", "server", "sync", "forms", "static", "presets", "wsgi.py", "package.json", "package-lock.json"),
    *("tsconfig.json", "requirements.txt", "requirements-node.txt", "constraints.txt"),
    *("tests/__init__.py", "tests/e2e/__init__.py", "tests/e2e/world.py"),
)
BUILD = "import sys; sys.path.insert(0, 'script'); import setup_phone; setup_phone.build()"


def from_tag() -> bytes | None:
    """The files as the tag has them; None where there is no tag."""
    packed = subprocess.run(["git", "archive", "--format=tar", TAG, *PARTS], cwd=ROOT, capture_output=True, check=False)
    return packed.stdout if packed.returncode == 0 else None


def kept() -> bytes:
    return lzma.decompress(KEPT.read_bytes())


def contents(archive: bytes) -> dict[str, str]:
    """Name → SHA-256 of each file."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        files = {one.name: opened.extractfile(one) for one in opened.getmembers() if one.isfile()}
        return {name: hashlib.sha256(file.read()).hexdigest() for name, file in files.items() if file}


def built(folder: Path) -> Path:
    """Its tree; it runs on the packages that are installed here, which are newer or the same."""
    root = folder / "first-version"
    with tarfile.open(fileobj=io.BytesIO(from_tag() or kept())) as archive:
        archive.extractall(root, filter="data")
    _borrow(ROOT / ".venv", root / ".venv")
    _borrow(ROOT / "node_modules", root / "node_modules")
    _call_installed(root)
    subprocess.run([sys.executable, "-c", BUILD], cwd=root, check=True)
    return root


def fill(running: Running) -> None:
    """Tables, people and rolls, by its own program."""
    running.folder.mkdir(parents=True, exist_ok=True)
    running.flask("start", "ready")
    command = [str(running.root / ".venv/bin/python"), "-m", "tests.e2e.world"]
    subprocess.run(command, cwd=running.root, env=running.environment, check=True)


def _borrow(there: Path, here: Path) -> None:
    """A folder of its own, so that nothing is written down in ours."""
    here.mkdir()
    for one in there.iterdir():
        if not one.name.startswith((".lantoa-", ".requirements")):
            (here / one.name).symlink_to(one.resolve() if one.is_symlink() else one)


def _call_installed(root: Path) -> None:
    """What its setup writes down after installing (script/setup_python.py, script/setup_phone.py of the tag)."""
    lock = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    (root / "node_modules/.lantoa-installed").write_text(lock)
    for name in ("requirements.txt", "requirements-node.txt"):
        digest = hashlib.sha256(str(sys.version_info[:2]).encode())
        for file in (name, "constraints.txt"):
            digest.update((root / file).read_bytes())
        (root / f".venv/.{name}.installed").write_text(digest.hexdigest())
