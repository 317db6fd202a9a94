"""Writing tables that open everywhere and that nobody's spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, NamedTuple
from unicodedata import east_asian_width

from tracker.sheets.faults import MOST_CHARACTERS

Cell = str | int | float | Decimal | date | bool | None


class Look(NamedTuple):
    """How a column looks in a workbook: its least width in characters, and how its figures and days are shown."""

    width: int
    pattern: str = ""


TEXT, NAME, LONG = Look(16), Look(32), Look(48)
FIGURE, MONEY, PLACE = Look(10), Look(16, "#,##0.00"), Look(12, "0.000000")
DAY, MOMENT = Look(12, "yyyy-mm-dd"), Look(17, "yyyy-mm-dd hh:mm")
GROUND = "#E9EDF2"  # behind the heads
SHEET_ROWS = 1_048_575  # below the head
FIRST_YEAR = 1900  # of a spreadsheet's days

_RUN = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_FIGURE = re.compile(r"[+-]?\d+(\.\d+)?")
_AS_THEY_ARE = frozenset({type(None), bool, float, Decimal})
_OS_ERROR = re.compile(r"(?:os error|code:) (\d+)")


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


def write_xlsx(
    out: BinaryIO, headers: Sequence[str], rows: Iterable[Sequence[Cell]], looks: Sequence[Look] = ()
) -> None:
    """Write a workbook of one sheet, row by row: figures and days as such, texts as texts whatever they begin with.

    `rows` are at most 1,048,575 (else ValueError), each as long as `headers`; `looks` say how the columns look. Days
    with a time are naive, in the reader's zone. A disk that is full is an OSError that says so.
    """
    from rustpy_xlsxwriter import Format, write_worksheet

    heads = [_Head(_fitting(header)) for header in headers]
    looks = looks or [TEXT] * len(heads)
    columns = list(zip(heads, looks, strict=True))
    patterns: dict[str, Format] = {
        head: Format().set_num_format(look.pattern) for head, look in columns if look.pattern
    }
    with tempfile.TemporaryDirectory(prefix="tracker-export-") as folder:
        path = Path(folder) / "list.xlsx"  # by its path it is written piece by piece, into a file at hand all at once
        with _told_as_errors():
            write_worksheet(
                _records(heads, rows),
                path,
                freeze_row=1,
                header_format=Format().set_bold().set_background_color(GROUND),
                column_formats=patterns,
                column_widths=[max(look.width, _room(head)) for head, look in columns],
                datetime_format=MOMENT.pattern,
            )
        with path.open("rb") as written:
            shutil.copyfileobj(written, out, 1 << 20)


class _Head(str):
    """A column's head as a key of its own, so that two columns of one name stay two."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def _records(heads: Sequence[_Head], rows: Iterable[Sequence[Cell]]) -> Iterator[dict[_Head, Cell]]:
    number = 0
    for number, row in enumerate(rows, start=1):
        if number > SHEET_ROWS:
            raise ValueError("A workbook holds no more rows.")
        cells = [cell if type(cell) in _AS_THEY_ARE else _held(cell) for cell in row]
        yield dict(zip(heads, cells, strict=True))
    if not number:
        yield dict.fromkeys(heads)  # the heads come with the first row


def _held(cell: Cell) -> Cell:
    """A value as a sheet can hold it."""
    if isinstance(cell, str):
        return _fitting(cell)
    if isinstance(cell, date):
        return cell if cell.year >= FIRST_YEAR else _plain(cell)
    if isinstance(cell, int) and abs(cell) >= 10**15:
        return str(cell)  # a spreadsheet's figures have 15 digits
    return cell


def _fitting(text: str) -> str:
    """A text as a cell can hold it: the end of a longer one is marked as cut, half a surrogate pair as unknown."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def _room(head: str) -> int:
    """The width that a column's head takes; a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in head) + 2


@contextmanager
def _told_as_errors() -> Iterator[None]:
    """What the writer says about a disk, as the error Python has for it: its own have no number, or are no errors."""
    try:
        yield
    except BaseException as error:
        panic = type(error).__name__ == "PanicException"  # the writer's last word, not an Exception
        number = _OS_ERROR.search(str(error)) if panic or isinstance(error, OSError) else None
        if number:
            raise OSError(int(number[1]), os.strerror(int(number[1]))) from error
        if panic:
            raise RuntimeError(str(error)) from error
        raise


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
