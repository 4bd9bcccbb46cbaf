"""Compiles what the vectors need into JSON that TypeScript can read: form models and expression trees.

Run `python -m tests.forms.compiled_vectors` after a change of a form or of a vector; a test says when it was forgotten.
"""

import json
from pathlib import Path

from forms.model_json import dumps
from forms.xform import form_of
from forms.xlsform import compile_markdown
from forms.xpath import parse
from forms.xpath.functions import FUNCTIONS
from tests.forms.expression_vectors import CASES

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors"
SOURCES = {
    **{path.stem: path for path in sorted((ROOT / "tests/forms/sources").glob("*.md"))},
    **{path.stem: path for path in sorted((ROOT / "presets/soc_trang_2024/forms").glob("*.md"))},
}
XFORMS = sorted((ROOT / "tests/forms/sources").glob("*.xml"))


def compiled_files() -> dict[Path, str]:
    """Path → text of every file that is made here."""
    models = {
        VECTORS / "models" / f"{name}.json": compile_markdown(path.read_text()).model_json
        for name, path in SOURCES.items()
    }
    models |= {VECTORS / "models" / f"{path.stem}.json": dumps(form_of(path.read_text())) for path in XFORMS}
    functions = json.dumps(sorted(FUNCTIONS)) + "\n"
    files = {path: text + "\n" for path, text in models.items()}
    return files | {VECTORS / "models/trees.json": _trees(), VECTORS / "models/functions.json": functions}


def _trees() -> str:
    trees = {case["x"]: parse(case["x"]) for case in CASES}
    lines = (
        f"{json.dumps(x, ensure_ascii=False)}: {json.dumps(tree, ensure_ascii=False)}" for x, tree in trees.items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    for path, text in compiled_files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
