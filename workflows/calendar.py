"""Counting days: a limit of n days is kept through day n and fires at the start of day n + 1.

All days are whole days in the user's zone; the caller says which day it is.
"""

from __future__ import annotations

from datetime import date, timedelta


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
