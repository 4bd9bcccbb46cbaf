"""The settings of one installation, read from the environment once.

Gathers every fault before it gives up, one sentence each. Touches no disk except to make the two folders
(`make_folders`). Leaves the choice of address and worker counts to script/server.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

from flask import current_app

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DEFAULT_PORT = 8000
MOST_PROXIES = 5


class ConfigFaults(Exception):
    """What is wrong with the settings: one sentence each, all of them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. `public_url` is the one public origin (D1), without a slash at the end."""

    data_dir: Path
    keys_dir: Path
    database_url: str
    public_url: str
    port: int = DEFAULT_PORT
    tls_cert: Path | None = None
    tls_key: Path | None = None
    trusted_proxies: int = 0
    listen: str | None = None  # an address of this machine, where the default is not wanted

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def hostname(self) -> str:
        return urlsplit(self.public_url).hostname or ""

    @property
    def on_loopback(self) -> bool:
        return self.hostname in LOOPBACK

    @property
    def media_dir(self) -> Path:
        return self.data_dir / "media"

    @property
    def bind(self) -> str:
        """Where to listen. Only our own TLS is let out of the machine; a proxy comes to us on loopback (R31)."""
        if self.listen:
            return self.listen
        return "0.0.0.0" if self.tls_cert and not self.on_loopback else "127.0.0.1"

    @property
    def out_of_reach(self) -> str | None:
        """Why no phone can reach this server, in one sentence; None where one can (D1)."""
        if self.on_loopback:
            return (
                f"LANTOA_URL is {self.public_url}: only this computer can open it. "
                "Phones need an https address (docs/deploy.md)."
            )
        if self.tls_cert or self.trusted_proxies:
            return None
        return (
            f"LANTOA_URL is {self.public_url}, but there is neither TLS_CERT/TLS_KEY nor TRUSTED_PROXIES: "
            "phones need HTTPS, so the server listens on 127.0.0.1 only (docs/deploy.md)."
        )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Raises ConfigFaults with everything that is wrong."""
        faults: list[str] = []
        data_dir, keys_dir = _folders(environ, faults)
        cert, key = _tls(environ, faults)
        port = _number(environ, "PORT", DEFAULT_PORT, 1, 65535, faults)
        config = cls(
            data_dir=data_dir,
            keys_dir=keys_dir,
            database_url=_database_url(environ, data_dir, faults),
            public_url=_public_url(environ, port, cert is not None, faults),
            port=port,
            tls_cert=cert,
            tls_key=key,
            trusted_proxies=_number(environ, "TRUSTED_PROXIES", 0, 0, MOST_PROXIES, faults),
            listen=_address(environ, faults),
        )
        faults.extend(_contradictions(config))
        if faults:
            raise ConfigFaults(faults)
        return config

    @classmethod
    def for_tests(cls, folder: Path, **changes: Any) -> Self:
        """A whole configuration inside `folder`: SQLite, loopback, no TLS."""
        config = cls(
            data_dir=folder / "data",
            keys_dir=folder / "keys",
            database_url=f"sqlite:///{folder / 'data' / 'lantoa.db'}",
            public_url="http://localhost",
        )
        return replace(config, **changes)

    def make_folders(self) -> None:
        """Makes both folders and tries to write into them. Raises ConfigFaults."""
        faults = [
            fault
            for name, folder, mode in (("LANTOA_DATA", self.data_dir, 0o750), ("LANTOA_KEYS", self.keys_dir, 0o700))
            if (fault := _unwritable(name, folder, mode))
        ]
        if faults:
            raise ConfigFaults(faults)


def current() -> Config:
    """The settings of the running app."""
    config: Config = current_app.extensions["lantoa_config"]
    return config


def _folders(environ: Mapping[str, str], faults: list[str]) -> tuple[Path, Path]:
    data = Path(environ.get("LANTOA_DATA") or "data").expanduser().resolve()
    keys = Path(environ.get("LANTOA_KEYS") or "keys").expanduser().resolve()
    if keys.is_relative_to(data):
        faults.append(f"LANTOA_KEYS ({keys}) lies inside LANTOA_DATA ({data}): no key may be in a backup of the data.")
    return data, keys


def _number(environ: Mapping[str, str], name: str, default: int, least: int, most: int, faults: list[str]) -> int:
    text = (environ.get(name) or str(default)).strip()
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    faults.append(f"{name} is {text!r}: it must be a whole number from {least} to {most}.")
    return default


def _address(environ: Mapping[str, str], faults: list[str]) -> str | None:
    text = (environ.get("LISTEN") or "").strip()
    if not text:
        return None
    try:
        return str(IPv4Address(text))
    except ValueError:
        faults.append(f"LISTEN is {text!r}: it must be an IPv4 address of this machine, such as 127.0.0.1.")
        return None


def _tls(environ: Mapping[str, str], faults: list[str]) -> tuple[Path | None, Path | None]:
    names = ("TLS_CERT", "TLS_KEY")
    given = {name: Path(environ[name]).expanduser().resolve() for name in names if environ.get(name)}
    if len(given) == 1:
        other = next(name for name in names if name not in given)
        faults.append(f"{next(iter(given))} is set but {other} is not: TLS needs both files.")
    faults.extend(
        f"{name} names {path}, which cannot be read." for name, path in given.items() if not os.access(path, os.R_OK)
    )
    return given.get("TLS_CERT"), given.get("TLS_KEY")


def _database_url(environ: Mapping[str, str], data_dir: Path, faults: list[str]) -> str:
    text = environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'lantoa.db'}"
    scheme, _, rest = text.partition("://")
    if scheme == "sqlite":
        return f"sqlite:///{Path(rest.removeprefix('/')).expanduser().resolve()}"
    if scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    faults.append(
        "DATABASE_URL must begin with sqlite:/// or postgresql:// (not repeated here: it may hold a password)."
    )
    return text


def _public_url(environ: Mapping[str, str], port: int, tls: bool, faults: list[str]) -> str:
    default = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
    text = (environ.get("LANTOA_URL") or default).strip().rstrip("/")
    parts = _split(text)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        faults.append(f"LANTOA_URL is {text!r}: it must be an origin such as https://lantoa.example.vn.")
        return default
    if parts.path or parts.query or parts.fragment or parts.username:
        faults.append(f"LANTOA_URL is {text!r}: it must be an origin only, without path, query or sign-in.")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _contradictions(config: Config) -> list[str]:
    open_door = config.listen and not IPv4Address(config.listen).is_loopback
    if open_door and not (config.tls_cert or config.trusted_proxies):
        return [
            f"LISTEN is {config.listen}, but there is neither TLS_CERT/TLS_KEY nor TRUSTED_PROXIES (docs/deploy.md)."
        ]
    if config.tls_cert and not config.https:
        return [f"TLS_CERT is set, but LANTOA_URL is {config.public_url}: it must begin with https://."]
    return []


def _unwritable(name: str, folder: Path, mode: int) -> str | None:
    trial = folder / f".write-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=mode)
        trial.touch()
        trial.unlink()
    except OSError as error:
        return f"{name} ({folder}) cannot be written: {error.strerror or error}."
    return None
