"""What a file is by its content, whatever its name says. Pure; nothing of a file is unpacked or run."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from tracker.images import HEADS

MOST_PARTS = 5000  # in an office file; a book of a thousand sheets has fewer
MACROS = "vbaproject.bin"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .doc, .xls, .ppt, and newer ones with a password
OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
MIMES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "dwg": "image/vnd.dwg",
    "dxf": "image/vnd.dxf",
}
"""The kinds of documents that are taken, and as what each is handed out."""
SORTS = ("drawing", "quote", "contract", "certificate", "minutes", "other")
"""What a document is to people, whatever kind of file it is."""
_DWG = re.compile(rb"AC10\d\d")
_DXF = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:999\r?\n[^\n]*\n\s*)*0\r?\n\s*SECTION\r?\n")
_DXF_BINARY = b"AutoCAD Binary DXF\r\n\x1a\x00"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file is: one of MIMES, `picture`, or none of them and `why` (a key of the refusals)."""

    kind: str = ""
    why: str = ""


def look(data: bytes) -> Looked:
    """What the bytes are. A picture is not examined here: that is the gallery's work."""
    if not data:
        return Looked(why="empty")
    if b"%PDF-" in data[:1024]:
        return Looked("pdf") if b"%%EOF" in data[-2048:] else Looked(why="cut_off")
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data.startswith(OLD_OFFICE):
        return Looked(why="old_office")
    if _DWG.match(data):
        return Looked("dwg")
    if data.startswith(_DXF_BINARY) or _DXF.match(data[:4096]):
        return Looked("dxf")
    if data.startswith(HEADS) or data[4:8] == b"ftyp":
        return Looked("picture")
    return Looked(why="unknown")


def _office(data: bytes) -> Looked:
    """Which office file it is, by the names of its parts alone."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [info.filename for info in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return Looked(why="cut_off")
    if len(names) > MOST_PARTS or "[Content_Types].xml" not in names:
        return Looked(why="unknown")
    if any(name.lower().endswith(MACROS) for name in names):
        return Looked(why="macros")
    return next((Looked(kind) for part, kind in OFFICE.items() if part in names), Looked(why="unknown"))
