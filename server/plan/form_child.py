"""The process that reads one uploaded form, and nothing else: no database, no keys; bounds of memory and time.

Needs pyxform and openpyxl, which therefore no other process loads. `form_alone` starts it and hears what it says.
"""

import contextlib
import json
import os
import resource
import sys
from pathlib import Path

import brotli

from forms.csv_files import CsvFile, csv_file
from forms.faults import Fault, FormFaults
from forms.xlsform import compile_file, xlsx_of
from server.media_files import picture_type
from server.plan import form_wire as wire
from server.plan.form_wire import Handed, Limits, ReadFile, ReadForm

AUDIO_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"RIFF", "audio/wav"),
)
MOST_WRITTEN_BYTES = 64 * 1024 * 1024  # pyxform keeps its XML in a temporary file for a moment
CHOSEN_FIRST = "1000"  # when the machine itself runs short, the kernel ends this process and no other


def main() -> int:
    """Reads from the standard input, answers on the standard output; a library that prints disturbs nobody."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    head = json.loads(sys.stdin.buffer.readline())
    bound(wire.limits_asked(head))
    try:
        said = _answer(wire.files_asked(head, sys.stdin.buffer))
    except MemoryError:
        return wire.OUT_OF_MEMORY
    with answer:
        answer.write(said)
    return 0


def bound(limits: Limits) -> None:
    """From here on: no more memory, time or files than told, and no core file with what was uploaded."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN_BYTES, MOST_WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):  # Linux only
        Path("/proc/self/oom_score_adj").write_text(CHOSEN_FIRST)


def _answer(files: tuple[Handed, ...]) -> bytes:
    try:
        return wire.told(read(files[0], files[1:]))
    except FormFaults as broken:
        return wire.told_faults(broken)


def read(form: Handed, files: tuple[Handed, ...]) -> ReadForm:
    """The compiled form with what phones fetch beside it; raises FormFaults."""
    compiled = compile_file(form.name, form.body, {one.name: one.body for one in files})
    found: list[ReadFile] = []
    faults: list[Fault] = []
    for one in files:
        try:
            found.append(_fetched(one))
        except FormFaults as broken:
            faults += broken.faults
    if faults:
        raise FormFaults(tuple(faults), compiled.warnings)
    made = compiled.form
    xlsform = None if form.kind == "xml" else xlsx_of(form.name, form.body)
    return ReadForm(
        made.form_id, made.version, made.title, compiled.xform, compiled.model_json, xlsform, compiled.warnings,
        tuple(found),
    )  # fmt: skip


def _fetched(file: Handed) -> ReadFile:
    """What phones get of a file; its type is what its bytes are, not what its name says."""
    if file.kind == "csv":
        body = _register_set(csv_file(file.name, file.body)).encode()
        return ReadFile("application/json", body, brotli.compress(body, quality=9))
    media_type = picture_type(file.body) if file.kind == "image" else _sound_type(file.body)
    if media_type is None:
        raise FormFaults((own("file-not-what-it-says", file.name, name=file.name),))
    return ReadFile(media_type, None, b"")


def _register_set(found: CsvFile) -> str:
    shape = {"register": found.name, "unit": None, "columns": found.columns, "rows": found.rows}
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


def _sound_type(body: bytes) -> str | None:
    if body[4:8] == b"ftyp":
        return "audio/mp4"
    return next((kind for mark, kind in AUDIO_MARKS if body.startswith(mark)), None)


def own(code: str, sheet: str, **details: str) -> Fault:
    """A fault whose words are the desk's."""
    return Fault(sheet, 0, "", code, code, details)


if __name__ == "__main__":
    sys.exit(main())
