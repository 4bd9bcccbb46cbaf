"""The shipped preset says what the plan says: units over the years, targets, topics, forms."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import model_json
from forms.model import Form, Group
from server.models.plan import FormVersion, Indicator, Target, Term
from server.models.registers import Item
from server.models.units import UnitLink, UnitPath
from server.queries import units

BEFORE, AFTER, TWO_TIERS = date(2024, 8, 31), date(2024, 9, 1), date(2025, 7, 1)
SECTIONS = ["place", "content", "attendance", "managed", "photos", "more"]
SIX_ANSWERS = {"hamlet", "method", "provisions", "attendees_total", "photo_notice", "photo"}


def form(session: Session, form_id: str) -> Form:
    wanted = select(FormVersion.model).where(FormVersion.form_id == form_id)
    return model_json.loads(session.execute(wanted).scalar_one())


@pytest.mark.parametrize(("day", "communes", "districts"), [(BEFORE, 109, 11), (AFTER, 108, 11), (TWO_TIERS, 43, 0)])
def test_units_standing_on_a_day_are_those_of_the_law(
    loaded: Session, day: date, communes: int, districts: int
) -> None:
    assert len(units.standing(loaded, day, "commune")) == communes
    assert len(units.standing(loaded, day, "district")) == districts
    assert len(units.standing(loaded, day, "province")) == 1


def test_every_old_commune_goes_whole_into_one_new_one(loaded: Session) -> None:
    new = {unit.id for unit in units.standing(loaded, TWO_TIERS, "commune")}
    old = {unit.id for unit in units.standing(loaded, date(2025, 6, 30), "commune")}
    paths = loaded.execute(select(UnitPath.unit_id, UnitPath.ancestor_id).where(UnitPath.ancestor_id.in_(new)))
    into = Counter(unit_id for unit_id, _ in paths if unit_id in old)
    assert into == dict.fromkeys(old, 1)
    assert len(old) == 108


def test_both_wards_of_2024_lie_in_the_ward_that_they_became(loaded: Session) -> None:
    merged = units.unit(loaded, "31522@2024-09-01")
    assert merged is not None
    wards = {unit.label["vi"] for unit in units.predecessors(loaded, merged.id)}
    assert wards == {"Phường 1 (đến 31/8/2024)", "Phường 9"}
    city = units.unit(loaded, "92@2025-07-01")
    assert city is not None
    assert len(units.ids_within(loaded, city.id)) == len(units.every(loaded)) == 166


def test_four_communes_were_kept_and_three_cross_district_lines(loaded: Session) -> None:
    joined = select(UnitLink.successor_id, UnitLink.predecessor_id).where(UnitLink.on_date == TWO_TIERS)
    parents = {unit.id: unit.parent_id for unit in units.every(loaded)}
    names = {unit.id: (unit.level, unit.label["vi"]) for unit in units.every(loaded)}
    groups: dict[int, list[int]] = {}
    for successor, predecessor in loaded.execute(joined):
        groups.setdefault(successor, []).append(predecessor)
    communes = {unit: old for unit, old in groups.items() if names[unit][0] == "commune"}
    assert sum(len(old) == 1 for old in communes.values()) == 4
    crossing = {names[unit][1] for unit, old in communes.items() if len({parents[o] for o in old}) > 1}
    assert crossing == {"Phường Mỹ Xuyên", "Xã Nhơn Mỹ", "Xã Tân Long"}


def test_no_two_units_of_one_parent_have_one_label(loaded: Session) -> None:
    labels = Counter((unit.parent_id, unit.label["vi"]) for unit in units.every(loaded))
    assert max(labels.values()) == 1


def test_targets_are_those_of_the_plan(loaded: Session) -> None:
    joined = select(Indicator.key, Target.value, Target.measure).join(Target, Target.indicator_id == Indicator.id)
    assert {key: (value, measure) for key, value, measure in loaded.execute(joined)} == {
        "T1": (80, "percent"),
        "T2": (80, "percent"),
        "T3": (70, "percent"),
        "T4": (65, "percent"),
        "T5": (65, "percent"),
        "T6": (65, "percent"),
        "T7": (1, "count"),
        "T8": (1, "milestone"),
        "T9": (1, "milestone"),
    }


def test_every_indicator_prints_its_reading_rule_and_targets_have_quotes(loaded: Session) -> None:
    for indicator in loaded.scalars(select(Indicator)):
        assert indicator.reading["vi"]
        assert indicator.reading["en"]
        assert bool(indicator.quote) == indicator.key.startswith("T")


def test_topics_are_many_unchecked_open_and_without_article_numbers(loaded: Session) -> None:
    topics = list(loaded.scalars(select(Item).where(Item.register == "provisions")))
    assert len(topics) >= 60
    assert sum(topic.data["t2"] == "yes" for topic in topics) >= 8
    assert {(topic.data["checked"], topic.data["secret"]) for topic in topics} == {("no", "no")}
    assert not [topic.uid for topic in topics if "Điều " in topic.label["vi"] + topic.data["law"]]


def test_detention_stands_apart_and_future_groups_have_their_day(loaded: Session) -> None:
    groups = {term.code: term for term in loaded.scalars(select(Term).where(Term.list_name == "categories"))}
    assert len(groups) == 21
    assert {code for code, term in groups.items() if term.data["setting"] == "giam giữ"} == {"SG01", "SG02", "SG18"}
    assert groups["SG14"].valid_from == date(2026, 1, 1)
    optional = {code for code, term in groups.items() if term.data["in_scope"] == "optional"}
    assert optional == {"SG09", "SG19", "SG20", "SG99"}


def test_each_commune_has_one_place_that_is_all_of_it(loaded: Session) -> None:
    whole = Counter(loaded.scalars(select(Item.unit_id).where(Item.register == "hamlets")))
    communes = [unit.id for unit in units.every(loaded) if unit.level == "commune"]
    assert whole == dict.fromkeys(communes, 1)


def test_the_session_form_has_six_pages_and_folds_the_rest(loaded: Session) -> None:
    groups = [node for node in form(loaded, "outreach_session").children if isinstance(node, Group)]
    assert [group.name for group in groups] == SECTIONS
    inner = {g.name: g.appearance for group in groups for g in group.children if isinstance(g, Group)}
    assert inner == {"content_more": "folded", "attendance_more": "folded"}
    assert groups[-1].appearance == "folded"


def test_the_ordinary_case_asks_six_answers(loaded: Session) -> None:
    """Required, visible without further answers, and not preset."""
    asked = {
        question.name
        for question in form(loaded, "outreach_session").questions()
        if question.required is not None and question.name not in ("late_reason", "method_other")
    }
    assert asked == SIX_ANSWERS


def test_every_question_on_screen_has_vietnamese_and_english_words(loaded: Session) -> None:
    for form_id in ("outreach_session", "individual_contact"):
        for question in form(loaded, form_id).questions():
            if question.type not in ("calculate", "hidden"):
                assert set(question.label) >= {"vi", "en"}, question.path


def test_khmer_stands_where_a_listener_hears_it_and_nowhere_else(loaded: Session) -> None:
    questions = [q for form_id in ("outreach_session", "individual_contact") for q in form(loaded, form_id).questions()]
    assert [q.name for q in questions if "km" in q.label or "km" in q.hint] == ["photo_notice"]


def test_a_contact_with_one_person_asks_no_photo_and_no_free_text(loaded: Session) -> None:
    assert {q.type for q in form(loaded, "individual_contact").questions()} & {"image", "text"} == set()
