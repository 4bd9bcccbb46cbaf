"""The judge itself: what it must find in histories that people can read at a glance."""

import pytest

from tests.chaos.history import End, Held, Operation, judge

SAVED = (Operation("save", "a", "invoke"), Operation("save", "a", "ok", sha256="1", mark="m1"))
SENT = (*SAVED, Operation("acknowledge", "a", "ok", sha256="1"))
HERE = Held("a", "1", "m1")


def found(operations: tuple[Operation, ...], end: End) -> dict[str, int]:
    return {kind: count for kind, count in judge(operations, end).found.items() if count}


def test_saved_sent_and_held_is_a_pass() -> None:
    verdict = judge(SENT, End([HERE], []))
    assert (verdict.word, verdict.acknowledged, verdict.recovered) == ("pass", 1, 0)


def test_a_history_without_any_acknowledgement_is_unknown() -> None:
    assert judge(SAVED, End([], [], phone_records=[HERE])).word == "unknown"


@pytest.mark.parametrize(
    ("operations", "end", "fault"),
    [
        (SAVED, End([], []), "lost"),
        (SENT, End([], []), "lost"),
        (SENT, End([], [], phone_records=[HERE]), "lost"),
        (SENT, End([HERE, HERE], []), "doubled"),
        (SENT, End([HERE, Held("b", "2", "m1")], []), "doubled"),
        (SENT, End([Held("a", "9", "m1")], []), "altered"),
        (SENT, End([HERE, Held("b", "2", "m2")], []), "unexpected"),
        ((Operation("save", "a", "invoke"), Operation("save", "a", "fail")), End([HERE], []), "unexpected"),
        ((*SENT, Operation("acknowledge", "a", "fail")), End([HERE], []), "untrue"),
        (SENT, End([HERE], [], waiting=["b"]), "stuck"),
        ((*SENT, Operation("purge", "a", "fail")), End([HERE], []), "forgotten"),
        ((*SENT, Operation("turned-away", "phone", "fail")), End([HERE], []), "turned away"),
        (SENT, End([HERE], [], promised_photos=[Held("p", "3")]), "lost"),
        (SENT, End([HERE], [Held("p", "4")], promised_photos=[Held("p", "3")]), "altered"),
        (
            (*SENT, Operation("photo-there", "p", "ok", sha256="3")),
            End([HERE], [], phone_photos=[Held("p", "3")]),
            "lost",
        ),
    ],
)
def test_each_fault_is_found(operations: tuple[Operation, ...], end: End, fault: str) -> None:
    assert judge(operations, end).word == "fault"
    assert fault in found(operations, end)


def test_what_nobody_was_told_of_and_is_there_is_recovered() -> None:
    killed = (Operation("save", "a", "invoke"), Operation("save", "a", "unknown"))
    verdict = judge((*SENT[:0], *killed, Operation("acknowledge", "a", "ok")), End([HERE], []))
    assert (verdict.word, verdict.recovered) == ("pass", 1)


def test_a_photo_still_on_the_phone_is_not_lost() -> None:
    photo = Held("p", "3")
    assert judge(SENT, End([HERE], [], phone_photos=[photo], promised_photos=[photo])).word == "pass"
