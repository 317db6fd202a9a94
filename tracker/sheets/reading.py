"""Reading a table from CSV or XLSX without trusting it. Pure: bytes in, texts out."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import overload

from tracker.sheets.faults import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, Fault, SheetRefused
from tracker.sheets.workbooks import rows_of_workbook

__all__ = ["Fault", "Sheet", "SheetRefused", "SheetRows", "is_surplus", "read_sheet"]

MOST_BYTES = 60 * 1024 * 1024
LOOK = 30  # rows that decide about delimiter and header
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SURPLUS = "Surplus cell"
NO_TABLES = (b"PK", b"%PDF-", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"GIF8", b"\x1f\x8b", b"<?xml", b"<!DOC")

Row = tuple[int, list[str]]

csv.field_size_limit(MOST_CHARACTERS * 4)


class SheetRows(Sequence[Row]):
    """Rows as (row number in the file, cells), every one as long as the headers; kept closed up, given out as lists."""

    def __init__(self, numbers: list[int], packed: list[str], width: int) -> None:
        self._numbers, self._packed, self._width = numbers, packed, width

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        cells = self._packed[place].split("\x1f")
        return self._numbers[place], cells + [""] * (self._width - len(cells))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: distinct `headers`, the `rows` below them without the empty ones, and how its text was encoded."""

    headers: list[str]
    rows: SheetRows
    encoding: str

    def samples(self, count: int = 20) -> list[list[str]]:
        """The first rows' cells."""
        return [cells for _number, cells in self.rows[:count]]


def read_sheet(data: bytes) -> Sheet:
    """Read the first table of a CSV or XLSX file; raises SheetRefused."""
    if len(data) > MOST_BYTES:
        raise SheetRefused(Fault.TOO_BIG)
    if not data.strip(b"\x00 \t\r\n"):
        raise SheetRefused(Fault.EMPTY)
    if data.startswith(b"PK\x03\x04"):
        return _table(rows_of_workbook(data), "xlsx")
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise SheetRefused(Fault.PASSWORD if locked else Fault.OLD_XLS)
    if data.startswith(NO_TABLES):
        raise SheetRefused(Fault.NOT_A_TABLE)
    text, encoding = _decoded(data)
    return _table(_csv_rows(text), encoding)


def is_surplus(header: str) -> bool:
    """Whether this header stands above cells for which the file had none: their rows are probably askew."""
    return header.startswith(SURPLUS)


def _decoded(data: bytes) -> tuple[str, str]:
    """BOM first, then strict UTF-8, then GB18030; the preview shows what came of it."""
    for mark, name in MARKS.items():
        if data.startswith(mark):
            try:
                return data.decode(name), name
            except UnicodeDecodeError:
                raise SheetRefused(Fault.ENCODING) from None
    for name in ("utf-8", "gb18030"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, name
    raise SheetRefused(Fault.ENCODING)


_SEP = re.compile(r'"?sep=([,;|\t])"?\r?\n')  # what Excel itself writes and heeds in a first line
_END = "\x00end"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def _csv_rows(text: str) -> Iterator[list[str]]:
    """Records; one that a quotation mark never closed would swallow the rest, so the end is marked and looked for."""
    told = _SEP.match(text)
    if told:
        yield []
        text = text[told.end() :]
    delimiter = told.group(1) if told else _delimiter(text)
    try:
        for row in csv.reader(chain(_lines(text), [_END]), delimiter=delimiter):
            if row == [_END]:
                return
            yield row
    except csv.Error:
        raise SheetRefused(Fault.DAMAGED) from None
    raise SheetRefused(Fault.DAMAGED)


def _lines(text: str) -> Iterator[str]:
    """Lines with their ends; StringIO would keep a copy of four bytes a letter."""
    return (found.group() for found in _LINE.finditer(text))


def _delimiter(text: str) -> str:
    """Comma, semicolon or tab: the one that cuts the first rows into the same number of cells, and into the most."""

    def regularity(mark: str) -> tuple[int, int]:
        head = csv.reader(_lines(text[:50_000]), delimiter=mark)
        try:
            widths = [len(row) for row in islice(head, LOOK)]
        except csv.Error:
            return 0, 0
        widths = [width for width in widths if width > 1]
        usual = max(widths, key=widths.count, default=0)
        return widths.count(usual), usual

    return max((",", ";", "\t"), key=regularity)


def _table(found: Iterator[list[str]], encoding: str) -> Sheet:
    """The header, and below it every row with anything in it."""
    numbered = (
        (number, cells) for number, row in enumerate(found, start=1) if any(cells := [_clean(cell) for cell in row])
    )
    first = list(islice(numbered, LOOK))
    if not first:
        raise SheetRefused(Fault.EMPTY)
    start = _header_at([cells for _number, cells in first])
    head = first[start][1]
    if len(_stripped(head)) > MOST_COLUMNS:
        raise SheetRefused(Fault.NOT_A_TABLE)
    numbers: list[int] = []
    packed: list[str] = []
    widest = 0
    for number, cells in chain(first[start + 1 :], numbered):
        if len(numbers) >= MOST_ROWS:
            raise SheetRefused(Fault.TOO_MANY_ROWS)
        cells = _stripped(cells)
        widest = max(widest, len(cells))
        numbers.append(number)
        packed.append("\x1f".join(cells))
    if widest > MOST_COLUMNS:
        raise SheetRefused(Fault.NOT_A_TABLE)
    headers = _headers(head, widest, from_workbook=encoding == "xlsx")
    return Sheet(headers, SheetRows(numbers, packed, len(headers)), encoding)


def _header_at(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows heads the table: titles and remarks above it fill one cell, the table fills several."""
    filled = [sum(1 for cell in row if cell) for row in rows]
    if filled[0] > 1:
        return 0
    wide = [place for place, count in enumerate(filled) if count > 1]
    return wide[0] if wide and len(wide) * 2 > len(rows) - wide[0] else 0


def _clean(cell: str) -> str:
    """A cell without what nobody sees; raises SheetRefused for one that no spreadsheet could hold."""
    cell = cell.replace("\x00", "").replace("\x1f", " ").strip("\ufeff\u200b\u3000\xa0 \t\r\n")
    if len(cell) > MOST_CHARACTERS:
        raise SheetRefused(Fault.DAMAGED)
    return cell


def _stripped(cells: Iterable[str]) -> list[str]:
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _headers(cells: Sequence[str], widest: int, *, from_workbook: bool) -> list[str]:
    """Headers made distinct: an empty one is named by its place, a repeated one gets a number.

    In a CSV file a row with more cells than its header has most likely a comma too many; those cells get columns of
    their own (see `is_surplus`), so that nothing is lost and nothing moves.
    """
    named = _stripped(cells)
    width = max(len(named), widest if from_workbook else min(widest, len(cells)))
    texts = [" ".join(cell.split())[:100] for cell in named] + [""] * (width - len(named))
    texts = [text or f"Column {place}" for place, text in enumerate(texts, start=1)]
    texts += [f"{SURPLUS} {place}" for place in range(1, widest - width + 1)]
    taken: set[str] = set()
    headers = []
    for text in texts:
        name, count = text, 1
        while name.casefold() in taken:
            count += 1
            name = f"{text} ({count})"
        taken.add(name.casefold())
        headers.append(name)
    return headers
