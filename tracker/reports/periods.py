"""The periods that reports are about: days, weeks from Monday on, months; and when a report goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tracker import clock
from tracker.errors import NotFound

DAY, WEEK, MONTH = KINDS = ("day", "week", "month")
GOES_OUT = 8  # o'clock, on the day after the period; until then its person may add remarks


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a week or a month by its first day."""

    kind: str
    starts_on: date

    @property
    def ends_on(self) -> date:
        """Its last day."""
        if self.kind == DAY:
            return self.starts_on
        if self.kind == WEEK:
            return self.starts_on + timedelta(days=6)
        return (self.starts_on + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def next(self) -> Period:
        """The one after it."""
        return Period(self.kind, self.ends_on + timedelta(days=1))

    @property
    def previous(self) -> Period:
        """The one before it."""
        return period_of(self.kind, self.starts_on - timedelta(days=1))

    @property
    def goes_out_at(self) -> datetime:
        """When its reports are made and kept."""
        return self.moment(1, GOES_OUT)

    def moment(self, day: int, hour: int) -> datetime:
        """An hour of a day after it; 1 is the day after its last."""
        return datetime.combine(self.ends_on + timedelta(days=day), time(hour), clock.zone())

    def days(self) -> Iterator[date]:
        """Its days."""
        for number in range((self.ends_on - self.starts_on).days + 1):
            yield self.starts_on + timedelta(days=number)


def period_of(kind: str, day: date) -> Period:
    """The period of a kind in which a day lies; NotFound for a kind that there is not."""
    if kind == DAY:
        return Period(DAY, day)
    if kind == WEEK:
        return Period(WEEK, day - timedelta(days=day.weekday()))
    if kind == MONTH:
        return Period(MONTH, day.replace(day=1))
    raise NotFound


def last_gone_out(kind: str, now: datetime) -> Period:
    """The last period of a kind whose reports are to be made by now."""
    period = period_of(kind, now.astimezone(clock.zone()).date()).previous
    return period if period.goes_out_at <= now else period.previous
