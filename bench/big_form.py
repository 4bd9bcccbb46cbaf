"""Made-up forms to measure with, as Markdown XLSForms: 500 questions over 5,000 choices, and a repeat of ten questions.

Their titles say that they are samples. Every fifth question chooses among 5,000, every fifth is calculated, every fifth
waits for an answer before it.
"""

from collections.abc import Iterator

QUESTIONS, CHOICES, REGIONS, DISTRICTS = 500, 5_000, 20, 200
GROUPS = 10
BIG, ROWS = "bench_big", "bench_rows"
PICK = "bench_pick"
TITLES = {
    BIG: "Biểu mẫu lớn (dữ liệu mẫu)",
    ROWS: "Biểu mẫu lặp (dữ liệu mẫu)",
    PICK: "Biểu mẫu chọn (dữ liệu mẫu)",
}
REGISTER = "organisations"
_WORDS = {
    "an": "An", "binh": "Bình", "chau": "Châu", "dong": "Đông", "giang": "Giang", "hoa": "Hòa", "khanh": "Khánh",
    "long": "Long", "my": "Mỹ", "nhon": "Nhơn", "phu": "Phú", "quoi": "Quới", "son": "Sơn", "tan": "Tân",
    "thanh": "Thạnh", "truong": "Trường", "vinh": "Vĩnh", "xuan": "Xuân", "yen": "Yên", "loi": "Lợi",
}  # fmt: skip
_MARKED = list(_WORDS.values())


def name_of(number: int) -> str:
    """A made-up place, other for every number: "Tân Phú Đông 4711"."""
    words = [_MARKED[number % 20], _MARKED[number // 20 % 20], _MARKED[number // 400 % 20]]
    return f"{' '.join(words)} {number}"


def big() -> str:
    """The first group has what the answers are measured at: a cascade, and a filter that no index helps."""
    survey = ["| | type | name | label | calculation | relevant | choice_filter | constraint | appearance |"]
    for group in range(GROUPS):
        survey.append(_row("begin group", f"g{group}", f"Phần {group + 1}"))
        survey += _group(group, QUESTIONS // GROUPS)
        survey.append(_row("end group"))
    return _workbook(BIG, survey, _choices())


def _group(group: int, questions: int) -> Iterator[str]:
    own = f"_{group}"
    yield _row("select_one region", f"region{own}", "Vùng")
    yield _row("select_one district", f"district{own}", "Huyện", choice_filter=f"region = ${{region{own}}}")
    yield _row("select_one place", f"place{own}", "Nơi", choice_filter=f"district = ${{district{own}}}")
    yield _row("text", f"word{own}", "Một chữ trong tên")
    yield _row("select_one place", f"found{own}", "Tên có chữ đó", choice_filter=f"contains(label, ${{word{own}}})")
    for number in range(5, questions, 5):
        before = f"n{own}_{number - 5}" if number > 5 else f"word{own}"
        yield _row("integer", f"n{own}_{number}", f"Số {number}", constraint=". >= 0 and . <= 1000")
        yield _row("select_one yes_no", f"y{own}_{number}", "Có hay không?", relevant=f"${{n{own}_{number}}} > 10")
        yield _row("text", f"t{own}_{number}", "Ghi thêm", relevant=f"${{y{own}_{number}}} = 'yes'")
        total = (
            f"coalesce(${{n{own}_{number}}}, 0) + count-selected(${{y{own}_{number}}}) + string-length(${{{before}}})"
        )
        yield _row("calculate", f"c{own}_{number}", calculation=total)
        yield _row("select_one place", f"p{own}_{number}", "Nơi khác", choice_filter=f"district = ${{district{own}}}")


def rows() -> str:
    """A repeat of ten questions, one of them calculated from its neighbours; a sum over all rows."""
    survey = ["| | type | name | label | calculation | relevant | choice_filter | constraint | appearance |"]
    survey.append(_row("begin repeat", "person", "Người"))
    survey += [_row("text", "who", "Tên"), _row("integer", "age", "Tuổi", constraint=". < 120")]
    survey.append(_row("select_one yes_no", "came", "Có đến?"))
    survey.append(_row("text", "why", "Vì sao không?", relevant="${came} = 'no'"))
    survey += [_row("integer", f"h{n}", f"Giờ {n}") for n in range(4)]
    survey.append(_row("calculate", "hours", calculation=" + ".join(f"coalesce(${{h{n}}}, 0)" for n in range(4))))
    survey.append(_row("select_one yes_no", "again", "Có đến nữa?"))
    survey.append(_row("end repeat"))
    survey.append(_row("calculate", "all_hours", calculation="sum(${hours})"))
    survey.append(_row("note", "told", "Tổng: ${all_hours}"))
    return _workbook(ROWS, survey, _yes_no())


def picking() -> str:
    """One question over a register, and one that a first answer narrows."""
    survey = ["| | type | name | label | calculation | relevant | choice_filter | constraint | appearance |"]
    survey.append(_row(f"select_one_from_file {REGISTER}.csv", "whole", "Nơi"))
    survey.append(_row("select_one yes_no", "more", "Nữa?"))
    return _workbook(PICK, survey, _yes_no())


def _choices() -> list[str]:
    lines = _yes_no()
    lines[0] = "| | list_name | name | label | region | district |"
    lines += [f"| | region | r{n} | Vùng {n} | | |" for n in range(REGIONS)]
    lines += [f"| | district | d{n} | Huyện {n} | r{n % REGIONS} | |" for n in range(DISTRICTS)]
    return lines + [f"| | place | p{n} | {name_of(n)} | | d{n % DISTRICTS} |" for n in range(CHOICES)]


def _yes_no() -> list[str]:
    return ["| | list_name | name | label |", "| | yes_no | yes | Có |", "| | yes_no | no | Không |"]


def _row(kind: str, name: str = "", label: str = "", **more: str) -> str:
    columns = ("calculation", "relevant", "choice_filter", "constraint", "appearance")
    return "| | " + " | ".join((kind, name, label, *(more.get(column, "") for column in columns))) + " |"


def _workbook(form_id: str, survey: list[str], choices: list[str]) -> str:
    settings = ["| | form_id | form_title | version |", f"| | {form_id} | {form_id} | 1 |"]
    return "\n".join(["| survey |", *survey, "| choices |", *choices, "| settings |", *settings, ""])
