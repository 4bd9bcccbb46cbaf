"""What a chain has gone through, newest first: written on the phone, received, decided, corrected, withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.pages.phrases import gettext
from server.pages.statuses import of_review
from server.pages.words import lasting
from server.queries.dossier import LinkLine, ReviewLine
from server.review.reading import Dossier

Wording = Callable[[str], str]  # question path → its words
LONG_WAY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Step:
    """`tone`: ok | back | now, or nothing."""

    what: str
    at: datetime
    who: str
    tone: str = ""


def of(found: Dossier, words: Wording) -> list[Step]:
    """All steps of the chain, newest first."""
    made = [_decided(line, words) for line in found.reviews]
    for n, link in enumerate(found.links):
        made += _arrived(link, n)
    return sorted(made, key=lambda step: step.at, reverse=True)


def _decided(line: ReviewLine, words: Wording) -> Step:
    status = of_review(line.outcome)
    pinned = ", ".join(words(path) for path in line.fields)
    said = f"“{line.reason}”" if line.reason else ""
    who = f"{line.by}, {line.office}" if line.office else line.by
    told = ": ".join(part for part in (pinned, said) if part)
    return Step(status.word, line.at, " · ".join(part for part in (told, who) if part), status.tone)


def _arrived(link: LinkLine, n: int) -> list[Step]:
    name = {
        "correct": gettext("Bản sửa %(n)s", n=n),
        "withdraw": gettext("Cán bộ rút lại"),
    }.get(link.intent, gettext("Ghi trên máy"))
    written = " · ".join(
        part for part in (link.reason, link.officer, gettext("bản %(version)s", version=link.app_version)) if part
    )
    return [
        Step(gettext("Máy chủ nhận"), link.received_at, _on_the_way(link)),
        Step(name, link.finished_at, written, "now" if link.intent == "correct" else ""),
    ]


def _on_the_way(link: LinkLine) -> str:
    took = link.received_at - link.finished_at
    if took < LONG_WAY:
        return gettext("gửi ngay sau khi ghi")
    return gettext("sau %(span)s, ghi khi không có mạng", span=lasting(took))
