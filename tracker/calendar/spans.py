"""Days, weeks and months as a calendar shows them. Weeks begin on Monday."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

VIEWS = ("day", "week", "month")
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)  # days that a calendar turns to


@dataclass(frozen=True, slots=True)
class Span:
    """The days a calendar shows around the day `on`; a month is filled up to whole weeks."""

    view: str
    on: date

    @property
    def first(self) -> date:
        """The first day shown."""
        return self.on if self.view == "day" else _monday(self._begins)

    @property
    def last(self) -> date:
        """The last day shown."""
        if self.view == "month":
            return _monday(self.on.replace(day=monthrange(self.on.year, self.on.month)[1])) + timedelta(days=6)
        return self.first + timedelta(days=6 if self.view == "week" else 0)

    @property
    def days(self) -> Sequence[date]:
        """All days shown."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def weeks(self) -> Sequence[Sequence[date]]:
        """The days shown, by week."""
        days = self.days
        return [days[start : start + 7] for start in range(0, len(days), 7)]

    @property
    def before(self) -> date:
        """The day around which the span before lies."""
        return max(FIRST, self._begins - timedelta(days=1) if self.view == "month" else self.first - timedelta(days=1))

    @property
    def after(self) -> date:
        """The day around which the next span lies."""
        if self.view == "month":
            return min(LAST, (self._begins + timedelta(days=32)).replace(day=1))
        return min(LAST, self.last + timedelta(days=1))

    @property
    def _begins(self) -> date:
        return self.on.replace(day=1) if self.view == "month" else self.on

    def holds(self, day: date) -> bool:
        """Whether a day is of the span itself and not one that fills up its weeks."""
        return self.view != "month" or day.month == self.on.month


def span_of(view: str, on: str, today: date) -> Span:
    """The span that an address asks for: this week where it asks for none."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        day = today
    return Span(view if view in VIEWS else "week", min(max(day, FIRST), LAST))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
