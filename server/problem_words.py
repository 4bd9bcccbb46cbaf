"""What people read when something is refused, in Vietnamese first: by slug, else by status."""

from dataclasses import dataclass

from sync.problems import Problem


@dataclass(frozen=True, slots=True)
class Words:
    """A heading and what to do next."""

    heading: str
    advice: str


BY_SLUG = {
    "not-found": Words("Không có gì ở đây", "Địa chỉ này không có, hoặc không thuộc đơn vị của bạn."),
    "sign-in-needed": Words("Cần đăng nhập lại", "Phiên làm việc đã hết. Đăng nhập rồi làm lại bước vừa rồi."),
    "role-missing": Words("Bạn không có quyền này", "Việc này dành cho vai trò khác. Hãy hỏi quản trị viên."),
    "request-foreign": Words(
        "Yêu cầu không hợp lệ", "Trang đã cũ hoặc được gửi từ nơi khác. Tải lại trang rồi làm lại."
    ),
    "too-many-attempts": Words("Thử quá nhiều lần", "Chờ một lát rồi thử lại."),
    "unexpected": Words(
        "Máy chủ gặp lỗi", "Việc vừa làm chưa được ghi. Thử lại; nếu vẫn lỗi, báo số dưới đây cho quản trị viên."
    ),
    "body-too-large": Words("Nội dung quá lớn", "Hãy gửi tệp nhỏ hơn."),
}
OTHERWISE = Words("Không thực hiện được", "Kiểm tra lại rồi thử lần nữa.")


def words_of(problem: Problem) -> Words:
    return BY_SLUG.get(problem.type, OTHERWISE)
