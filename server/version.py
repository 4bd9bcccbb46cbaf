"""The version of the service, said by `/healthz` and written into every answer to `have`; equals pyproject.toml (tested)."""

VERSION = "0.1.0"
