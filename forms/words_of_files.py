"""Words of faults of whole files, and of what comes later: code → (vi, vi what to do, en, en what to do)."""

NEEDS: dict[str, tuple[str, str]] = {
    "entities": ("thực thể (entities)", "entities"),
    "map": ("bản đồ", "a map"),
    "map_line": ("vẽ đường trên bản đồ", "lines on a map"),
    "map_area": ("vẽ vùng trên bản đồ", "areas on a map"),
    "map_edit": ("sửa bản đồ OpenStreetMap", "editing OpenStreetMap"),
    "image_map": ("chọn trên hình vẽ", "choosing on a picture"),
    "video": ("quay và phát video", "recording and showing video"),
    "recording": ("ghi âm ngầm", "recording sound in the background"),
    "audit": ("nhật ký thao tác", "a log of what the person does"),
    "own_place": ("tự lấy vị trí của máy", "taking the phone's position by itself"),
    "xml_file": ("danh sách từ tệp XML", "choices from an XML file"),
    "geojson": ("danh sách từ tệp GeoJSON", "choices from a GeoJSON file"),
    "old_cascade": ("trang external_choices kiểu cũ", "the old sheet external_choices"),
    "other_app": ("mở một ứng dụng khác", "opening another app"),
    "encryption": ("mã hóa bằng khóa công khai", "encryption with a public key"),
    "compass": ("la bàn", "a compass"),
    "printer": ("in ra máy in", "a printer"),
    "counter": ("nút đếm", "a counter button"),
    "masked": ("che câu trả lời", "hiding the answer"),
    "calendar": ("lịch khác dương lịch", "another calendar"),
    "signed_text": ("kiểm tra chữ ký của văn bản", "checking a text's signature"),
    "text_by_id": ("lấy chữ theo mã itext", "texts by their itext id"),
    "own_property": ("thuộc tính của máy", "properties of the phone"),
}

# What to do about something that comes later, where it is no question: sheet → (vi, en).
INSTEAD: dict[str, tuple[str, str]] = {
    "settings": (
        "Xóa ô này ở trang settings; sẽ có ở một phiên bản sau",
        "Empty this cell of the sheet settings; it comes with a later version",
    ),
    "entities": (
        "Bỏ trang entities; sẽ có ở một phiên bản sau",
        "Remove the sheet entities; it comes with a later version",
    ),
    "osm": ("Bỏ trang osm; sẽ có ở một phiên bản sau", "Remove the sheet osm; it comes with a later version"),
    "external_choices": (
        "Chuyển danh sách sang trang choices hoặc tệp CSV kèm theo, dùng choice_filter",
        "Move the list to the sheet choices or into a CSV file, and use choice_filter",
    ),
}

HARM: dict[str, str] = {
    "too many parts": "có quá nhiều phần",
    "too large when unpacked": "giải nén ra quá lớn",
    "a part stands twice": "có một phần đứng hai lần",
    "an encrypted part": "có phần bị mã hóa",
    "a link": "có đường dẫn tắt bên trong",
    "an unknown compression": "cách nén lạ",
    "an archive inside": "có tệp nén bên trong",
    "a part that unpacks beyond measure": "có phần giải nén ra lớn bất thường",
    "parts that overlap": "các phần chồng lên nhau",
}

WORDS: dict[str, tuple[str, str, str, str]] = {
    "unknown_kind": (
        "{name} không phải là tệp biểu mẫu",
        "Tải lên tệp .xlsx, .csv, .md (XLSForm) hoặc .xml (XForm)",
        "{name} is not a form file",
        "Upload an .xlsx, .csv or .md (XLSForm) or an .xml (XForm)",
    ),
    "empty_file": ("Tệp {name} trống", "Chọn lại tệp", "The file {name} is empty", "Choose the file again"),
    "file_too_big": (
        "Tệp {name} lớn hơn {most} MB",
        "Bỏ ảnh và các trang không thuộc biểu mẫu rồi tải lên lại",
        "The file {name} is larger than {most} MB",
        "Remove pictures and sheets that are not part of the form, then upload it again",
    ),
    "old_or_locked_excel": (
        "{name} là tệp Excel đời cũ (.xls) hoặc có mật khẩu",
        "Mở bằng Excel, bỏ mật khẩu, chọn Lưu thành → Sổ làm việc Excel (.xlsx), rồi tải lên tệp mới",
        "{name} is an old Excel file (.xls) or has a password",
        "Open it in Excel, remove the password, choose Save As → Excel Workbook (.xlsx), and upload the new file",
    ),
    "not_a_workbook": (
        "{name} không phải là tệp Excel .xlsx, hoặc tệp bị cắt cụt",
        "Mở tệp bằng Excel; nếu mở được thì lưu lại thành .xlsx rồi tải lên",
        "{name} is not an Excel .xlsx file, or was cut short",
        "Open it in Excel; if that works, save it as .xlsx and upload it again",
    ),
    "unsafe_archive": (
        "Không mở {name} vì không an toàn: {reason}",
        "Chép các trang survey, choices, settings sang một sổ làm việc mới rồi tải lên",
        "{name} was not opened because it is not safe: {reason}",
        "Copy the sheets survey, choices and settings into a new workbook and upload that",
    ),
    "broken_workbook": (
        "Tệp {name} hỏng, không đọc được các trang",
        "Mở bằng Excel hoặc LibreOffice, lưu lại thành .xlsx rồi tải lên",
        "The file {name} is damaged, its sheets cannot be read",
        "Open it in Excel or LibreOffice, save it as .xlsx, and upload it again",
    ),
    "not_utf8": (
        "Tệp {name} không phải là văn bản UTF-8",
        "Lưu lại với bảng mã UTF-8 (trong Excel: CSV UTF-8)",
        "The file {name} is not UTF-8 text",
        "Save it again as UTF-8 (in Excel: CSV UTF-8)",
    ),
    "broken_csv": (
        "Không đọc được tệp CSV {name}: {reason}",
        "Lưu lại từ bảng tính thành CSV UTF-8",
        "The CSV file {name} cannot be read: {reason}",
        "Save it again from the spreadsheet as CSV UTF-8",
    ),
    "too_many_rows": (
        "Nhiều hơn {most} dòng",
        "Chuyển danh sách dài sang tệp CSV đính kèm (select_one_from_file)",
        "More than {most} rows",
        "Move long lists into a CSV file that comes with the form (select_one_from_file)",
    ),
    "too_many_columns": (
        "Nhiều hơn {most} cột",
        "Xóa các cột không dùng",
        "More than {most} columns",
        "Delete the columns that are not used",
    ),
    "cell_too_long": (
        "Một ô dài hơn {most} ký tự",
        "Rút ngắn ô này",
        "A cell is longer than {most} characters",
        "Shorten this cell",
    ),
    "control_character": (
        "Một ô chứa ký tự điều khiển không nhìn thấy",
        "Gõ lại nội dung các ô của dòng này",
        "A cell holds a control character that cannot be seen",
        "Type the cells of this row again",
    ),
    "error_cell": (
        "Ô này có lỗi bảng tính {value}",
        "Sửa công thức hoặc gõ thẳng giá trị",
        "This cell shows the spreadsheet error {value}",
        "Correct the formula or type the value",
    ),
    "empty_formula": (
        "Công thức ở ô này chưa có kết quả lưu trong tệp",
        "Mở bằng Excel hoặc LibreOffice rồi lưu lại, hoặc gõ thẳng giá trị",
        "The formula in this cell has no stored result",
        "Open the file in Excel or LibreOffice and save it, or type the value",
    ),
    "merged_cells": (
        "Các ô {cells} bị gộp: chỉ ô đầu có nội dung, các ô khác coi như trống",
        "Bỏ gộp ô rồi ghi vào từng ô",
        "The cells {cells} are merged: only the first one has the text, the others count as empty",
        "Unmerge them and fill in each cell",
    ),
    "xml_encoding": (
        "Tệp {name} không khai báo bảng mã UTF-8 hoặc UTF-16",
        "Lưu lại tệp bằng UTF-8",
        "The file {name} is not in UTF-8 or UTF-16 as it should be",
        "Save it as UTF-8",
    ),
    "xml_dtd": (
        "Tệp {name} có DOCTYPE hoặc ENTITY, là thứ không được phép",
        "Xóa phần <!DOCTYPE …> ở đầu tệp",
        "The file {name} holds a DOCTYPE or an ENTITY, which is not allowed",
        "Delete the part <!DOCTYPE …> at its beginning",
    ),
    "xml_deep": (
        "Tệp {name} lồng nhau quá {most} tầng hoặc có quá nhiều phần tử",
        "Chia biểu mẫu thành các phần nhỏ hơn",
        "The file {name} is nested deeper than {most} levels or has too many elements",
        "Part the form into smaller ones",
    ),
    "broken_xml": (
        "{name} không phải XML đúng quy cách: {reason}",
        "Xuất lại XForm từ công cụ đã tạo ra nó",
        "{name} is not well-formed XML: {reason}",
        "Export the XForm again from the tool that made it",
    ),
    "not_a_form": (
        "{name} là XML nhưng không phải XForm",
        "Tải lên tệp XForm (h:html với model và body), không phải bản ghi hay tệp khác",
        "{name} is XML but not an XForm",
        "Upload an XForm (h:html with model and body), not a record or another file",
    ),
    "pyxform": (
        "Không chuyển được thành XForm: {message}",
        "Sửa theo lời báo (của bộ chuyển đổi pyxform) rồi tải lên lại",
        "{message}",
        "Correct what the converter (pyxform) says and upload the file again",
    ),
    "pyxform_failed": (
        "Bộ chuyển đổi pyxform không chuyển được biểu mẫu này ({type})",
        "Thử bỏ bớt từng phần của biểu mẫu để tìm dòng gây lỗi, rồi báo cho người quản trị",
        "pyxform could not convert this form ({type})",
        "Leave out parts of the form until it converts, to find the row, and tell the administrator",
    ),
    "model_failed": (
        "Không lập được biểu mẫu cho điện thoại ({type})",
        "Thử bỏ bớt từng phần của biểu mẫu để tìm dòng gây lỗi, rồi báo cho người quản trị",
        "The form for the phones could not be made ({type})",
        "Leave out parts of the form until it converts, to find the row, and tell the administrator",
    ),
    "xform": (
        "Biểu thức hoặc phần này không dùng được: {message}",
        "Sửa biểu thức rồi tải lên lại",
        "{message}",
        "Correct the expression and upload the form again",
    ),
    "later": (
        "{thing} cần {needs}, phiên bản này chưa có",
        "Bỏ câu hỏi này hoặc dùng cách khác; sẽ có ở một phiên bản sau",
        "{thing} needs {needs}, which this version does not have yet",
        "Leave it out or ask in another way; it comes with a later version",
    ),
    "more": (
        "Còn {count} lỗi nữa",
        "Sửa các lỗi trên rồi tải lên lại để xem tiếp",
        "There are {count} more faults",
        "Correct those above and upload again to see the rest",
    ),
}
