"""What an administrator may upload, and taking it in: sizes and names only. Only the worker opens it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server import audit
from server.queries import form_uploads as rows
from server.queries import jobs
from server.queries.form_uploads import Given, GivenFile

JOB = "form-read"
FORM_KINDS = ("xlsx", "md", "csv", "xml")
FILE_KINDS: Mapping[str, str] = {
    "csv": "csv",
    **dict.fromkeys(("png", "jpg", "jpeg", "webp"), "image"),
    **dict.fromkeys(("mp3", "wav", "ogg", "m4a"), "audio"),
}
MOST_FORM_BYTES = 5_000_000
MOST_FILE_BYTES = 6_000_000
MOST_FILES = 60
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Handed:
    """One file of the request."""

    name: str
    body: bytes


def kind_of(name: str) -> str:
    return name.lower().rpartition(".")[2] if "." in name else ""


def faults_of(form: Handed | None, files: Sequence[Handed]) -> list[str]:
    """Codes of what keeps it from being taken: no-file | form-kind | form-size | file-kind | file-size | files."""
    if form is None:
        return ["no-file"]
    checks = {
        "form-kind": kind_of(form.name) not in FORM_KINDS,
        "form-size": len(form.body) > MOST_FORM_BYTES,
        "file-kind": any(kind_of(file.name) not in FILE_KINDS for file in files),
        "file-size": any(len(file.body) > MOST_FILE_BYTES for file in files),
        "files": len(files) > MOST_FILES or len({file.name for file in files}) < len(files),
    }
    return [code for code, wrong in checks.items() if wrong]


def take(
    session: Session, account_id: int, form_id: str | None, form: Handed, files: Sequence[Handed], at: datetime
) -> int:
    """Keeps the upload and plans its reading; its number."""
    given = Given(
        account_id=account_id,
        form_id=form_id,
        file_name=form.name,
        kind=kind_of(form.name),
        body=form.body,
        files=tuple(GivenFile(file.name, FILE_KINDS[kind_of(file.name)], file.body) for file in files),
    )
    upload_id = rows.add(session, given, at)
    jobs.plan(session, JOB, f"{JOB}:{upload_id}", {"upload": upload_id}, at)
    audit.note(session, "form.uploaded", f"form-upload:{upload_id}", account_id, None, {"kind": given.kind}, at)
    return upload_id


def named(name: str) -> str:
    """A file's own name without folders and control characters; it only ever becomes text."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in bare if letter.isprintable()).strip()[-LONGEST_NAME:]
