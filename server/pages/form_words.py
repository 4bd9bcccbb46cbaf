"""A form in a person's words: states of versions, types and rules of questions, changes, faults of an upload."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms import fault_words
from forms.faults import Fault
from forms.model import Form, Group, Question, Repeat
from server.pages.phrases import gettext
from server.pages.statuses import Status
from server.pages.words import language, number, said
from server.plan.form_diff import Change
from server.queries.forms import CLOSED, DRAFT, VersionLine


@dataclass(frozen=True, slots=True)
class FaultShown:
    """One line of a report. `at`: the sheet, `place`: row and column."""

    sheet: str
    place: str
    what: str
    text: str
    do: str


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """One row of a preview; `depth` of groups around it; `group`: a heading, no question."""

    name: str
    label: str
    hint: str
    type: str
    rules: tuple[tuple[str, str], ...]
    choices: tuple[str, ...]
    more: int
    depth: int
    group: bool


@dataclass(frozen=True, slots=True)
class ChangeShown:
    key: str
    what: str
    label: str
    name: str
    dangerous: bool
    means: str


MOST_CHOICES = 6


def state_of(version: VersionLine, current: VersionLine | None) -> Status:
    if version.state == DRAFT:
        return Status("file", gettext("bản nháp"))
    if version.state == CLOSED:
        return Status("lock", gettext("đã đóng") if version.published_at else gettext("bản nháp đã bỏ"))
    if current and version.id == current.id:
        return Status("done", gettext("đang dùng"), "ok")
    return Status("clock", gettext("đã thay, còn nhận"))


def type_of(question: Question) -> str:
    if "likert" in question.appearance:
        return gettext("thang mức độ")
    known = {
        "text": gettext("chữ"),
        "integer": gettext("số nguyên"),
        "decimal": gettext("số thập phân"),
        "range": gettext("thang số"),
        "date": gettext("ngày"),
        "time": gettext("giờ"),
        "dateTime": gettext("ngày giờ"),
        "select_one": gettext("chọn một"),
        "select_multiple": gettext("chọn nhiều"),
        "rank": gettext("xếp hạng"),
        "note": gettext("lời dẫn"),
        "acknowledge": gettext("xác nhận"),
        "image": gettext("ảnh"),
        "audio": gettext("ghi âm"),
        "file": gettext("tệp"),
        "barcode": gettext("mã vạch"),
        "geopoint": gettext("tọa độ"),
        "calculate": gettext("máy tính ra"),
        "hidden": gettext("máy tự ghi"),
    }
    return known.get(question.type, question.type)


def rule_name(rule: str) -> str:
    known = {
        "required": gettext("Bắt buộc"),
        "relevant": gettext("Chỉ hỏi khi"),
        "constraint": gettext("Phải đúng"),
        "calculate": gettext("Tính bằng"),
        "readonly": gettext("Chỉ đọc"),
        "preload": gettext("Tự ghi"),
    }
    return known.get(rule, rule)


def questions(form: Form, sources: Mapping[str, Mapping[str, str]]) -> list[QuestionShown]:
    """The form from top to bottom. `sources`: path → rule → its expression as the author wrote it."""
    return _shown(form, form.children, sources, 0)


def _shown(
    form: Form, nodes: tuple[Any, ...], sources: Mapping[str, Mapping[str, str]], depth: int
) -> list[QuestionShown]:
    found: list[QuestionShown] = []
    for node in nodes:
        rules = _rules(node, sources.get(node.path, {}))
        if isinstance(node, Question):
            found.append(_question(form, node, rules, depth))
            continue
        kind = gettext("lặp lại") if isinstance(node, Repeat) else gettext("nhóm")
        found.append(QuestionShown(node.name, said(node.label), "", kind, rules, (), 0, depth, True))
        found += _shown(form, node.children, sources, depth + 1)
    return found


def _question(form: Form, question: Question, rules: tuple[tuple[str, str], ...], depth: int) -> QuestionShown:
    options = question.options
    listed = form.choices.get(options.choices or "", ()) if options else ()
    named = [said(choice.label) or choice.name for choice in listed]
    if options and options.register:
        named = [gettext("lấy từ “%(name)s”", name=options.register)]
    return QuestionShown(
        question.name,
        said(question.label),
        said(question.hint),
        type_of(question),
        rules,
        tuple(named[:MOST_CHOICES]),
        max(0, len(named) - MOST_CHOICES),
        depth,
        False,
    )


def _rules(node: Question | Group | Repeat, sources: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    always = ("true()", "1")
    return tuple(
        (rule_name(rule), "" if sources[rule] in always else sources[rule])
        for rule in ("required", "relevant", "constraint", "calculate", "readonly")
        if sources.get(rule) and sources[rule] not in ("false()", "0")
    )


def change(form: Form, found: Change) -> ChangeShown:
    """`form`: the one in which dropped choices have their words."""
    question = found.question
    words = {
        "dropped": gettext("Bỏ câu hỏi"),
        "added": gettext("Thêm câu hỏi (%(type)s)", type=type_of(question)),
        "type": gettext("Đổi kiểu: %(before)s thành %(after)s", before=_type(found.before), after=_type(found.after)),
        "choice-dropped": gettext("Bỏ lựa chọn “%(name)s”", name=_choice(form, question, found.before)),
        "choice-added": gettext("Thêm lựa chọn “%(name)s”", name=_choice(form, question, found.before)),
        "rule": gettext("Đổi điều kiện: %(rule)s", rule=rule_name(found.before)),
        "text": gettext("Đổi lời"),
    }
    return ChangeShown(
        found.key, words[found.kind], said(question.label), question.name, found.dangerous,
        _means(found.kind),
    )  # fmt: skip


def _means(kind: str) -> str:
    """What a dangerous change does to figures; nothing is lost by any of them."""
    words = {
        "dropped": gettext("Bản ghi cũ giữ câu trả lời; bản ghi mới không có câu này."),
        "type": gettext("Câu trả lời của hai bản không cộng chung được."),
        "choice-dropped": gettext("Bản ghi cũ giữ lựa chọn này; bản ghi mới không chọn được nữa."),
    }
    return words.get(kind, "")


def in_short(counted: Mapping[str, int]) -> str:
    """ "thêm 2 câu, đổi kiểu 1 câu"."""
    words = {
        "dropped": lambda n: gettext("bỏ %(n)s câu", n=n),
        "type": lambda n: gettext("đổi kiểu %(n)s câu", n=n),
        "choice-dropped": lambda n: gettext("bớt %(n)s lựa chọn", n=n),
        "added": lambda n: gettext("thêm %(n)s câu", n=n),
        "choice-added": lambda n: gettext("thêm %(n)s lựa chọn", n=n),
        "rule": lambda n: gettext("đổi %(n)s điều kiện", n=n),
        "text": lambda n: gettext("đổi lời %(n)s câu", n=n),
    }
    return ", ".join(words[kind](number(n)) for kind, n in counted.items() if kind in words)


def _type(name: str) -> str:
    return type_of(Question(name="", path="", type=name))


def _choice(form: Form, question: Question, name: str) -> str:
    listed = form.choices.get(question.options.choices or "", ()) if question.options else ()
    return next((said(choice.label) or name for choice in listed if choice.name == name), name)


def fault(line: Mapping[str, Any]) -> FaultShown:
    """A line of a stored report, in the reader's language."""
    found = Fault(
        line.get("sheet", ""), line.get("row", 0), line.get("column", ""), line.get("message", ""),
        line.get("code", "form"), line.get("details", {}), line.get("letter", ""),
    )  # fmt: skip
    if own := _own(found):
        what, do = own
    else:
        told = fault_words.told(found, language())
        what, do = told.what, told.do
    return FaultShown(found.sheet, _place(found), what, found.details.get("text", ""), do)


def _place(found: Fault) -> str:
    row = gettext("dòng %(n)s", n=found.row) if found.row else ""
    letter = f"{found.letter} · " if found.letter else ""
    column = gettext("cột %(name)s", name=f"{letter}{found.column}") if found.column else ""
    return ", ".join(part for part in (row, column) if part)


def _own(found: Fault) -> tuple[str, str] | None:
    version, name = found.details.get("version", ""), found.details.get("name", "")
    words = {
        "version-published": (
            gettext("Bản %(version)s đã phát hành, không ghi đè được.", version=version),
            gettext("Đặt ô version thành một bản mới rồi tải lên lại."),
        ),
        "version-tried": (
            gettext("Bản nháp %(version)s đã có máy thử, không ghi đè được.", version=version),
            gettext("Đặt ô version thành một bản mới rồi tải lên lại."),
        ),
        "file-not-what-it-says": (
            gettext("Tệp “%(name)s” không đúng loại như tên của nó.", name=name),
            gettext("Lưu lại tệp theo đúng loại (PNG, JPEG, WebP, MP3, OGG, WAV, M4A) rồi tải lên lại."),
        ),
        "too-heavy": (
            gettext("Đọc tệp này cần quá nhiều bộ nhớ; máy chủ đã dừng đọc, mọi việc khác vẫn chạy."),
            gettext("Chia biểu mẫu thành nhiều biểu mẫu nhỏ, chuyển danh sách dài sang tệp CSV kèm theo."),
        ),
        "too-long": (
            gettext("Đọc tệp này mất quá nhiều thời gian; máy chủ đã dừng đọc, mọi việc khác vẫn chạy."),
            gettext("Chia biểu mẫu thành nhiều biểu mẫu nhỏ, chuyển danh sách dài sang tệp CSV kèm theo."),
        ),
        "unreadable": (
            gettext("Máy chủ không đọc được tệp này."),
            gettext("Mở tệp, lưu lại dưới tên mới rồi tải lên. Nếu vẫn lỗi, gửi tệp cho quản trị viên."),
        ),
    }
    return words.get(found.code)
