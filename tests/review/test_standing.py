"""Where a chain stands is a function of its rows (D14)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from server.queries.chains import Link, Verdict
from server.review.standing import standing

START = datetime(2024, 6, 1, tzinfo=UTC)


def link(
    pk: int, replaces: int | None = None, intent: str | None = None, minutes: int | None = None, held: bool = False
) -> Link:
    finished_at = START + timedelta(minutes=pk if minutes is None else minutes)
    return Link(
        pk,
        f"r{pk}",
        f"r{replaces}" if replaces else None,
        intent or ("correct" if replaces else "new"),
        finished_at,
        "outreach_session",
        1,
        date(2024, 6, 1),
        held,
    )


def verdicts(*outcomes: tuple[int, str]) -> list[Verdict]:
    return [Verdict(seq, pk, outcome) for seq, (pk, outcome) in enumerate(outcomes)]


@pytest.mark.parametrize(
    ("links", "rows", "state", "counted"),
    [
        ([link(1)], [], "waiting", None),
        ([link(1)], [(1, "accepted")], "accepted", 1),
        ([link(1)], [(1, "returned")], "returned", None),
        ([link(1)], [(1, "rejected")], "rejected", None),
        ([link(1)], [(1, "accepted"), (1, "reversed")], "rejected", None),
        ([link(1), link(2, 1)], [(1, "accepted")], "waiting", 1),
        ([link(1), link(2, 1)], [(1, "accepted"), (2, "returned")], "returned", 1),
        ([link(1), link(2, 1)], [(1, "accepted"), (2, "rejected")], "rejected", 1),
        ([link(1), link(2, 1)], [(1, "accepted"), (2, "accepted")], "accepted", 2),
        ([link(1), link(2, 1)], [(1, "accepted"), (2, "accepted"), (2, "reversed")], "rejected", None),
        ([link(1), link(2, 1)], [(1, "accepted"), (1, "reversed")], "waiting", None),
        ([link(1), link(2, 1, "withdraw")], [(1, "accepted"), (2, "withdrawn")], "withdrawn", None),
        ([link(1), link(2, 1, "withdraw", held=True)], [(1, "accepted")], "accepted", 1),
        ([link(1)], [(1, "same_as")], "waiting", None),
    ],
    ids=lambda value: None,
)
def test_state_and_counted_link_follow_from_the_rows(
    links: list[Link], rows: list[tuple[int, str]], state: str, counted: int | None
) -> None:
    now = standing(links, verdicts(*rows))
    assert (now.state, now.counted) == (state, counted)


def test_a_linked_chain_counts_its_items_while_its_target_counts() -> None:
    now = standing([link(1)], verdicts((1, "same_as")), target_counts=True)
    assert (now.state, now.counted, now.linked) == ("linked", 1, True)


def test_a_correction_finished_before_the_withdrawal_does_not_outlive_it() -> None:
    links = [link(1), link(2, 1, "withdraw", minutes=9), link(3, 1, minutes=5)]
    assert standing(links, verdicts((2, "withdrawn"))).state == "withdrawn"


def test_a_correction_finished_after_the_withdrawal_waits_for_a_person() -> None:
    links = [link(1), link(2, 1, "withdraw", minutes=5), link(3, 1, minutes=9)]
    now = standing(links, verdicts((2, "withdrawn")))
    assert (now.state, now.counted) == ("waiting", None)


def test_the_end_of_the_line_is_the_latest_even_when_it_arrived_first() -> None:
    assert standing([link(1, 2), link(2)], []).latest.pk == 1
