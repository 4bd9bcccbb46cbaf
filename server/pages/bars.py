"""The bullet bar of a figure as geometry: what is drawn where. Colours and patterns belong to the style sheet.

x is in percent of the bar's width, as text that an SVG attribute takes, so that a bar is fluid without script.
"""

from dataclasses import dataclass

from server.pages import words
from server.pages.phrases import gettext


@dataclass(frozen=True, slots=True)
class Span:
    """From `x` on, `width` long; both like `46.88%`."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bullet:
    """One bar. `kind`: counted | declared | hidden | none (no denominator) | alarm (numerator above denominator)."""

    kind: str
    said: str
    value: Span | None = None
    waiting: Span | None = None
    missing: Span | None = None
    target: str | None = None
    target_label: str = ""
    reached: bool = False


def bullet(key: str, share: float | None, target: float | None, waiting: float = 0.0, declared: bool = False) -> Bullet:
    """`share`, `target`, `waiting` are parts of 1; `waiting` is what undecided records could add at most."""
    tick, label = (None, "") if target is None else (_percent(target), words.share(target, 0).rstrip("%"))
    if share is None:
        return Bullet("none", gettext("%(key)s: không có mẫu số", key=key), target=tick, target_label=label)
    if share > 1:
        return Bullet("alarm", gettext("%(key)s: tử số lớn hơn mẫu số", key=key), target=tick, target_label=label)
    more = min(waiting, 1 - share)
    return Bullet(
        kind="declared" if declared else "counted",
        said=_said(key, share, target, more),
        value=_span(0, share),
        waiting=_span(share, more) if more > 0 else None,
        missing=_span(share, target - share) if target is not None and share < target else None,
        target=tick,
        target_label=label,
        reached=target is not None and share >= target,
    )


def hidden(key: str, most: float, target: float | None) -> Bullet:
    """A value too small to be shown: only the range in which it lies."""
    tick, label = (None, "") if target is None else (_percent(target), words.share(target, 0).rstrip("%"))
    said = gettext("%(key)s: số nhỏ, được che", key=key)
    return Bullet("hidden", said, value=_span(0, min(most, 1)), target=tick, target_label=label)


def _said(key: str, share: float, target: float | None, more: float) -> str:
    parts = [gettext("%(key)s: đạt %(share)s", key=key, share=words.share(share))]
    if more > 0:
        parts.append(gettext("chờ duyệt có thể thêm %(share)s", share=words.share(more)))
    if target is not None:
        parts.append(gettext("mức kế hoạch %(share)s", share=words.share(target, 0)))
    return "; ".join(parts)


def _span(start: float, length: float) -> Span:
    return Span(_percent(start), _percent(length))


def _percent(part: float) -> str:
    return f"{round(part * 100, 2):g}%"


def hollow(key: str, target: float | None) -> Bullet:
    """A track with its target and nothing on it: nothing is counted yet, which is not 0 %."""
    tick, label = (None, "") if target is None else (_percent(target), words.share(target, 0).rstrip("%"))
    return Bullet(
        "hollow", gettext("%(key)s: chưa có biểu mẫu, chưa đếm được", key=key), target=tick, target_label=label
    )
