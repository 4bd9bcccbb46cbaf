"""A later release of the phone app, made from the build that is here without building: other names, another version.

Page and worker can be changed on the way, for releases that are broken. What the workers hold (addresses and SHA-256)
is told anew, so that the new release is as whole as the old one.
"""

import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from server import phone_files, recall

TEXT = (".js", ".css", ".html", ".json", ".webmanifest")
NAMED = re.compile(r"-([A-Z0-9]{8})\.(?:js|css)$")
WORKERS = ("sw.js", "sw-sending.js")
LISTS = (*WORKERS, "parts.json")


def same(text: str) -> str:
    return text


@dataclass(frozen=True)
class Release:
    """A build of the phone app, and its version."""

    dist: Path
    version: str

    @property
    def fetched(self) -> list[str]:
        """The names of the files that its worker fetches while it is installed, in the plan's order."""
        worker = (self.dist / "sw-sending.js").read_text(encoding="utf-8")
        imported = set(re.findall(r'from *"/static/dist/([^"]+)"', worker))
        planned = re.findall(r'"url":"/static/dist/([^"]+)"', worker)
        return [name for name in planned if name not in imported]


def later(folder: Path, tail: str, page: Callable[[str], str] = same, worker: Callable[[str], str] = same) -> Release:
    """`tail`: eight hex digits, the end of the version. `page`, `worker`: what is different in them."""
    dist = folder / f"release-{tail}"
    shutil.copytree(phone_files.DIST, dist)
    before = recall.served_version(dist)
    assert before, "build the app first: start script/server"
    version = f"{before.split('+')[0]}+{tail}"
    _rename(dist, {before: version, **_names(dist, before, version)})
    _tell_anew(dist, page, worker)
    return Release(dist, version)


def _names(dist: Path, before: str, version: str) -> dict[str, str]:
    """Every hash in a file's name → another one; rare parts are named by the version."""
    found = {match[1] for file in dist.iterdir() if (match := NAMED.search(file.name))}
    tag, new = (one.split("+")[1].upper() for one in (before, version))
    turned = {name: new if name == tag else name[1:] + name[0] for name in found}
    assert len({*turned.values()}) == len(turned), turned
    return {f"-{name}.": f"-{other}." for name, other in turned.items()}


def _rename(dist: Path, names: dict[str, str]) -> None:
    for packed in dist.rglob("*.br"):
        packed.unlink()
    for file in sorted(path for path in dist.iterdir() if path.suffix in TEXT):
        fresh, name = _replaced(file.read_text(encoding="utf-8"), names), _replaced(file.name, names)
        old = _sha256(file)
        file.unlink()
        (dist / name).write_text(fresh, encoding="utf-8")
        (dist / f".was-{name}").write_text(old)


def _tell_anew(dist: Path, page: Callable[[str], str], worker: Callable[[str], str]) -> None:
    """The new bytes' hashes in whatever lists them."""
    index = dist / "index.html"
    index.write_text(page(index.read_text(encoding="utf-8")), encoding="utf-8")
    was = {path.read_text(): _sha256(dist / path.name.removeprefix(".was-")) for path in dist.glob(".was-*")}
    for name in LISTS:
        changed = worker if name in WORKERS else same
        (dist / name).write_text(changed(_replaced((dist / name).read_text(encoding="utf-8"), was)), encoding="utf-8")
    for path in dist.glob(".was-*"):
        path.unlink()


def _replaced(text: str, pairs: dict[str, str]) -> str:
    pattern = re.compile("|".join(re.escape(old) for old in pairs))
    return pattern.sub(lambda found: pairs[found[0]], text)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
