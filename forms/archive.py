"""Is this .xlsx a zip file that may be opened? Asked of its directory alone, before anything is unpacked (R25)."""

import io
import stat
from zipfile import BadZipFile, ZipFile, ZipInfo

from forms.fault_words import fault
from forms.faults import FormFaults

MOST_BYTES = 10_000_000
MOST_UNPACKED = 60_000_000
MOST_ENTRIES = 1_000
MOST_RATIO = 200  # of one part; spreadsheets of repeated words reach 50
_RATIO_FROM = 1_000_000  # bytes unpacked; smaller parts may be as repetitive as they like
_NESTED = (".zip", ".xlsx", ".xlsm", ".docx", ".7z", ".rar", ".gz", ".jar")
_ENCRYPTED = 0x1
_METHODS = (0, 8)  # stored, deflated


def opened(name: str, data: bytes) -> ZipFile:
    """The archive; raises FormFaults where it is none or could do harm."""
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise FormFaults((fault("old_or_locked_excel", "", name=name),))
    if len(data) > MOST_BYTES:
        raise FormFaults((fault("file_too_big", "", name=name, most=MOST_BYTES // 1_000_000),))
    try:
        archive = ZipFile(io.BytesIO(data))
    except (BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError, OverflowError):
        raise FormFaults((fault("not_a_workbook", "", name=name),)) from None
    reason = _harm(archive.infolist(), len(data))
    if reason:
        raise FormFaults((fault("unsafe_archive", "", name=name, reason=reason),))
    return archive


def _harm(entries: list[ZipInfo], size: int) -> str:
    """Why this directory is not trusted; "" where it is."""
    if len(entries) > MOST_ENTRIES:
        return "too many parts"
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        return "too large when unpacked"
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        return "a part stands twice"
    return next((reason for entry in entries if (reason := _harm_of(entry))), "") or _overlap(entries, size)


def _harm_of(entry: ZipInfo) -> str:
    if entry.flag_bits & _ENCRYPTED:
        return "an encrypted part"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "a link"
    if entry.compress_type not in _METHODS:
        return "an unknown compression"
    if entry.filename.lower().endswith(_NESTED):
        return "an archive inside"
    if entry.file_size > max(_RATIO_FROM, MOST_RATIO * entry.compress_size):
        return "a part that unpacks beyond measure"
    return ""


def _overlap(entries: list[ZipInfo], size: int) -> str:
    """Parts that share bytes: how a small file claims to be a huge one."""
    spans = sorted((entry.header_offset, entry.header_offset + 30 + entry.compress_size) for entry in entries)
    ends = [end for _, end in spans]
    starts = [start for start, _ in spans[1:]]
    if any(start < end for start, end in zip(starts, ends, strict=False)) or (ends and ends[-1] > size):
        return "parts that overlap"
    return ""
