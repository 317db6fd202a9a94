"""Whose feed an address is, and what goes into it: his own, and only what he still sees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.absences.models import Absence
from tracker.access import is_dealer, visible
from tracker.calendar.models import CalendarFeed
from tracker.dealers.models import shut_out
from tracker.errors import NotFound
from tracker.projects.models import Project, ProjectMember
from tracker.team.models import User

MOST = 100  # projects with tasks due
LONGEST = 64  # characters of a token


class DueSite(NamedTuple):
    """A project in which tasks are due: day of the first, how many are open, since when it is there, its version."""

    id: int
    name: str
    on: date
    open_tasks: int
    since: datetime
    version: int


def find_feed(session: Session, by: User) -> CalendarFeed | None:
    """His feed, where he has one."""
    return session.get(CalendarFeed, by.id)


def get_reader(session: Session, token: str) -> User:
    """Whose feed it is: somebody who may sign in; or NotFound."""
    query = (
        select(User)
        .join(CalendarFeed, CalendarFeed.user_id == User.id)
        .where(CalendarFeed.token == token[:LONGEST], User.active, ~shut_out())
        .options(joinedload(User.role), joinedload(User.team))
    )
    found: User | None = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def list_own_due(session: Session, by: User, until: date) -> Sequence[DueSite]:
    """The projects he owns or helps with (a dealer: all of his) in which a task is due, the first due first."""
    joined = select(ProjectMember.project_id).where(ProjectMember.user_id == by.id)
    mine = visible(Project, by) if is_dealer(by) else (Project.owner_id == by.id) | Project.id.in_(joined)
    columns = (Project.id, Project.name, Project.next_due_on, Project.open_tasks, Project.created_at, Project.version)
    query = select(*columns).where(mine, Project.state == "active", Project.next_due_on <= until)
    rows: Any = session.execute(query.order_by(Project.next_due_on, Project.id).limit(MOST))
    return [DueSite(*row) for row in rows]


def list_own_away(session: Session, by: User, since: date) -> Sequence[Absence]:
    """His absences that were not over before a day, those that were ended early too."""
    query = select(Absence).where(Absence.user_id == by.id, Absence.ends_on >= since, visible(Absence, by))
    return session.scalars(query.order_by(Absence.id)).all()
