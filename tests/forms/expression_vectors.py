"""The expression vectors: what they are read in, and the cases of all files."""

import json
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parents[1] / "vectors"
DOC: dict[str, Any] = json.loads((VECTORS / "expressions.json").read_text())
FILES = sorted((VECTORS / "expressions").glob("*.json"))
CASES: list[dict[str, Any]] = [case for file in FILES for case in json.loads(file.read_text())["cases"]]
