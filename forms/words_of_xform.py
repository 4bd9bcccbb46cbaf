"""What is wrong with an XForm, in Vietnamese: the English sentence as it is told → the same, piece by piece."""

import re

_SENTENCES: tuple[tuple[str, str], ...] = (
    ("of a group only true\\(\\) is understood", "readonly của nhóm chỉ được là true()"),
    ("rows that are filled in advance are not understood", "chưa đọc được các dòng lặp đã điền sẵn trong instance"),
    ("this path is not in the instance", "đường dẫn này không có trong instance"),
    ("(?P<path>.+) leads nowhere", "đường dẫn {path} không đến đâu"),
    (
        "answers of the last record may be read in defaults and calculations only; calculate them first",
        "câu trả lời của phiếu trước chỉ đọc được trong giá trị đặt sẵn và phép tính; hãy tính thành một câu calculate",
    ),
    ("it is calculated, so nothing else can set it", "câu này do phép tính tạo ra, setvalue không ghi vào được"),
    ("unsupported event (?P<name>.*)", "chưa có sự kiện {name}"),
    ("odk-new-repeat belongs inside a repeat", "odk-new-repeat phải nằm trong một nhóm lặp"),
    ("there is no bind with the id (?P<name>.*)", "không có bind nào mang id {name}"),
    ("unsupported metadata (?P<name>.*)", "chưa có loại siêu dữ liệu {name}"),
    ("only lists of root/item are understood", "danh sách phải có dạng root/item"),
    ("a choice has no value", "có lựa chọn không có giá trị (value)"),
    ("unsupported list (?P<text>.*)", "chưa đọc được danh sách {text}"),
    (
        "select_one_external is not understood; use select_one_from_file",
        "chưa có select_one_external; hãy dùng select_one_from_file",
    ),
    ("search\\(\\) is not understood; use select_one_from_file", "chưa có search(); hãy dùng select_one_from_file"),
    ("a file cannot be an answer before it is taken", "câu hỏi về tệp không thể có giá trị đặt sẵn"),
    (
        "start, end and step must be numbers, the step not 0",
        "start, end và step phải là số, step khác 0",
    ),
    ("(?P<what>.+) comes in a later version", "{what} sẽ có ở một phiên bản sau"),
    ("(?P<text>.*): unsupported function (?P<name>.+)", "{text}: không có hàm {name}"),
    ("(?P<text>.*): .* \\(character (?P<at>\\S+)\\)", "{text}: biểu thức sai ở ký tự {at}"),
    ("no model, no body or no primary instance", "thiếu model, body hoặc instance chính"),
    ("this is no XML that can be read: (?P<error>.*)", "không đọc được XML: {error}"),
    ("elements in elements, too deep", "các phần tử lồng nhau quá sâu"),
)
_KNOWN = tuple((re.compile(en, re.DOTALL), vi) for en, vi in _SENTENCES)
_PLACE = re.compile(r"((?:/|instance\()\S*): (.*)", re.DOTALL)


def in_vietnamese(message: str) -> str:
    """The message, with its place before it; unchanged where it is none of these."""
    placed = _PLACE.fullmatch(message)
    place, said = (f"{placed[1]}: ", placed[2]) if placed else ("", message)
    for sentence, vi in _KNOWN:
        if found := sentence.fullmatch(said):
            return place + vi.format_map(found.groupdict())
    return message
