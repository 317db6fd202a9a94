"""Reading the rows of an XLSX workbook without trusting it."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from tracker.sheets.faults import MOST_COLUMNS, Fault, SheetRefused

MOST_UNZIPPED = 300 * 1024 * 1024
MOST_STRINGS = 100 * 1024 * 1024  # unzipped, of the table of texts, which is read whole
MOST_OTHERS = 20 * 1024 * 1024  # unzipped, of styles and other parts that are read whole and as trees
MOST_RATIO = 200  # unzipped to zipped, of one part above 10 MB
LAST_ROW = 1_048_576  # Excel's own

warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")  # features that reading values needs not


def rows_of_workbook(data: bytes) -> Iterator[list[str]]:
    """The rows of the first visible sheet that holds anything, gaps included; raises SheetRefused."""
    from openpyxl import load_workbook

    _check_zip(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            sheet.reset_dimensions()  # what a writer claims about the size may be wrong
            rows = _rows(sheet)
            first = next(rows, None)
            if first is not None:
                yield from [[]] * (first[0] - 1)
                yield first[1]
                yield from _filled_up(rows, first[0])
                return
    except SheetRefused:
        raise
    except Exception:  # openpyxl raises whatever a broken or hostile file provokes
        raise SheetRefused(Fault.DAMAGED) from None
    raise SheetRefused(Fault.EMPTY)


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows with anything in them, with their numbers."""
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), start=1):
        if number > LAST_ROW:
            raise SheetRefused(Fault.DAMAGED)
        if row.count(None) == len(row):
            continue
        width = max(place for place, value in enumerate(row, start=1) if value is not None)
        yield number, [said(value) for value in row[:width]]


def _filled_up(rows: Iterator[tuple[int, list[str]]], last: int) -> Iterator[list[str]]:
    for number, cells in rows:
        yield from [[]] * (number - last - 1)
        yield cells
        last = number


def _check_zip(data: bytes) -> None:
    """Refuse what would unpack to more than it may, by the archive's own directory, before unpacking anything."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise SheetRefused(Fault.DAMAGED) from None
    if not any(part.filename.startswith("xl/") for part in parts):
        raise SheetRefused(Fault.NOT_A_TABLE)
    if any(part.flag_bits & 1 for part in parts):
        raise SheetRefused(Fault.PASSWORD)
    if sum(part.file_size for part in parts) > MOST_UNZIPPED or any(part.file_size > _most(part) for part in parts):
        raise SheetRefused(Fault.TOO_BIG)


def _most(part: zipfile.ZipInfo) -> int:
    """Unzipped bytes that one part may have."""
    name = part.filename.casefold()
    if name.endswith("sharedstrings.xml"):
        most = MOST_STRINGS
    elif name.endswith((".xml", ".rels")) and not name.startswith("xl/worksheets/"):
        most = MOST_OTHERS
    else:
        most = MOST_UNZIPPED
    return min(most, max(10_000_000, MOST_RATIO * part.compress_size))


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def said(value: Any) -> str:
    """A cell as people would type it: plain figures, days as ISO."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(_character, value) if "_x" in value else value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        if value.time() == time.min:
            return value.date().isoformat()
        return value.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        plain = format(Decimal(repr(value)), "f")
        return plain.removesuffix(".0")
    return str(value)


def _character(found: re.Match[str]) -> str:
    """What Excel means by `_x000D_`; half a surrogate pair is no character."""
    code = int(found.group(1), 16)
    return found.group() if 0xD800 <= code <= 0xDFFF else chr(code)
