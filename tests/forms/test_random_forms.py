"""Python and the phone's engine fill forms that chance wrote, and say the same after every edit.

Some hundred forms in every run; FORMS_BY_CHANCE=2000 (of each flavour) is the long proof: see tests/forms/README.md.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.forms.phone_engine import PhoneEngine, phone_engine
from tests.forms.random_filling import EDITS, Edit, differences
from tests.forms.random_forms import QUESTION_KINDS, forms
from tests.forms.random_words import speaking
from tests.forms.written import Written, written

MANY = int(os.environ.get("FORMS_BY_CHANCE", "150"))
FLAVOURS = {
    "flat": forms(rows=False, most=12),
    "choices": forms(
        kinds=("select_one", "select_one", "select_multiple", "register", "registers", "text", "calculate")
    ),
    "numbers": forms(kinds=("integer", "decimal", "calculate", "text")),
    "dates": forms(kinds=("date", "dateTime", "time", "calculate", "text")),
    "all": forms(kinds=QUESTION_KINDS),
}
BY_CHANCE = settings(
    max_examples=MANY,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink),
    print_blob=False,
)


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneEngine]:
    with phone_engine(tmp_path_factory.mktemp("engine")) as running:
        yield running


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_python_and_the_phone_say_the_same_of_a_random_form(flavour: str, phone: PhoneEngine) -> None:
    @BY_CHANCE
    @given(written(speaking(FLAVOURS[flavour])), EDITS)
    def agree(one: Written, edits: list[Edit]) -> None:
        fault = differences(one.form, edits, phone)
        assert not fault, fault

    agree()
