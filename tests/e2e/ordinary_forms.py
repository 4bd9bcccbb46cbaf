"""Twelve forms as the field writes them every day, none made for this program; and how a person answers each type."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from forms.model import Form, Question
from tests.e2e import officer

Row = tuple[str, ...]
HEAD: Row = (
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "calculation",
    "appearance",
    "parameters",
)
CHOICES: Sequence[Row] = (
    ("yn", "yes", "Có"),
    ("yn", "no", "Không"),
    ("month", "t1", "Tháng 1"),
    ("month", "t2", "Tháng 2"),
    ("month", "t12", "Tháng 12"),
    ("water", "well", "**Giếng** khoan"),
    ("water", "river", "Nước sông"),
    ("water", "rain", "Nước mưa"),
    ("often", "never", "Chưa bao giờ"),
    ("often", "some", "Thỉnh thoảng"),
    ("often", "always", "Thường xuyên"),
)


def _q(kind: str, name: str, label: str = "", **more: str) -> Row:
    return (kind, name, label, *(more.get(column, "") for column in HEAD[3:]))


END_GROUP, END_REPEAT = ("end group",), ("end repeat",)
FORMS: dict[str, Sequence[Row]] = {
    "Hộ gia đình": (
        _q("text", "head", "Chủ hộ", hint="Không ghi *tên thật*", required="yes"),
        _q("integer", "members", "Số người", constraint=". > 0 and . < 30"),
        _q("select_one yn", "poor", "Hộ nghèo?"),
        _q("text", "book_no", "Số sổ", relevant="${poor} = 'no'"),
        _q("begin repeat", "child", "Trẻ em"),
        _q("text", "called", "Gọi là gì"),
        _q("integer", "age", "Tuổi"),
        _q("select_one yn", "school", "Đi học?"),
        END_REPEAT,
        _q("calculate", "adults", calculation="${members} - count(${child})"),
        _q("note", "told", "Người lớn: ${adults}"),
    ),
    "Nguồn nước": (
        _q("begin group", "source", "Nguồn"),
        _q("select_multiple water", "kinds", "# Nguồn\nChọn các nguồn"),
        _q("decimal", "ph", "Độ pH", constraint=". >= 0 and . <= 14"),
        END_GROUP,
        _q("begin group", "use", "Sử dụng"),
        _q("select_one often", "boiled", "Có đun sôi?", appearance="likert"),
        _q("select_one water", "main", "Nguồn chính", appearance="minimal"),
        _q("date", "looked_on", "Ngày xem"),
        END_GROUP,
    ),
    "Phiếu họp": (
        _q("date", "day", "Ngày họp", required="yes"),
        _q("time", "began", "Bắt đầu lúc"),
        _q("integer", "men", "Nam"),
        _q("integer", "women", "Nữ"),
        _q("calculate", "all", calculation="${men} + ${women}"),
        _q("text", "about", "Nội dung", appearance="multiline"),
        _q("acknowledge", "agreed", "Đã **đọc lại** biên bản"),
    ),
    "Tiêm chủng": (
        _q("select_one yn", "came", "Có đến?"),
        _q("select_one month", "month", "Tháng", relevant="${came} = 'no'"),
        _q("integer", "doses", "Số mũi", appearance="numbers"),
        _q("barcode", "card", "Mã thẻ"),
    ),
    "Đánh giá lớp học": (
        _q("range", "liked", "Hài lòng", parameters="start=1 end=5 step=1"),
        _q("range", "useful", "Có ích", parameters="start=0 end=10 step=2"),
        _q("rank often", "order", "Xếp thứ tự"),
        _q("text", "more", "Góp ý"),
    ),
    "Kiểm tra chợ": (
        _q("text", "market", "Chợ nào?"),
        _q("begin repeat", "stall", "Quầy"),
        _q("text", "owner", "Chủ quầy"),
        _q("integer", "area", "Diện tích"),
        _q("select_one yn", "clean", "Sạch?"),
        END_REPEAT,
        _q("calculate", "whole", calculation="sum(${area})"),
    ),
    "Đăng ký mùa vụ": (
        _q("select_multiple month", "months", "Các tháng", appearance="columns-2"),
        _q("decimal", "hectares", "Bao nhiêu ha?"),
        _q("calculate", "double", calculation="${hectares} * 2"),
        _q("note", "told", "Hai lần là ${double}"),
        _q("select_one yn", "sure", "Chắc chưa?", appearance="quick"),
        _q("text", "why", "Vì sao?"),
    ),
    "Sổ trực": (
        _q("dateTime", "at", "Lúc nào?"),
        _q("text", "what", "Việc gì?", constraint="string-length(.) < 200"),
        _q("select_one often", "again", "Có lặp lại?", appearance="columns"),
    ),
    "Trường học": (
        _q("begin group", "grid", "Vệ sinh", appearance="table-list"),
        _q("select_one often", "hands", "Rửa tay"),
        _q("select_one often", "floor", "Quét lớp"),
        END_GROUP,
        _q("integer", "pupils", "Học sinh"),
        _q("integer", "girls", "Nữ", constraint=". <= ${pupils}"),
        _q("text", "phone", "Điện thoại trường", appearance="numbers"),
    ),
    "Vật tư": (
        _q("text", "item", "Vật tư _nào_?"),
        _q("integer", "had", "Tồn đầu"),
        _q("integer", "out", "Xuất"),
        _q("calculate", "left", calculation="${had} - ${out}"),
        _q("select_one yn", "enough", "Đủ dùng?", relevant="${left} >= 0"),
    ),
    "Cứu trợ": (
        _q("select_one yn", "hurt", "Có người bị thương?", required="yes"),
        _q("begin group", "care", "Chăm sóc", relevant="${hurt} = 'no'"),
        _q("text", "place", "Ở đâu?"),
        _q("select_multiple often", "when", "Khi nào?"),
        END_GROUP,
        _q("text", "remark", 'Ghi thêm <output value="${hurt}"/>'),
    ),
    "Cơ sở kinh doanh": (
        _q("text", "named", "Tên cơ sở"),
        _q("select_one yn", "licensed", "Có giấy phép?"),
        _q("date", "until", "Hạn đến", relevant="${licensed} = 'no'"),
        _q("integer", "staff", "Lao động", appearance="thousands-sep"),
        _q("decimal", "turnover", "Doanh thu (triệu)"),
    ),
}


def written(folder: Path, title: str) -> Path:
    """The form as a Markdown XLSForm."""
    form_id = f"ordinary_{list(FORMS).index(title)}"
    sheets: dict[str, Sequence[Row]] = {
        "survey": (HEAD, *FORMS[title]),
        "choices": (("list_name", "name", "label"), *CHOICES),
        "settings": (("form_id", "form_title", "version"), (form_id, title, "1")),
    }
    lines = [line for name, rows in sheets.items() for line in (f"| {name} |", *(_line(row) for row in rows))]
    path = folder / f"{form_id}.md"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _line(row: Row) -> str:
    cells = [cell.replace("\n", " ") for cell in (*row, *[""] * (len(HEAD) - len(row)))]
    return "| | " + " | ".join(cells) + " |"


@dataclass(frozen=True)
class Filler:
    """Answers what stands on the page, whatever it is; `told`: path → the answer in lexical form."""

    page: Page
    form: Form
    told: dict[str, str]

    def whole(self) -> None:
        """From the first page to the button that saves."""
        save = self.page.get_by_role("button", name="Lưu và gửi", exact=True)
        for _ in range(20):
            self.here()
            if save.count():
                return
            title = self.page.locator("h2[data-heading]").inner_text()
            officer.onward(self.page)
            expect(self.page.locator("h2[data-heading]")).not_to_have_text(title)

    def here(self) -> None:
        """Every question of the page, those too that come with an answer; a row opens on its page."""
        while waiting := [path for path in self._asked() if path not in self.told]:
            question = self.form.question(waiting[0])
            if question is not None:
                self.told[waiting[0]] = self._answer(question)
                continue
            self.told[waiting[0]] = ""
            card = self.page.locator(".row-card .item").first
            if card.count():
                card.click()
                expect(self.page.locator("h2[data-heading]")).to_contain_text("1/1")
                self.here()
                self.page.get_by_role("button", name="Xong").click()

    def _asked(self) -> list[str]:
        self.page.locator("main.body-form").wait_for()
        script = "() => [...document.querySelectorAll('main [data-question]')].map((it) => it.dataset.question)"
        found: list[str] = self.page.evaluate(script)
        return [path for path in found if not self._silent(path)]

    def _silent(self, path: str) -> bool:
        question = self.form.question(path)
        return question is not None and (question.type == "note" or "label" in question.appearance.split())

    def _answer(self, question: Question) -> str:
        at = self.page.locator(f'main [data-question="{question.path}"]').first
        return str(getattr(self, f"_{question.type}")(at, question))

    def _text(self, at: Locator, question: Question) -> str:
        said = "0299387" if "numbers" in question.appearance else f"Chữ ở {question.name}, «đ»"
        at.get_by_role("textbox").fill(said)
        return said

    _barcode = _text

    def _integer(self, at: Locator, question: Question) -> str:
        field = at.get_by_role("textbox" if "thousands" in question.appearance else "spinbutton")
        field.fill("12")
        return "12"

    def _decimal(self, at: Locator, question: Question) -> str:
        at.get_by_role("textbox").fill("2,5")
        return "2.5"

    def _date(self, at: Locator, question: Question) -> str:
        at.get_by_text("Chọn ngày", exact=True).first.click()
        at.locator('input[type="date"]').fill("2026-03-05")
        return "2026-03-05"

    def _time(self, at: Locator, question: Question) -> str:
        at.locator("input").fill("08:30")
        return "08:30:00.000+07:00"

    def _dateTime(self, at: Locator, question: Question) -> str:
        at.locator("input").fill("2026-03-05T08:30")
        return "2026-03-05T08:30:00.000+07:00"

    def _acknowledge(self, at: Locator, question: Question) -> str:
        at.locator("label").click()
        return "OK"

    def _range(self, at: Locator, question: Question) -> str:
        for _ in range(2):
            at.get_by_role("button", name="Thêm một nấc").click()
        return str(int(question.parameters["start"]) + int(question.parameters["step"]))

    def _rank(self, at: Locator, question: Question) -> str:
        at.get_by_role("button", name="Giữ thứ tự này").click()
        return " ".join(self._names(question))

    def _select_one(self, at: Locator, question: Question) -> str:
        name = self._names(question)[1]
        if "minimal" in question.appearance:
            at.get_by_role("button").click()
            self._pick(self.page.get_by_role("dialog"), question, name)
            self.page.get_by_role("dialog").get_by_role("button", name="Xong").click()
        else:
            self._pick(at, question, name)
        return name

    def _select_multiple(self, at: Locator, question: Question) -> str:
        names = self._names(question)
        for name in (names[-1], names[0]):
            self._pick(at, question, name)
        return f"{names[-1]} {names[0]}"

    def _pick(self, at: Locator, question: Question, name: str) -> None:
        at.locator("label", has=self.page.locator("input")).nth(self._names(question).index(name)).click()

    def _names(self, question: Question) -> list[str]:
        assert question.options
        return [choice.name for choice in self.form.choices[question.options.choices or ""]]
