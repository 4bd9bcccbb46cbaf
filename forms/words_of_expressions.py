"""Words of faults in expressions: code → (vi, vi what to do, en, en what to do)."""

WORDS: dict[str, tuple[str, str, str, str]] = {
    "bad_expression": (
        "Biểu thức sai ở ký tự {at}: {near}",
        "Sửa chỗ được đánh dấu: thiếu ngoặc, dấu nháy, toán tử hoặc giá trị",
        "{reason} (character {at}): {near}",
        "Correct the marked place: a bracket, quote, operator or value is missing or too many",
    ),
    "unknown_name": (
        "Không có câu hỏi nào tên {name}; có lẽ là: {meant}",
        "Sửa tên trong ${{…}}",
        "unknown name ${{{name}}} (perhaps {meant})",
        "Correct the name inside ${{…}}",
    ),
    "ambiguous_name": (
        "Tên {name} đứng ở nhiều dòng ({rows}): không biết ý nói dòng nào",
        "Đặt tên khác nhau cho các câu hỏi đó",
        "The name {name} stands in several rows ({rows}): it is not clear which is meant",
        "Give these questions different names",
    ),
    "open_reference": (
        "${{ không được đóng bằng }}: {text}",
        "Ghi ${{tên}}",
        "${{ is not closed by }}: {text}",
        "Write ${{name}}",
    ),
    "bare_name": (
        "{name} là tên câu hỏi nhưng thiếu ${{…}}: như vậy luôn là trống",
        "Ghi ${{{name}}}",
        "{name} is a question but stands without ${{…}}: it would always be empty",
        "Write ${{{name}}}",
    ),
    "unknown_function": (
        "Không có hàm {name}(); có lẽ là: {meant}",
        "Sửa tên hàm hoặc dùng cách khác",
        "unsupported function {name}() (perhaps {meant})",
        "Correct the function's name or do without it",
    ),
    "argument_count": (
        "Hàm {name}() cần {takes} đối số, ở đây có {given}",
        "Thêm hoặc bớt đối số, cách nhau bằng dấu phẩy",
        "{name}() takes {takes} arguments, here {given}",
        "Add or remove arguments, parted by commas",
    ),
    "chance": (
        "{name}() cho kết quả khác nhau mỗi lần tính",
        "Đặt trong once({name}()) hoặc trong cột default",
        "{name}() belongs inside once() or in default: it would change with every look",
        "Write once({name}()) or move it to the column default",
    ),
    "bad_pattern": (
        "Mẫu {pattern} trong regex() sai: {reason}",
        "Sửa mẫu; ký tự đặc biệt cần dấu \\ phía trước",
        "the pattern {pattern} is not understood: {reason}",
        "Correct the pattern; special characters need a \\ before them",
    ),
    "endless_pattern": (
        "Mẫu {pattern} trong regex() có thể làm máy chạy mãi: trong phần lặp, một chữ có nhiều cách đọc",
        "Viết lại để mỗi chữ chỉ có một cách đọc, ví dụ a+ thay cho (a+)+",
        "the pattern {pattern} can keep a device busy for ever: inside a repetition one text can be read in two ways",
        "Write it so that each letter can be read in one way only, for example a+ instead of (a+)+",
    ),
    "unknown_digest": (
        "digest() không biết {given} (có: {known})",
        "Chọn một trong các tên đó",
        "digest() does not know {given} (there are: {known})",
        "Choose one of these",
    ),
    "unknown_instance": (
        "instance('{name}') không có trong biểu mẫu (có: {known})",
        "Sửa tên, hoặc thêm một dòng csv-external tên {name}",
        "instance('{name}') is not part of the form (there are: {known})",
        "Correct the name, or add a row csv-external with the name {name}",
    ),
    "no_item_column": (
        "{of} không có cột {column} (có: {known})",
        "Sửa tên cột",
        "{of} has no column {column} (there are: {known})",
        "Correct the column's name",
    ),
    "no_filter_column": (
        "Danh sách không có cột {column} (có: {known})",
        "Sửa tên cột trong choice_filter, hoặc thêm cột vào danh sách",
        "The list has no column {column} (there are: {known})",
        "Correct the column's name in choice_filter, or add the column to the list",
    ),
    "circle": (
        "Các quy tắc chờ nhau thành vòng: {names}",
        "Bỏ một trong các tham chiếu này",
        "circular rules: {names}",
        "Take out one of these references",
    ),
    "lost_path": (
        "Đường dẫn {path} không đến đâu",
        "Dùng ${{tên}} thay cho đường dẫn",
        "{path} leads nowhere",
        "Use ${{name}} instead of a path",
    ),
    "bad_trigger": (
        "trigger phải là tên câu hỏi: “{text}”",
        "Ghi ${{tên}}, nhiều tên thì cách nhau bằng dấu phẩy",
        "A trigger names questions: “{text}”",
        "Write ${{name}}; several are parted by commas",
    ),
    "bad_count": (
        "repeat_count “{text}” không phải số lần",
        "Ghi một số nguyên từ 0 đến 1000, hoặc ${{tên câu hỏi}}",
        "repeat_count “{text}” is no number of rows",
        "Write a whole number from 0 to 1000, or ${{name}}",
    ),
    "smart_quotes": (
        "Biểu thức có dấu nháy cong (‘ ’ “ ”); đã đọc như nháy thẳng",
        "Nên gõ lại bằng ' hoặc \"",
        "The expression has curly quotes (‘ ’ “ ”); they were read as straight ones",
        "Better type ' or \"",
    ),
    "bare_clock": (
        "today() hoặc now() ngoài once(): máy chủ đọc lại sau nhiều ngày có thể ra kết quả khác",
        "Ghi once(today()) trong một câu calculate rồi tham chiếu câu đó, hoặc dùng cột default",
        "today() and now() belong inside once() or in default: the server checks days later",
        "Write once(today()) in a calculate and refer to that, or use the column default",
    ),
}
