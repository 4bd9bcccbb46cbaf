"""What a check saw, in words. A finding informs whoever reviews; it accuses nobody and refuses nothing."""

from collections.abc import Mapping
from typing import Any

from server.pages.phrases import gettext


def said(code: str, question: str, detail: Mapping[str, Any]) -> str:
    """One sentence; `question` is the words of the question that it is about, or empty."""
    sentences = {
        "required": gettext("Chưa trả lời: %(question)s", question=question),
        "constraint": gettext("Ngoài khoảng cho phép: %(question)s", question=question),
        "type": gettext("Không đúng kiểu: %(question)s", question=question),
        "unknown_choice": gettext("Lựa chọn không có trong danh sách: %(question)s", question=question),
        "calculated_differs": gettext("Số máy tính ra khác số máy chủ tính: %(question)s", question=question),
        "media-not-promised": gettext("Câu trả lời nêu một ảnh mà máy không báo gửi: %(question)s", question=question),
        "media-unreadable": gettext("Ảnh đã nhận đủ nhưng không mở được: %(question)s", question=question),
        "form-unknown": gettext("Máy chủ chưa có phiên bản biểu mẫu này; bản ghi được giữ nguyên."),
        "form-differs": gettext("Nội dung và phong bì nêu hai biểu mẫu khác nhau."),
        "payload-unreadable": gettext("Không đọc được nội dung; các byte được giữ nguyên."),
        "check-failed": gettext("Máy chủ không kiểm tra được bản ghi này; cần người xem."),
        "unit-unknown": gettext("Không rõ đơn vị %(unit)s.", unit=detail.get("unit", "")),
        "filed-under-successor": gettext("Đơn vị trên máy đã sáp nhập; bản ghi xếp vào đơn vị kế tiếp."),
        "before-the-unit-began": gettext("Ngày tổ chức trước ngày đơn vị được lập."),
        "held-in-the-future": gettext("Ngày tổ chức chưa tới."),
    }
    return sentences.get(code) or gettext("Điểm cần xem (%(code)s): %(question)s", code=code, question=question or "–")


def held(reason: str | None) -> str:
    """Why a record is in quarantine."""
    reasons = {
        "after-revocation": gettext("Máy đã bị thu hồi khi gửi bản ghi này."),
        "officer-disabled": gettext("Tài khoản của cán bộ đã bị khóa."),
    }
    return reasons.get(reason or "") or said(reason or "", "", {})
