"""The version of the service; equals pyproject.toml (tested)."""

VERSION = "0.1.0"
