"""The one word and icon for every state; never a colour alone."""

from dataclasses import dataclass

from server.pages.phrases import gettext


@dataclass(frozen=True, slots=True)
class Status:
    icon: str
    word: str
    tone: str = ""


def of_record(state: str) -> Status:
    """The life of a record, as a chain's state says it."""
    known = {
        "waiting": Status("wait", gettext("chờ duyệt")),
        "accepted": Status("done", gettext("đã duyệt"), "ok"),
        "returned": Status("back", gettext("trả lại để sửa"), "back"),
        "rejected": Status("x", gettext("không duyệt")),
        "withdrawn": Status("turn", gettext("đã rút lại")),
        "linked": Status("link", gettext("trùng, đã tính ở buổi khác")),
        "trial": Status("info", gettext("bản thử, không tính")),
        "held": Status("warn", gettext("cách ly"), "back"),
    }
    return known.get(state) or Status("info", state)


def of_review(outcome: str) -> Status:
    """What a reviewer (or the officer, by withdrawing) did."""
    known = {
        "accepted": Status("done", gettext("Duyệt"), "ok"),
        "returned": Status("back", gettext("Trả lại để sửa"), "back"),
        "rejected": Status("x", gettext("Không duyệt"), "back"),
        "same_as": Status("link", gettext("Trùng với buổi khác"), "ok"),
        "reversed": Status("turn", gettext("Hủy kết quả duyệt"), "back"),
        "withdrawn": Status("turn", gettext("Cán bộ rút lại"), "back"),
    }
    return known.get(outcome) or Status("info", outcome)


def role(name: str) -> str:
    known = {
        "officer": gettext("Cán bộ ghi"),
        "reviewer": gettext("Người duyệt"),
        "staff": gettext("Tham mưu (chỉ xem)"),
        "administrator": gettext("Quản trị viên"),
    }
    return known.get(name, name)
