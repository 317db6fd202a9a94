"""The further parts of Today: small functions, each of which says what it shows, or None where it has nothing to say.

A part is a template and its values. Whoever adds one adds a function to `SECTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tracker.absences.queries import list_away
from tracker.access import Action, is_dealer, may, sees_others
from tracker.calendar.queries import Asked, list_plans
from tracker.home.watching import list_open_plans, list_to_check, load_beside, load_led
from tracker.team.models import User
from tracker.todos.queries import list_due

MOST = 8  # rows of each part
LEFT, RIGHT = "left", "right"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its template, the column it stands in, and what the template shows."""

    template: str
    column: str
    values: Mapping[str, Any] = field(default_factory=dict)


Part = Callable[[Session, User, date], Sequence[Section]]


def own_day(session: Session, by: User, today: date) -> Sequence[Section]:
    """What one planned for today, and what was planned before and not logged."""
    plans = list_open_plans(session, by, today)
    return [Section("home/_plans.html", LEFT, {"plans": plans})] if plans else []


def own_todos(session: Session, by: User, today: date) -> Sequence[Section]:
    """One's to-dos of today and before."""
    due = list_due(session, by, today, MOST)
    tomorrow = today + timedelta(days=1)
    return [Section("home/_todos.html", LEFT, {"todos": due, "tomorrow": tomorrow})] if due else []


def own_sites(session: Session, by: User, today: date) -> Sequence[Section]:
    """Windows that close on one's sites, and what others changed there since one looked last."""
    if is_dealer(by):
        return []
    beside, found = load_beside(session, by, today), []
    if beside.closing:
        found.append(Section("home/_closing.html", RIGHT, {"closing": beside.closing}))
    if beside.changes:
        found.append(Section("home/_changed.html", RIGHT, {"changes": beside.changes, "newest": beside.newest}))
    return found


def to_check(session: Session, by: User, today: date) -> Sequence[Section]:
    """Registrations that wait for an answer."""
    waiting = list_to_check(session, by)
    return [Section("home/_registrations.html", LEFT, {"registrations": waiting})] if waiting else []


def people(session: Session, by: User, today: date) -> Sequence[Section]:
    """For who leads people: who is where, what to ask, what moved, where a department is silent, whom nobody has."""
    if not (sees_others(by) and may(by, Action.LEAD_ASSIGN)):
        return []
    plans = list_plans(session, by, today, today, Asked(), 40, along=False)
    plans = [one for one in plans if one.record.author_id != by.id]
    away = [one for one in list_away(session, by, today, today) if one.user_id != by.id]
    led, found = load_led(session, by, today), []
    if plans or away:
        found.append(Section("home/_where.html", LEFT, {"where": plans, "away": away}))
    if led.questions:
        found.append(Section("home/_questions.html", LEFT, {"questions": led.questions}))
    if led.unassigned:
        found.append(Section("home/_unassigned.html", RIGHT, {"unassigned": led.unassigned}))
    if led.silent:
        found.append(Section("home/_silent.html", RIGHT, {"silent": led.silent}))
    if led.moved:
        found.append(Section("home/_moved.html", RIGHT, {"moved": led.moved}))
    return found


SECTIONS: tuple[Part, ...] = (own_day, own_todos, to_check, people, own_sites)


def load_sections(session: Session, by: User, today: date) -> Sequence[Section]:
    """All parts that have something to say, in their order."""
    return [section for part in SECTIONS for section in part(session, by, today)]
