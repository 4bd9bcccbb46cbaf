"""Addresses of built files: the build writes `static/dist/assets.json`, which names each file with its hash."""

import json
from pathlib import Path

from flask import Flask

DIST = Path(__file__).resolve().parents[2] / "static" / "dist"


def mount(app: Flask, dist: Path = DIST) -> None:
    """Gives the templates `asset('desk.css')`. Without a build the plain name is used: pages work, unstyled."""
    names = _names(dist / "assets.json")

    def asset(name: str) -> str | None:
        return names.get(name)

    app.add_template_global(asset, "asset")


def _names(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    found = json.loads(path.read_text("utf-8"))
    return {str(name): _address(str(address)) for name, address in found.items()}


def _address(name: str) -> str:
    return name if name.startswith("/") else f"/static/dist/{name}"
