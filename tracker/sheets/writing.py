"""Writing tables that open everywhere and that nobody's spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from tracker.sheets.faults import MOST_CHARACTERS

Cell = str | int | float | Decimal | date | bool | None

_RUN = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_FIGURE = re.compile(r"[+-]?\d+(\.\d+)?")


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV file, see `write_csv`."""
    out = io.BytesIO()
    write_csv(out, headers, rows)
    return out.getvalue()


def write_csv(out: BinaryIO, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write CSV with a byte order mark; a text that a spreadsheet would run as a formula gets an apostrophe."""
    file = io.TextIOWrapper(out, encoding="utf-8-sig", errors="replace", newline="")
    writer = csv.writer(file)
    writer.writerow([harmless(header) for header in headers])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    file.flush()
    file.detach()


def write_xlsx(out: BinaryIO, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a workbook of one sheet, row by row: figures and days as such, texts as texts whatever they begin with.

    `rows` are at most 1,048,575 (else ValueError). Days with a time are naive, in the reader's zone.
    """
    from xlsxwriter import Workbook

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "default_date_format": "yyyy-mm-dd",
    }
    with Workbook(out, options) as book:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [_fitting(header) for header in headers], book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            if number >= sheet.xls_rowmax:
                raise ValueError("A workbook holds no more rows.")
            for place, cell in enumerate(row):
                _write_cell(sheet, number, place, cell, moment)


def _write_cell(sheet: Any, number: int, place: int, cell: Cell, moment: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(number, place, _fitting(cell))
    elif isinstance(cell, datetime):
        sheet.write_datetime(number, place, cell, moment)
    elif isinstance(cell, int) and abs(cell) >= 10**15:
        sheet.write_string(number, place, str(cell))  # a spreadsheet's figures have 15 digits
    else:
        sheet.write(number, place, cell)


def _fitting(text: str) -> str:
    """A text as a cell can hold it: the end of a longer one is marked as cut, half a surrogate pair as unknown."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def harmless(text: str) -> str:
    """The text with an apostrophe before what would be run; a plain number stays one, and twice is as good as once."""
    return "'" + text if _RUN.match(text) and not _FIGURE.fullmatch(text) else text


def original(text: str) -> str:
    """What `harmless` was given: the apostrophe before what would be run is gone."""
    return text[1:] if text.startswith("'") and _RUN.match(text, 1) else text
