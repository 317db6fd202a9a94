"""Run as a program: an XLS workbook on standard input, its visible sheets as JSON on standard output.

It knows nothing of the application, so that it starts at once and has nothing to lose.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, time
from io import StringIO
from typing import Any

MEMORY = 512 * 1024 * 1024
MOST_CELLS = 2_000_000
MOST_ROWS, MOST_COLUMNS = 200_000, 201


def main() -> None:
    """Read, and say what was found or why not."""
    data = sys.stdin.buffer.read()
    _limit_memory()
    json.dump(_found(data), sys.stdout)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows; size and cells are limited there, too
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _found(data: bytes) -> dict[str, Any]:
    import xlrd

    try:
        book = _opened(data)
        return {"sheets": _sheets(book)}
    except OverflowError:
        return {"fault": "too_big"}
    except MemoryError:
        return {"fault": "too_big"}
    except xlrd.XLRDError as error:
        return {"fault": "password" if "encrypted" in str(error) else "damaged"}
    except Exception:  # a broken or hostile file provokes whatever it can
        return {"fault": "damaged"}


def _opened(data: bytes) -> Any:
    """The workbook with the formats of its cells; without them where these cannot be read."""
    import xlrd

    try:
        return xlrd.open_workbook(file_contents=data, logfile=StringIO(), on_demand=True, formatting_info=True)
    except (xlrd.XLRDError, MemoryError):
        raise
    except Exception:
        return xlrd.open_workbook(file_contents=data, logfile=StringIO(), on_demand=True)


def _sheets(book: Any) -> list[tuple[str, list[list[str]]]]:
    found, cells = [], 0
    for place in range(book.nsheets):
        sheet = book.sheet_by_index(place)
        if sheet.visibility:
            continue
        width = min(sheet.ncols, MOST_COLUMNS)
        cells += sheet.nrows * width
        if cells > MOST_CELLS or sheet.nrows > MOST_ROWS:
            raise OverflowError
        rows = [[_said(sheet.cell(row, column), book) for column in range(min(width, sheet.row_len(row)))]
                for row in range(sheet.nrows)]  # fmt: skip
        if any(any(row) for row in rows):
            found.append((sheet.name, rows))
        book.unload_sheet(place)
    return found


def _said(cell: Any, book: Any) -> str:
    """A cell as people would type it: plain figures, days as ISO, whichever year the workbook counts from."""
    import xlrd

    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "1" if cell.value else "0"
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _day(cell.value, book.datemode)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return _percentage(cell.value) if _is_percentage(cell, book) else _figure(cell.value)
    return str(cell.value)


def _is_percentage(cell: Any, book: Any) -> bool:
    """Whether a figure is shown as a percentage: 0.15 would be an amount."""
    if cell.xf_index is None:
        return False
    return "%" in book.format_map[book.xf_list[cell.xf_index].format_key].format_str


def _day(value: float, datemode: int) -> str:
    import xlrd

    try:
        moment: datetime = xlrd.xldate.xldate_as_datetime(value, datemode)
    except (xlrd.xldate.XLDateError, ValueError, OverflowError):
        return _figure(value)
    if value < 1:
        return moment.time().replace(microsecond=0).isoformat()
    if moment.time() == time.min:
        return moment.date().isoformat()
    return moment.replace(microsecond=0).isoformat(sep=" ")


def _percentage(value: float) -> str:
    from decimal import Decimal

    return format((Decimal(repr(value)) * 100).normalize(), "f") + "%"


def _figure(value: float) -> str:
    from decimal import Decimal

    return format(Decimal(repr(value)), "f").removesuffix(".0")


if __name__ == "__main__":
    main()
