"""Counting days: a limit of n days is kept through day n and fires at the start of day n + 1.

All days are whole days in the user's zone; the caller says which day it is. Limits count calendar days unless they say
working days; those are counted with the public holidays of `workflows.holidays`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from workflows.text import Text


def days_between(start: date, end: date) -> int:
    """Whole days from `start` to `end`; negative when `end` is earlier."""
    return (end - start).days


def exceeds(start: date, limit: int, today: date) -> bool:
    """True from the day after the last day on which a limit of `limit` days is kept."""
    return (today - start).days > limit


def add_days(start: date, days: int) -> date:
    """The day so many days after `start` (before it when negative)."""
    return start + timedelta(days=days)


def days_en(number: int) -> str:
    """'1 day' or '3 days'."""
    return f"{number} day" if number == 1 else f"{number} days"


def first_day_past(start: date, limit: int) -> date:
    """The day on which a limit of `limit` days, kept through its last day, fires."""
    return start + timedelta(days=limit + 1)


@dataclass(frozen=True, slots=True)
class Holidays:
    """A country's public holidays: the days off beside weekends, the weekend days that are worked, the years known.

    `named`: what each day off is called. `published`: years whose arrangement the government has published;
    `estimated`: years by rule. In every other year only Saturdays and Sundays are off.
    """

    free: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    published: frozenset[int] = frozenset()
    estimated: frozenset[int] = frozenset()
    named: tuple[tuple[date, Text], ...] = ()

    def basis(self, year: int) -> str:
        """'published', 'estimate', or 'weekends' where nothing is known of the year."""
        if year in self.published:
            return "published"
        return "estimate" if year in self.estimated else "weekends"


WEEKENDS_ONLY = Holidays()
SATURDAY = 5  # as date.weekday() counts


def is_working(day: date, holidays: Holidays = WEEKENDS_ONLY) -> bool:
    """Whether people work that day: no weekend and no holiday, or a weekend day that is worked in exchange."""
    return day in holidays.worked or (day.weekday() < SATURDAY and day not in holidays.free)


def add_working_days(start: date, number: int, holidays: Holidays = WEEKENDS_ONLY) -> date:
    """The last of `number` working days after `start`: the day through which such a limit is kept.

    `start` itself does not count, whatever day it is. ValueError for a negative number.
    """
    if number < 0:
        raise ValueError(f"{number} working days cannot be added")
    day = start
    while number:
        day += timedelta(days=1)
        number -= is_working(day, holidays)
    return day


def working_days_between(start: date, end: date, holidays: Holidays = WEEKENDS_ONLY) -> int:
    """Working days after `start` up to and with `end`; negative when `end` is earlier."""
    first, last, sign = (start, end, 1) if start <= end else (end, start, -1)
    days = (last - first).days
    return sign * sum(is_working(first + timedelta(days=number), holidays) for number in range(1, days + 1))
