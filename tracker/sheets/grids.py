"""From rows of cells to a table: where its header stands, and what above and below does not belong to it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, overload

from tracker.i18n import _l
from tracker.sheets.cells import is_measure
from tracker.sheets.days import is_day
from tracker.sheets.faults import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, Fault, SheetRefused
from tracker.sheets.fields import LINK

LOOK = 30  # rows that decide about the header
SURPLUS = "Surplus cell"
NO_HEADER = 0  # said instead of a row's number where the table has no header

Row = tuple[int, list[str]]
Known = Callable[[str], str | None]
"""Which field a header goes by, if any."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is not of the table, and why."""

    number: int
    why: Any


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
class Table:
    """A table found among rows: its headers, its rows, and what was passed over."""

    headers: list[str]
    rows: SheetRows
    header_rows: tuple[int, ...]
    skipped: tuple[Skipped, ...]
    headless: bool


def table_in(found: Iterator[list[str]], known: Known, *, header: int | None, from_workbook: bool) -> Table:
    """The table in these rows; `header` is the row number of its (last) header row where somebody said it."""
    numbered = (
        (number, cells) for number, row in enumerate(found, start=1) if any(cells := [clean(cell) for cell in row])
    )
    first = list(islice(numbered, LOOK))
    if not first:
        raise SheetRefused(Fault.EMPTY)
    rows = [cells for _number, cells in first]
    start, end = _said(first, header) if header is not None else header_block(rows, known)
    headless = end < start
    head = [] if headless else _joined(rows[start : end + 1])
    if len(_stripped(head)) > MOST_COLUMNS:
        raise SheetRefused(Fault.NOT_A_TABLE)
    body = _Body(first[end][1] if not headless else [])
    for number, cells in chain(first[end + 1 :] if not headless else first, numbered):
        body.add(number, cells)
    skipped = [] if headless else [Skipped(number, TITLE) for number, _cells in first[:start]]
    width_known = from_workbook or headless
    headers = _headers(head, body.widest, at_least=0 if headless else len(rows[end]), widens=width_known)
    return Table(
        headers=headers,
        rows=SheetRows(body.numbers, body.packed, len(headers)),
        header_rows=() if headless else tuple(number for number, _cells in first[start : end + 1]),
        skipped=(*skipped, *body.skipped),
        headless=headless,
    )


TITLE, TOTAL = _l("above the table"), _l("a total")
REPEATED, REMARK = _l("the header again"), _l("a remark below the table")
_TOTAL = re.compile(r"((grand |sub)?-?totals?|sum|合\s*计|总\s*计|小\s*计|本页小计|累\s*计)\s*:?")
_REMARKED = re.compile(r"(注|备注|说明|制表|填表|审核|数据来源|note|notes|source|prepared by|\*)\s*[:：\d]?.*")


class _Body:
    """The rows below a header, as they are taken or passed over."""

    def __init__(self, head: Sequence[str]) -> None:
        self.head = _stripped(head)
        self.numbers: list[int] = []
        self.packed: list[str] = []
        self.skipped: list[Skipped] = []
        self.widest = 0

    def add(self, number: int, cells: Sequence[str]) -> None:
        """Take a row, or know why not; raises SheetRefused where there are too many."""
        if len(self.numbers) >= MOST_ROWS:
            raise SheetRefused(Fault.TOO_MANY_ROWS)
        cells = _stripped(cells)
        if why := self._no_row(cells):
            self.skipped.append(Skipped(number, why))
            return
        if len(cells) > MOST_COLUMNS:
            raise SheetRefused(Fault.NOT_A_TABLE)
        self.widest = max(self.widest, len(cells))
        self.numbers.append(number)
        self.packed.append("\x1f".join(cells))

    def _no_row(self, cells: Sequence[str]) -> Any:
        if len(self.head) > 1 and cells == self.head:
            return REPEATED
        first = next(cell for cell in cells if cell)
        if len(first) > 60 and len(self.head) < 3:
            return None
        plain = unicodedata.normalize("NFKC", first).casefold().strip()
        if len(self.head) > 1 and _TOTAL.fullmatch(plain):
            return TOTAL
        if len(self.head) > 2 and sum(1 for cell in cells if cell) == 1 and _REMARKED.fullmatch(plain):
            return REMARK
        return None


def _said(first: Sequence[Row], header: int) -> tuple[int, int]:
    """The header block as somebody said: its last row's number, or none."""
    if header == NO_HEADER:
        return 0, -1
    for place, (number, _cells) in enumerate(first):
        if number == header:
            rows = [cells for _number, cells in first]
            return _upward(rows, place), place
    raise SheetRefused(Fault.NO_HEADER)


def header_block(rows: Sequence[Sequence[str]], known: Known) -> tuple[int, int]:
    """First and last place of the header among the first rows; (0, -1) where the table has none.

    The row with the most names that are known heads the table; else the first that fills several cells, since titles
    and remarks above fill one. Rows that belong to it stand above (groups) and below (units, the lower level).
    """
    hits = [_hits(row, known) for row in rows[:20]]
    best = max(hits)
    start = hits.index(best) if best > 1 else _first_wide(rows)
    if best == 1 and not hits[start]:
        start = hits.index(1)
    if not best and _is_data(rows, start):
        return 0, -1
    end = start
    while end + 1 < len(rows) and end - start < 2 and _goes_on(rows[start : end + 1], rows[end + 1]):
        end += 1
    return _upward(rows, start), end


def score(rows: Sequence[Sequence[str]], known: Known) -> int:
    """How much a sheet looks like the wanted table: the most names that one of its first rows holds."""
    return max((_hits(row, known) for row in rows[:20]), default=0)


def _hits(row: Sequence[str], known: Known) -> int:
    """How many fields a row names, less the figures and days in it: a header holds none."""
    named = {field for cell in row if (field := known(cell))}
    return max(0, len(named) - sum(1 for cell in row if cell and (is_measure(cell) or is_day(cell)))) if named else 0


def _first_wide(rows: Sequence[Sequence[str]]) -> int:
    filled = [sum(1 for cell in row if cell) for row in rows]
    if filled[0] > 1:
        return 0
    wide = [place for place, count in enumerate(filled) if count > 1]
    return wide[0] if wide and len(wide) * 2 > len(rows) - wide[0] else 0


def _is_data(rows: Sequence[Sequence[str]], start: int) -> bool:
    """Whether the row that should head the table is like those below it: measures stand above measures."""
    below = rows[start + 1 :]
    for place, cell in enumerate(rows[start]):
        values = [row[place] for row in below if place < len(row) and row[place]]
        if cell and is_measure(cell) and len(values) > 2 and sum(map(is_measure, values)) / len(values) > 0.6:
            return True
    return False


def _goes_on(head: Sequence[Sequence[str]], row: Sequence[str]) -> bool:
    """Whether a row is the header's lower level: it fills its gaps, and elsewhere holds units or nothing."""
    upper = _joined(head)
    width = max(len(upper), len(row))
    above = [*upper, *[""] * (width - len(upper))]
    under = [*row, *[""] * (width - len(row))]
    fills, gap_seen = False, False
    for place, (over, cell) in enumerate(zip(above, under, strict=True)):
        gap_seen = gap_seen or not over
        if not cell:
            continue
        if is_measure(cell) or is_day(cell):
            return False
        spans = place + 1 < width and not above[place + 1]
        if over and not spans and not _IS_UNIT.fullmatch(cell):
            return False
        fills = fills or not over or bool(_IS_UNIT.fullmatch(cell))
    return fills and (gap_seen or all(not cell or _IS_UNIT.fullmatch(cell) for cell in under))


_IS_UNIT = re.compile(r"[(（\[].{1,20}[)）\]]")


def _upward(rows: Sequence[Sequence[str]], start: int) -> int:
    """The place of the group row above a header row, else the header row's own."""
    if start == 0:
        return start
    lower, upper = rows[start], rows[start - 1]
    if sum(1 for cell in upper if cell) < 2 or any(is_measure(cell) or is_day(cell) for cell in upper if cell):
        return start
    gaps = [place for place, cell in enumerate(upper) if cell and (place >= len(lower) or not lower[place])]
    told = [cell for cell in lower if cell]
    repeats = len(set(told)) < len(told)
    return start - 1 if gaps or (repeats and "" in upper) else start


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows of a header as one; a group's name goes on over the cells it spans."""
    if len(rows) == 1:
        return list(rows[0])
    width = max(len(row) for row in rows)
    levels = [[*row, *[""] * (width - len(row))] for row in rows]
    for above, below in zip(levels, levels[1:], strict=False):
        for place in range(1, width):
            if not above[place] and below[place] and below[place - 1] and above[place - 1]:
                above[place] = above[place - 1]
    return [LINK.join(dict.fromkeys(level[place] for level in levels if level[place])) for place in range(width)]


def clean(cell: str) -> str:
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


def _headers(cells: Sequence[str], widest: int, *, at_least: int, widens: bool) -> list[str]:
    """Headers made distinct: an empty one is named by its place, a repeated one gets a number.

    In a CSV file a row with more cells than its header has most likely a comma too many; those cells get columns of
    their own (see `reading.is_surplus`), so that nothing is lost and nothing moves.
    """
    named = _stripped(cells)
    width = max(len(named), widest if widens else min(widest, at_least))
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
