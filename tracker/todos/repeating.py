"""On which day something that repeats comes next. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

DAILY, WEEKLY, FORTNIGHTLY, MONTHLY, YEARLY = "daily", "weekly", "twoweeks", "monthly", "yearly"
RULES = (DAILY, WEEKLY, FORTNIGHTLY, MONTHLY, YEARLY)
_DAYS = {DAILY: 1, WEEKLY: 7, FORTNIGHTLY: 14}


def following(rule: str, day: date, after: date, month_day: int | None = None) -> date:
    """The first day of the rule after both `day`, the one before, and `after`.

    What was skipped meanwhile is not made up for. `month_day` is the day of the month that was meant: the 31st comes
    on the last day of shorter months and again on the 31st after. ValueError for a rule nobody knows.
    """
    if rule in _DAYS:
        step = _DAYS[rule]
        times = max(1, (after - day).days // step + 1)
        return day + timedelta(days=step * times)
    if rule not in (MONTHLY, YEARLY):
        raise ValueError(f"{rule!r} is no rule")
    months, number = (1 if rule == MONTHLY else 12), 1
    while (found := _months_on(day, months * number, month_day or day.day)) <= max(day, after):
        number += 1
    return found


def _months_on(day: date, months: int, month_day: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(month_day, monthrange(year, month + 1)[1]))
