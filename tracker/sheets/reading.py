"""Reading a table from CSV, XLSX or XLS without trusting it. Pure: bytes in, texts out."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from tracker.sheets.faults import MOST_CHARACTERS, Fault, SheetRefused
from tracker.sheets.grids import LOOK, SURPLUS, Known, SheetRows, Skipped, Table, clean, score, table_in
from tracker.sheets.old_workbooks import OldWorkbook
from tracker.sheets.workbooks import Workbook

__all__ = ["ENCODINGS", "Fault", "Reading", "Sheet", "SheetRefused", "SheetRows", "is_surplus", "read_sheet"]

MOST_BYTES = 60 * 1024 * 1024
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
ENCODINGS = {"big5": "Big5", "cp1252": "Latin-1 (Windows-1252)"}
"""Encodings that nobody can tell from the bytes: read only where somebody says so."""
NO_TABLES = (b"%PDF-", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"GIF8", b"\x1f\x8b", b"<?xml", b"<!DOC")

csv.field_size_limit(MOST_CHARACTERS * 4)


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody said of a file: its sheet, the row number of its header (0: none), its encoding."""

    sheet: str | None = None
    header: int | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as read: headers are never empty and never repeat; every row is as long as they are.

    `names` are the sheets that hold anything, `name` is the one that was read, `alike` those that look as well.
    """

    headers: list[str]
    rows: SheetRows
    encoding: str
    header_rows: tuple[int, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    headless: bool = False
    names: tuple[str, ...] = ()
    name: str = ""
    alike: tuple[str, ...] = ()

    def samples(self, count: int = 20) -> list[list[str]]:
        """The first rows' cells."""
        return [cells for _number, cells in self.rows[:count]]


def read_sheet(data: bytes, said: Reading | None = None, known: Known | None = None) -> Sheet:
    """Read the table of a CSV, XLSX or XLS file; raises SheetRefused. `known` tells names of fields among headers."""
    said, known = said or Reading(), known or _nothing
    if len(data) > MOST_BYTES:
        raise SheetRefused(Fault.TOO_BIG)
    if not data.strip(b"\x00 \t\r\n"):
        raise SheetRefused(Fault.EMPTY)
    if data.startswith(b"PK\x03\x04"):
        return _of_workbook(Workbook(data), "xlsx", said, known)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise SheetRefused(Fault.PASSWORD)
        return _of_workbook(OldWorkbook(data), "xls", said, known)
    if data.startswith((b"PK", *NO_TABLES)):
        raise SheetRefused(Fault.NOT_A_TABLE)
    text, encoding = _decoded(data, said.encoding)
    return _sheet(table_in(_csv_rows(text), known, header=said.header, from_workbook=False), encoding)


def is_surplus(header: str) -> bool:
    """Whether this header stands above cells for which the file had none: their rows are probably askew."""
    return header.startswith(SURPLUS)


def _nothing(_header: str) -> None:
    return None


def _sheet(table: Table, encoding: str, **more: object) -> Sheet:
    return Sheet(
        headers=table.headers,
        rows=table.rows,
        encoding=encoding,
        header_rows=table.header_rows,
        skipped=table.skipped,
        headless=table.headless,
        **more,  # type: ignore[arg-type]
    )


def _of_workbook(book: Workbook | OldWorkbook, kind: str, said: Reading, known: Known) -> Sheet:
    """The sheet that was named, else the one whose header holds the most known names, the first of equals."""
    heads: dict[str, int] = {}
    for name in book.names:
        first = [[clean(cell) for cell in row] for row in islice(book.rows(name), LOOK * 2)]
        filled = [row for row in first if any(row)][:LOOK]
        if filled:
            heads[name] = score(filled, known)
    if not heads:
        raise SheetRefused(Fault.EMPTY)
    if said.sheet is not None and said.sheet not in heads:
        raise SheetRefused(Fault.NO_SHEET)
    best = max(heads.values())
    alike = tuple(name for name, points in heads.items() if points == best)
    chosen = said.sheet if said.sheet is not None else alike[0]
    table = table_in(book.rows(chosen), known, header=said.header, from_workbook=True)
    return _sheet(table, kind, names=tuple(heads), name=chosen, alike=alike)


def _decoded(data: bytes, said: str | None) -> tuple[str, str]:
    """BOM first, then strict UTF-8, then UTF-16 by its zeros, then GB18030; the preview shows what came of it."""
    if said in ENCODINGS:
        return _strictly(data, said), said
    for mark, name in MARKS.items():
        if data.startswith(mark):
            return _strictly(data, name), name
    for name in ("utf-8", *_wide(data), "gb18030"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and (name != "gb18030" or _is_chinese(text)):
            return text, name
    raise SheetRefused(Fault.ENCODING)


def _strictly(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        raise SheetRefused(Fault.ENCODING) from None


def _wide(data: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark: every other byte of the signs between cells is zero."""
    head = data[:4000]
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if len(head) >= 4 and max(odd, even) > len(head) * 0.1 and min(odd, even) == 0:
        return ("utf-16-le",) if odd else ("utf-16-be",)
    return ()


def _is_chinese(text: str) -> bool:
    """Whether what GB18030 makes of the bytes are characters that people write, most of them those of GB2312."""
    wide = [letter for letter in text[:100_000] if letter > "\x7f"]
    usual = sum(1 for letter in wide if _is_usual(letter))
    return usual >= len(wide) * 0.8


def _is_usual(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


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
    """Comma, semicolon, tab or bar: the one that cuts the first rows into the same number of cells, and the most."""

    def regularity(mark: str) -> tuple[int, int]:
        head = csv.reader(_lines(text[:50_000]), delimiter=mark)
        try:
            widths = [len(row) for row in islice(head, LOOK)]
        except csv.Error:
            return 0, 0
        widths = [width for width in widths if width > 1]
        usual = max(widths, key=widths.count, default=0)
        return widths.count(usual), usual

    return max((",", ";", "\t", "|"), key=regularity)
