"""A person's work as he and his supervisor look at it: what he did last, promised, expects, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.annotations.models import Annotation
from tracker.calendar.queries import Asked as Planning
from tracker.calendar.queries import Planned, list_plans
from tracker.database import Money
from tracker.forecasts.queries import Asked, Sum, Worth, load_worth, roll_up
from tracker.matrix.models import LifecycleChange, Record
from tracker.projects.models import Project
from tracker.reports.periods import WEEK, period_of
from tracker.suggestions.models import Suggestion
from tracker.suggestions.queries import list_of
from tracker.team.models import User

RECENT, PROMISED = 10, 20
BACK = timedelta(days=30)  # for how long a promise without a record since is shown


@dataclass(frozen=True, slots=True)
class Result:
    """How many projects ended so this year, and what they were worth, by currency."""

    target: str
    currency: str
    projects: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Work:
    """What the page of somebody's work shows beside this week's report."""

    plans: Sequence[Planned]
    recent: Sequence[Record]
    promises: Sequence[Record]
    results: Sequence[Result]
    expected: Sequence[Sum]
    worth: Worth
    to_answer: Sequence[Annotation]
    suggestions: Sequence[Suggestion]


def load_work(session: Session, by: User, person: User, today: date) -> Work:
    """All of it, of what the reader sees."""
    worth: Mapping[int, Worth] = load_worth(session, [person.id])
    week = period_of(WEEK, today)
    return Work(
        plans=list_plans(session, by, week.starts_on, week.ends_on, Planning(person=person.id), along=False),
        recent=_recent(session, by, person),
        promises=_promises(session, by, person, today),
        results=_results(session, by, person, today),
        expected=roll_up(session, by, Asked(owner=person.id)),
        worth=worth[person.id],
        to_answer=_to_answer(session, by, person),
        suggestions=list_of(session, by, person),
    )


def _recent(session: Session, by: User, person: User) -> Sequence[Record]:
    query = (
        select(Record)
        .where(Record.author_id == person.id, Record.is_plan.is_(False), visible(Record, by))
        .order_by(Record.happened_on.desc(), Record.id.desc())
        .limit(RECENT)
    )
    return session.scalars(query.options(joinedload(Record.project))).all()


def _promises(session: Session, by: User, person: User, today: date) -> Sequence[Record]:
    """Next steps that he named and that lie ahead, or behind without a record of his there since."""
    later = select(Record.project_id, Record.author_id, func.max(Record.happened_on).label("on"))
    later = later.where(Record.author_id == person.id, Record.is_plan.is_(False))
    last = later.group_by(Record.project_id, Record.author_id).subquery()
    query = (
        select(Record)
        .join(last, last.c.project_id == Record.project_id)
        .where(Record.author_id == person.id, Record.next_on >= today - BACK, last.c.on <= Record.happened_on)
        .where(visible(Record, by))
        .order_by(Record.next_on, Record.id)
        .limit(PROMISED)
    )
    return session.scalars(query.options(joinedload(Record.project))).all()


def _results(session: Session, by: User, person: User, today: date) -> Sequence[Result]:
    query = (
        select(LifecycleChange.target, Project.currency, func.count(), func.sum(Project.value, type_=Money()))
        .join(Project, Project.id == LifecycleChange.project_id)
        .where(Project.owner_id == person.id, LifecycleChange.category.is_(None), visible(Project, by))
        .where(LifecycleChange.target.in_(("won", "lost")), LifecycleChange.target == Project.state)
        .where(LifecycleChange.on >= today.replace(month=1, day=1))
        .group_by(LifecycleChange.target, Project.currency)
        .order_by(LifecycleChange.target.desc(), Project.currency)
    )
    return [Result(*row) for row in session.execute(query)]


def _to_answer(session: Session, by: User, person: User) -> Sequence[Annotation]:
    query = select(Annotation).where(Annotation.to_id == person.id, Annotation.state == "open")
    query = query.where(visible(Annotation, by)).order_by(Annotation.id).limit(RECENT)
    return session.scalars(query.options(joinedload(Annotation.by), joinedload(Annotation.to))).all()
