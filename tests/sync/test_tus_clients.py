"""Two tus clients of other people, unmodified, through a real server that is killed in the middle of an upload."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tusclient.client import TusClient

from tests.e2e.running import ROOT, free_port
from tests.forms.phone_engine import node_program
from tests.phone import Answer, Phone, Photo
from tests.settable_clock import SettableClock
from tests.sync.make import jpeg, outreach
from tests.sync.test_cut_lines import Gunicorn, head, read, wait_for

CHUNK_BYTES = 32 * 1024
KILL_FROM_BYTES = 10 * CHUNK_BYTES


@dataclass
class Restarted:
    """gunicorn over one folder and one port; killed as a machine is switched off, and started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--threads", "8"]
        command += ["-k", "server.web_worker.WebWorker", "-b", f"127.0.0.1:{self.port}", "tests.sync.served:app"]
        own = {"LANTOA_TEST_FOLDER": str(self.folder), "LANTOA_TEST_SILENCE_S": "20"}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **own}, stdout=log, stderr=log, start_new_session=True
            )
        wait_for(self.port, self.process, self.folder / "log")

    def kill(self) -> None:
        """Master and worker at once, nothing is ended in peace."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def phone(self) -> Phone:
        line = Gunicorn(self.port, "")
        made = Phone(line.send, SettableClock())
        assert made.enrol((self.folder / "code").read_text()).status == 201
        return made


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Restarted]:
    made = Restarted(tmp_path)
    made.start()
    yield made
    made.kill()


def offset_of(server: Restarted, sender: Phone, photo: Photo) -> int:
    """How far the server says that the upload is."""
    headers = {"Tus-Resumable": "1.0.0", **sender.credentials()}
    with Gunicorn(server.port, "").connect() as line:
        line.sendall(head("HEAD", f"/sync/media/{photo.media_id}", headers, None))
        answer: Answer = read(line, "HEAD")
    return int(answer.headers.get("upload-offset", 0)) if answer.status == 200 else 0


def killed_in_the_middle(server: Restarted, sender: Phone, photo: Photo) -> int:
    """Kills the server while the upload is under way, and starts it again; how far the upload was."""
    reached = 0
    while not KILL_FROM_BYTES <= reached < len(photo.data):
        reached = offset_of(server, sender, photo)
        assert reached < len(photo.data), "the upload was over before anybody could kill the server"
    server.kill()
    server.start()
    return offset_of(server, sender, photo)


def metadata(record_id: str, photo: Photo) -> dict[str, str]:
    digest = hashlib.sha256(photo.data).hexdigest()
    return {"media_id": photo.media_id, "sha256": digest, "record_id": record_id, "question": photo.question}


def sent_with_photo(server: Restarted) -> tuple[Phone, Photo, str]:
    sender, photo = server.phone(), Photo("photo", jpeg(2600))
    record = outreach(sender, photos=(photo,))
    assert sender.send(record).status == 200
    return sender, photo, record.record_id


def is_there(server: Restarted, sender: Phone, photo: Photo) -> None:
    statement = json.loads(sender.have([], [photo.media_id]).json()["statement"])
    assert statement["media"] == [{"id": photo.media_id, "state": "there", "offset": len(photo.data)}]
    sha256 = hashlib.sha256(photo.data).hexdigest()
    whole = server.folder / "data" / "media" / "original" / sha256[:2] / sha256
    assert whole.read_bytes() == photo.data


@pytest.mark.parametrize("checksum", [False, True], ids=["plain", "checksum"])
def test_tuspy_goes_on_where_it_was_when_the_server_was_killed(server: Restarted, checksum: bool) -> None:
    sender, photo, record_id = sent_with_photo(server)
    client = TusClient(f"http://127.0.0.1:{server.port}/sync/media", headers=sender.credentials())
    uploader = client.uploader(
        file_stream=io.BytesIO(photo.data),
        chunk_size=CHUNK_BYTES,
        metadata=metadata(record_id, photo),
        retries=500,
        retry_delay=0.1,
        upload_checksum=checksum,
    )
    faults: list[BaseException] = []

    def upload() -> None:
        try:
            uploader.upload()
        except BaseException as fault:
            faults.append(fault)

    working = threading.Thread(target=upload)
    working.start()
    kept = killed_in_the_middle(server, sender, photo)
    working.join(60)
    assert (working.is_alive(), faults) == (False, [])
    assert kept >= KILL_FROM_BYTES
    is_there(server, sender, photo)


@pytest.mark.parametrize("override", [False, True], ids=["patch", "method-override"])
def test_tus_js_client_goes_on_where_it_was_when_the_server_was_killed(server: Restarted, override: bool) -> None:
    sender, photo, record_id = sent_with_photo(server)
    file = server.folder / "photo.jpg"
    file.write_bytes(photo.data)
    told: dict[str, Any] = {"endpoint": f"http://127.0.0.1:{server.port}/sync/media", "token": sender.enrolled["token"]}
    told |= {"metadata": metadata(record_id, photo), "chunkSize": CHUNK_BYTES, "override": override}
    program = str(ROOT / "tests" / "sync" / "tus_client.mjs")
    command = [node_program(), program, str(file)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as client:
        assert client.stdin
        client.stdin.write(json.dumps(told))
        client.stdin.close()
        client.stdin = None
        kept = killed_in_the_middle(server, sender, photo)
        out, err = client.communicate(timeout=60)
    assert (client.returncode, err) == (0, "")
    assert out.strip().endswith(f"/sync/media/{photo.media_id}")
    assert kept >= KILL_FROM_BYTES
    is_there(server, sender, photo)
