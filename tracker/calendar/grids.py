"""What a calendar page shows, laid out: by day for a list, by week and day for a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tracker.absences.models import Absence
from tracker.calendar.queries import Dated, Planned
from tracker.calendar.spans import Span
from workflows.calendar import Holidays

NOON = "12:00"


@dataclass(frozen=True, slots=True)
class Day:
    """A day with all that falls on it. `off`: a weekend or public holiday; `holiday`: that it is one, by its name."""

    on: date
    holiday: Any
    off: bool
    plans: Sequence[Planned]
    dated: Sequence[Dated]
    away: Sequence[Absence]

    @property
    def nothing(self) -> bool:
        """Whether nothing stands on it."""
        return not (self.plans or self.dated or self.away)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a week's table: its key (a person's number, or a part of the day), what it is called, and its cells."""

    key: str
    name: str
    cells: Sequence[Day]


@dataclass(frozen=True, slots=True)
class Content:
    """All that falls into a span, as it was read."""

    plans: Sequence[Planned] = field(default_factory=list)
    dated: Sequence[Dated] = field(default_factory=list)
    away: Sequence[Absence] = field(default_factory=list)


def days_of(span: Span, content: Content, names: Mapping[date, Any], holidays: Holidays) -> list[Day]:
    """Each day of the span. `names`: what public holidays are called."""
    return [_day(on, content, names, holidays) for on in span.days]


def _day(on: date, content: Content, names: Mapping[date, Any], holidays: Holidays) -> Day:
    from workflows.calendar import is_working

    return Day(
        on,
        names.get(on),
        not is_working(on, holidays),
        [one for one in content.plans if one.on == on],
        [one for one in content.dated if one.on == on],
        [one for one in content.away if one.starts_on <= on <= one.ends_on],
    )


def rows_of(days: Sequence[Day], parts: Mapping[str, Any]) -> list[Row]:
    """A week by people where several are in it, else by the parts of the day (`parts`: what these are called)."""
    people = _people(days)
    if len(people) > 1:
        return [Row(str(key), name, [_of_person(day, key) for day in days]) for key, name in people.items()]
    return [Row(part, name, [_of_part(day, part) for day in days]) for part, name in parts.items()]


def _people(days: Iterable[Day]) -> dict[int, str]:
    found: dict[int, str] = {}
    for day in days:
        for one in day.plans:
            if one.record.author is not None:
                found[one.record.author.id] = one.record.author.name
            found.update({person.id: person.name for person in one.people})
        found.update({one.person_id: one.person or "" for one in day.dated if one.person_id})
        found.update({one.user_id: one.user.name for one in day.away})
    return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))


def _of_person(day: Day, key: int) -> Day:
    plans = [one for one in day.plans if one.record.author_id == key or any(p.id == key for p in one.people)]
    dated = [one for one in day.dated if one.person_id == key]
    return Day(day.on, day.holiday, day.off, plans, dated, [one for one in day.away if one.user_id == key])


def _of_part(day: Day, part: str) -> Day:
    if part == "all_day":
        plans = [one for one in day.plans if not one.at]
        return Day(day.on, day.holiday, day.off, plans, day.dated, day.away)
    early = part == "morning"
    return Day(day.on, day.holiday, day.off, [p for p in day.plans if p.at and (p.at < NOON) == early], (), ())


def in_seven_days(today: date) -> Span:
    """The week after the one of this day, which one plans ahead."""
    return Span("week", today + timedelta(days=7))
