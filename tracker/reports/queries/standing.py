"""How things stand at the end of a period: late, quiet, closing, expected, and who logged nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.absences.models import Absence
from tracker.forecasts.evidence import load_shares
from tracker.forecasts.models import Forecast
from tracker.forecasts.queries import OPEN
from tracker.notifications.models import WindowClock
from tracker.projects.models import Project
from tracker.reports.periods import Period
from tracker.reports.queries.happening import Whose
from tracker.reports.queries.items import Item, Names, both, day, money, people_of
from tracker.team.models import User
from workflows.calendar import is_working
from workflows.holidays import load_china
from workflows.windows import ACTIVITY_NAMES

AHEAD = timedelta(days=14)  # windows that close within these days are told
SILENT = 2  # working days without a record, before they are worth a sentence


class Standings:
    """Loads the sections of how things stand, on the last day of the period or today."""

    def __init__(self, session: Session, whose: Whose, period: Period, today: date) -> None:
        self.session, self.whose, self.period = session, whose, period
        self.on = min(period.ends_on, today)
        self.names = Names(session)

    def late_and_quiet(self) -> tuple[list[Item], list[Item]]:
        """Projects with tasks that are late, and those that have gone quiet."""
        query = (
            select(Project.id, Project.name, Project.owner_id, Project.next_due_on, Project.open_tasks,
                   Project.silent_after, Project.last_record_on)
            .where(Project.state == "active", self.whose.of(Project.owner_id))
            .where(or_(Project.next_due_on < self.on, Project.silent_after < self.on))
            .order_by(Project.next_due_on, Project.id)
        )  # fmt: skip
        late, quiet = [], []
        for row in self.session.execute(query):
            site, people = ("project", row.id), people_of(row.owner_id)
            if row.next_due_on is not None and row.next_due_on < self.on:
                args = {"site": row.name, "n": {"n": row.open_tasks}, "day": day(row.next_due_on)}
                late.append(Item("late", "late", args, site, row.next_due_on, people, site))
            if row.silent_after is not None and row.silent_after < self.on:
                said = {"site": row.name, "day": day(row.last_record_on) if row.last_record_on else {"n": 0}}
                quiet.append(Item("quiet", "quiet" if row.last_record_on else "never", said, site,
                                  row.last_record_on or row.silent_after, people, site))  # fmt: skip
        return late, quiet

    def windows(self) -> list[Item]:
        """Windows that close in the next two weeks."""
        query = (
            select(WindowClock.category, WindowClock.activity, WindowClock.closes_on, Project.id, Project.name,
                   Project.owner_id)
            .join(Project, Project.id == WindowClock.project_id)
            .where(WindowClock.closes_on.between(self.on, self.on + AHEAD), self.whose.of(WindowClock.owner_id))
            .order_by(WindowClock.closes_on, Project.id)
        )  # fmt: skip
        return [
            Item("windows", "window", {"site": name, "category": self.names.category(category),
                 "activity": both(ACTIVITY_NAMES[activity]), "day": day(on)}, ("project", project_id), on,
                 people_of(owner_id), ("project", project_id))
            for category, activity, on, project_id, name, owner_id in self.session.execute(query)
        ]  # fmt: skip

    def forecast(self) -> list[Item]:
        """What is expected of open projects, beside what the records of their cells support."""
        query = (
            select(Forecast.value, Forecast.currency, Forecast.expected_on, Forecast.sure, Project.id, Project.name,
                   Project.owner_id, Project.definition_key, Project.phase, Project.step)
            .join(Project, Project.id == Forecast.project_id)
            .where(Forecast.latest, Project.state.in_(OPEN), self.whose.of(Project.owner_id))
            .order_by(Forecast.expected_on, Project.id)
        )  # fmt: skip
        rows = self.session.execute(query).all()
        shares = load_shares(self.session) if rows else None
        found = []
        for row in rows:
            assert shares is not None
            share = shares.of(row.definition_key, row.phase, row.step)
            args: dict[str, Any] = {"site": row.name, "value": money(row.value, row.currency),
                                    "day": day(row.expected_on), "sure": {"n": row.sure}}  # fmt: skip
            supported = share.supports(row.value)
            if supported is not None:
                args |= {"supported": money(supported, row.currency), "share": {"n": share.percent or 0},
                         "of": {"n": share.of}}  # fmt: skip
            found.append(Item("forecast", "expected" if supported is not None else "expected_alone", args,
                              ("forecast", row.id), row.expected_on, people_of(row.owner_id), ("project", row.id),
                              more={"value": row.value, "supported": supported, "currency": row.currency}))  # fmt: skip
        return found


def silence(people: Sequence[User], period: Period, active: Mapping[int, set[date]],
            away: Mapping[int, Sequence[tuple[date, date]]], today: date) -> list[Item]:  # fmt: skip
    """Who logged nothing, said plainly, and on how many working days; days of absence do not count."""
    found, holidays = [], load_china()
    for person in people:
        absent = away.get(person.id, ())
        to, who = ("person", person.id), people_of(person.id)
        for first, last in absent:
            args = {"name": person.name, "from": day(first), "day": day(last)}
            found.append(Item("silence", "away", args, to, period.ends_on, who))
        days = [
            one for one in period.days()
            if one <= today and is_working(one, holidays) and not any(first <= one <= last for first, last in absent)
        ]  # fmt: skip
        without = [one for one in days if one not in active.get(person.id, ())]
        if days and len(without) == len(days):
            args = {"name": person.name, "n": {"n": len(days)}}
            found.append(Item("silence", "nothing", args, to, period.ends_on, who))
        elif len(without) >= SILENT:
            said: dict[str, Any] = {"name": person.name, "n": {"n": len(without)}, "of": {"n": len(days)}}
            said["days"] = {"days": [one.isoformat() for one in without[:12]]}
            found.append(Item("silence", "silent", said, to, period.ends_on, who))
    return found


def load_absences(session: Session, people: Iterable[int], period: Period) -> Mapping[int, list[tuple[date, date]]]:
    """When each was away in the period."""
    query = select(Absence.user_id, Absence.starts_on, Absence.ends_on).where(
        Absence.user_id.in_(sorted(set(people))), Absence.ended_at.is_(None),
        Absence.starts_on <= period.ends_on, Absence.ends_on >= period.starts_on,
    )  # fmt: skip
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for user_id, first, last in session.execute(query.order_by(Absence.starts_on)):
        found[user_id].append((first, last))
    return found
