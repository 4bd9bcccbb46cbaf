"""What goes to the process that reads an uploaded form, and what comes back: JSON, with bytes behind or inside it."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from forms.faults import Fault, FormFaults, as_json, fault_of

OUT_OF_MEMORY = 3  # the process's status


@dataclass(frozen=True, slots=True)
class Limits:
    """Of the reading process: address space in bytes, seconds of computing, seconds until it is ended."""

    memory_bytes: int = 512 * 1024 * 1024
    cpu_s: int = 60
    wall_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Handed:
    """One file; `kind`: xlsx | md | csv | xml for the form, csv | image | audio for what lies beside it."""

    name: str
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What phones fetch of a file beside a form; no `body` where it is the file as it was given."""

    media_type: str
    body: bytes | None
    body_br: bytes


@dataclass(frozen=True, slots=True)
class ReadForm:
    """A form that was read; `files` in the order in which they were handed."""

    form_id: str
    version: str
    title: Mapping[str, str]
    xform: str
    model: str
    xlsform: bytes | None
    warnings: tuple[Fault, ...]
    files: tuple[ReadFile, ...]


def asked(form: Handed, files: tuple[Handed, ...], limits: Limits) -> bytes:
    """One line that says what follows, then the bytes of all files."""
    every = (form, *files)
    head = {
        "files": [[one.name, one.kind, len(one.body)] for one in every],
        "memory_bytes": limits.memory_bytes,
        "cpu_s": limits.cpu_s,
    }
    return b"".join((json.dumps(head).encode(), b"\n", *(one.body for one in every)))


def limits_asked(head: Mapping[str, Any]) -> Limits:
    return Limits(int(head["memory_bytes"]), int(head["cpu_s"]))


def files_asked(head: Mapping[str, Any], source: IO[bytes]) -> tuple[Handed, ...]:
    """The form first."""
    return tuple(Handed(name, kind, source.read(size)) for name, kind, size in head["files"])


def told(found: ReadForm) -> bytes:
    body = {
        "form": [found.form_id, found.version, dict(found.title), found.xform, found.model, _text(found.xlsform)],
        "warnings": [as_json(one) for one in found.warnings],
        "files": [[one.media_type, _text(one.body), _text(one.body_br)] for one in found.files],
    }
    return json.dumps(body).encode()


def told_faults(broken: FormFaults) -> bytes:
    faults, warnings = ([as_json(one) for one in each] for each in (broken.faults, broken.warnings))
    return json.dumps({"faults": faults, "warnings": warnings}).encode()


def heard(body: bytes) -> ReadForm:
    """What the process said; raises FormFaults where it found faults, ValueError where it was cut short."""
    said = json.loads(body)
    warnings = tuple(map(fault_of, said["warnings"]))
    if "faults" in said:
        raise FormFaults(tuple(map(fault_of, said["faults"])), warnings)
    form_id, version, title, xform, model, xlsform = said["form"]
    files = tuple(ReadFile(kind, _bytes(body), _bytes(packed) or b"") for kind, body, packed in said["files"])
    return ReadForm(form_id, version, title, xform, model, _bytes(xlsform), warnings, files)


def _text(body: bytes | None) -> str | None:
    return None if body is None else b64encode(body).decode()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else b64decode(text)
