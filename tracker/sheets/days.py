"""Days as people write them in both languages. Which of `3/5/2024` is the month is asked of the file, not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from tracker.sheets.cells import Unclear, folded_cell


class Order(StrEnum):
    """Which number of `3/5/2024` comes first."""

    MONTH_FIRST = "mdy"
    DAY_FIRST = "dmy"


class Doubt(StrEnum):
    """Why the order of a column is not known."""

    EITHER = "either"
    BOTH = "both"


_ISO = re.compile(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_SLASHED = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?:[\s,t].*)?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_LATER, _ORDINAL = r"(?:[\s,t].*)?", r"(?:st|nd|rd|th)?"
_DAY_NAMED = re.compile(rf"(?:[a-z]{{3,9}},?\s+)?(\d{{1,2}}){_ORDINAL}[\s-]+([a-z]{{3,9}})\.?,?[\s-]+(\d{{4}}){_LATER}")
_MONTH_NAMED = re.compile(rf"(?:[a-z]{{3,9}},\s+)?([a-z]{{3,9}})\.?\s+(\d{{1,2}}){_ORDINAL},?\s+(\d{{4}}){_LATER}")
_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip
MONTHS = {name[:3]: number for number, name in enumerate(_NAMES, start=1)}
MONTHS |= {name: number for number, name in enumerate(_NAMES, start=1)} | {"sept": 9}


def day_of(text: str, order: Order = Order.MONTH_FIRST) -> date:
    """A day: ISO or Chinese (the last of a longer text), `5 Mar 2024`, `3/16/2026`, `20260316`, Excel's serial number.

    Raises Unclear where none is written, ValueError where it is in no calendar.
    """
    plain = folded_cell(text)
    if found := _ISO.findall(plain):
        return date(*(int(part) for part in found[-1]))
    if slashed := _SLASHED.fullmatch(plain):
        first, second, year = (int(part) for part in slashed.groups())
        return date(year, second, first) if order is Order.DAY_FIRST else date(year, first, second)
    if compact := _COMPACT.fullmatch(plain):
        return date(*(int(part) for part in compact.groups()))
    if (serial := _SERIAL.fullmatch(plain)) and 32_000 < int(serial.group(1)) < 80_000:
        return date(1899, 12, 30) + timedelta(days=int(serial.group(1)))
    return _with_month_named(plain)


_MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?")


def month_of_cell(text: str, order: Order = Order.MONTH_FIRST) -> date:
    """A month's first day: `2026-02`, `2026年2月`, `202602`, or any day in it; raises as `day_of`."""
    if found := _MONTH.fullmatch(folded_cell(text)):
        return date(int(found.group(1)), int(found.group(2)), 1)
    return day_of(text, order).replace(day=1)


def _with_month_named(plain: str) -> date:
    if (found := _DAY_NAMED.fullmatch(plain)) and found.group(2) in MONTHS:
        return date(int(found.group(3)), MONTHS[found.group(2)], int(found.group(1)))
    if (found := _MONTH_NAMED.fullmatch(plain)) and found.group(1) in MONTHS:
        return date(int(found.group(3)), MONTHS[found.group(1)], int(found.group(2)))
    raise Unclear


def is_day(text: str) -> bool:
    """Whether a cell holds a day at all, be it in no calendar."""
    try:
        day_of(text)
    except Unclear:
        return False
    except ValueError:
        return True
    return True


def order_of(values: Iterable[str]) -> Order | Doubt | None:
    """What the cells of a column say about the order of `3/5/2024`; None where none is written so."""
    slashed = day_first = month_first = False
    for value in values:
        found = _SLASHED.fullmatch(value.strip())
        if found is None:
            continue
        first, second = int(found.group(1)), int(found.group(2))
        if first == second:
            continue
        slashed = True
        day_first = day_first or first > 12 >= second
        month_first = month_first or second > 12 >= first
    if day_first and month_first:
        return Doubt.BOTH
    if day_first:
        return Order.DAY_FIRST
    if month_first:
        return Order.MONTH_FIRST
    return Doubt.EITHER if slashed else None
