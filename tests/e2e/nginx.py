"""Debian's nginx with the very configuration of docs/deploy.md, moved to loopback ports."""

import re
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.running import ROOT, free_port
from tests.e2e.tls import Certificates

RECIPE_HOST = "lantoa.example.vn"
FRAME = """daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{recipe}
}}
"""


def recipe(name: str) -> str:
    """The fenced block of docs/deploy.md that follows `<!-- recipe: name -->`."""
    text = (ROOT / "docs/deploy.md").read_text()
    found = re.search(rf"<!-- recipe: {re.escape(name)} -->\n```\w+\n(.*?)```", text, re.DOTALL)
    assert found, f"docs/deploy.md has no recipe {name}"
    return found.group(1)


def moved(text: str, certificates: Certificates, ports: dict[str, int]) -> str:
    """The recipe with other ports and certificate files; everything else as people read it."""
    swaps = {
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{ports['app']};",
        "listen 80;": f"listen 127.0.0.1:{ports['http']};",
        "listen 443 ssl;": f"listen 127.0.0.1:{ports['https']} ssl;",
        "/etc/lantoa/fullchain.pem": str(certificates.chain),
        "/etc/lantoa/key.pem": str(certificates.key),
    }
    for old, new in swaps.items():
        assert old in text, f"the recipe lost «{old}»"
        text = text.replace(old, new)
    return text


@dataclass
class Nginx:
    """One nginx process before one application."""

    folder: Path
    certificates: Certificates
    app_port: int
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.http, self.https = free_port(), free_port()

    def start(self) -> None:
        """Writes the configuration, starts nginx and waits for its port."""
        self.folder.mkdir(parents=True, exist_ok=True)
        ports = {"app": self.app_port, "http": self.http, "https": self.https}
        text = moved(recipe("nginx"), self.certificates, ports)
        configuration = self.folder / "nginx.conf"
        configuration.write_text(FRAME.format(folder=self.folder, recipe=text))
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
        assert program, "nginx is not installed (apt install nginx-light)"
        command = [program, "-p", str(self.folder), "-c", str(configuration), "-e", str(self.folder / "error.log")]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        self._wait()

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.folder / "error.log").read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.https)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("nginx did not listen")

    def stop(self) -> None:
        """Ends nginx."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None
