"""The part of the shipped forms that figures are made of, as a compiled form."""

from forms.model import Form, Group, Options, Question
from forms.xpath.parse import parse


def small_form(form_id: str) -> Form:
    """The part of the shipped forms that figures are made of."""
    count = f"count(instance('provisions')/root/item[t2 = 'yes' and selected(/{form_id}/content/provisions, name)])"
    pages = (
        ("place", (("place_name", "text", None),)),
        ("content", (("provisions", "select_multiple", None), ("presenters", "select_multiple", None))),
        ("attendance", (("attendees_total", "integer", None),)),
        (
            "managed",
            (
                ("members_count", "integer", None),
                ("members", "select_multiple", None),
                ("t2_provisions", "calculate", count),
            ),
        ),
    )
    groups = tuple(
        Group(
            name,
            f"/{form_id}/{name}",
            {},
            tuple(_question(f"/{form_id}/{name}/{q}", kind, calculate) for q, kind, calculate in questions),
        )
        for name, questions in pages
    )
    return Form(form_id, "1", {"vi": form_id}, ("vi",), groups, {}, ("provisions", "members", "rapporteurs", "me"))


def _question(path: str, kind: str, calculate: str | None) -> Question:
    name = path.rsplit("/", 1)[-1]
    registers = {"provisions": "provisions", "members": "members", "presenters": "rapporteurs"}
    return Question(
        name=name,
        path=path,
        type=kind,
        calculate=parse(calculate) if calculate else None,
        options=Options(register=registers[name]) if name in registers else None,
    )
