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


class Workbook:
    """The visible sheets of an XLSX workbook; raises SheetRefused."""

    def __init__(self, data: bytes) -> None:
        from openpyxl import load_workbook

        _check_zip(data)
        try:
            self._percentages = _shows_percentages(data)
            self._book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            self.names = [sheet.title for sheet in self._book.worksheets if sheet.sheet_state == "visible"]
        except Exception:  # openpyxl raises whatever a broken or hostile file provokes
            raise SheetRefused(Fault.DAMAGED) from None
        if not self.names:
            raise SheetRefused(Fault.EMPTY)

    def rows(self, name: str) -> Iterator[list[str]]:
        """The rows of a sheet, gaps included."""
        try:
            sheet = self._book[name]
            sheet.reset_dimensions()  # what a writer claims about the size may be wrong
            yield from _filled_up(_rows(sheet, self._percentages), 0)
        except SheetRefused:
            raise
        except Exception:
            raise SheetRefused(Fault.DAMAGED) from None


def _rows(sheet: Any, percentages: bool) -> Iterator[tuple[int, list[str]]]:
    """Rows with anything in them, with their numbers; with `percentages` some cells may be shown as such."""
    rows = sheet.iter_rows(values_only=not percentages, max_col=MOST_COLUMNS + 1)
    for number, row in enumerate((_shown(row) for row in rows) if percentages else rows, start=1):
        if number > LAST_ROW:
            raise SheetRefused(Fault.DAMAGED)
        if row.count(None) == len(row):
            continue
        width = max(place for place, value in enumerate(row, start=1) if value is not None)
        yield number, [said(value) for value in row[:width]]


def _shown(row: Any) -> list[Any]:
    """The values of a row; a figure that is shown as a percentage is said as one, since 0.15 would be an amount."""
    return [
        percentage(cell.value) if isinstance(cell.value, int | float) and "%" in cell.number_format else cell.value
        for cell in row
    ]


def percentage(value: float) -> str:
    """A share as people write it."""
    return format((Decimal(repr(value)) * 100).normalize(), "f") + "%"


def _filled_up(rows: Iterator[tuple[int, list[str]]], last: int) -> Iterator[list[str]]:
    for number, cells in rows:
        yield from [[]] * (number - last - 1)
        yield cells
        last = number


_PERCENTAGES = re.compile(rb'formatCode="[^"]*%|numFmtId="(?:9|10)"')  # 9 and 10 are Excel's own


def _shows_percentages(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.casefold() == "xl/styles.xml"]
        return any(_PERCENTAGES.search(archive.read(name)) for name in names)


def _check_zip(data: bytes) -> None:
    """Refuse what would unpack to more than it may, by the archive's own directory, before unpacking anything."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise SheetRefused(Fault.DAMAGED) from None
    if not any(part.filename.startswith("xl/") for part in parts):
        raise SheetRefused(_other_kind({part.filename for part in parts}))
    if any(part.flag_bits & 1 for part in parts):
        raise SheetRefused(Fault.PASSWORD)
    if sum(part.file_size for part in parts) > MOST_UNZIPPED or any(part.file_size > _most(part) for part in parts):
        raise SheetRefused(Fault.TOO_BIG)


def _other_kind(names: set[str]) -> Fault:
    """What an archive that is no XLSX is, so that its owner knows what to do."""
    if any(name.endswith((".iwa", "/Index.zip")) for name in names):
        return Fault.NUMBERS
    return Fault.OPEN_DOCUMENT if {"mimetype", "content.xml"} <= names else Fault.NOT_A_TABLE


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
