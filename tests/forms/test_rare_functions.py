"""Forms that call rare functions: compiled by pyxform, filled by the phone's engine, read by the server."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from forms import model_json
from forms.check import Context, check
from forms.xlsform import compile_markdown
from tests.forms.phone_engine import phone_engine

FORM = """| survey |
| | type | name | label::Tiếng Việt (vi) | calculation |
| | begin repeat | person | Người | |
| | decimal | height | Cao | |
| | decimal | weight | Nặng | |
| | calculate | bmi | | round(${weight} div pow(${height} div 100, 2), 1) |
| | calculate | before | | indexed-repeat(${weight}, ${person}, position(..) - 1) |
| | text | spot | Chỗ | |
| | end repeat | | | |
| | calculate | second | | indexed-repeat(${weight}, ${person}, 2) |
| | calculate | heavy | | checklist(2, -1, ${weight}) |
| | calculate | way | | distance(${spot}) |
| | calculate | mark | | substr(digest(concat(${weight}), 'SHA-256', 'hex'), 0, 8) |
| | calculate | order | | join(' ', randomize(${weight}, 7)) |
| settings |
| | form_id | form_title | version | default_language |
| | rare | Hiếm | 3 | Tiếng Việt (vi) |
"""
NOW, ZONE = "2024-11-22T09:12:05.123Z", "Asia/Ho_Chi_Minh"
STEPS = [
    ["set", "/rare/person[1]/height", "165"],
    ["set", "/rare/person[1]/weight", "61.5"],
    ["set", "/rare/person[1]/spot", "9.60 105.97"],
    ["add", "/rare/person"],
    ["set", "/rare/person[2]/weight", "48"],
    ["set", "/rare/person[2]/height", "150"],
    ["set", "/rare/person[2]/spot", "9.61 105.97 0 5"],
    ["add", "/rare/person"],
    ["set", "/rare/person[3]/weight", "70"],
    ["remove", "/rare/person", 3],
    ["set", "/rare/person[1]/weight", "62"],
]
EXPECTED = {
    "/rare/person[1]/bmi": "22.8",
    "/rare/person[2]/bmi": "21.3",
    "/rare/person[2]/before": "62",
    "/rare/second": "48",
    "/rare/heavy": "true",
    "/rare/way": "1113.19",
}


def _on_the_phone(model: str, folder: Path) -> dict[str, Any]:
    request = {"model": model, "registers": {}, "zone": ZONE, "now": NOW, "language": "vi", "steps": STEPS}
    with phone_engine(folder) as phone:
        return phone.answer(request)


def test_rare_functions_follow_every_edit_and_the_server_finds_the_same(tmp_path: Path) -> None:
    compiled = compile_markdown(FORM)
    form = model_json.loads(compiled.model_json)
    said = _on_the_phone(json.loads(compiled.model_json), tmp_path)
    context = Context(datetime.fromisoformat(NOW), ZONE, "vi", lambda _: ())
    checked = check(form, said["finished"]["answers"], context, said["finished"]["calculated"])
    values = said["states"][-1]["values"]
    assert {path: values[path] for path in EXPECTED} == EXPECTED
    assert checked.values == values
    assert not [finding for finding in checked.findings if finding.code == "calculated"]


def test_a_form_says_which_functions_it_calls() -> None:
    form = model_json.loads(compile_markdown(FORM).model_json)
    assert {"indexed-repeat", "pow", "checklist", "distance", "digest", "randomize"} <= set(form.functions)
