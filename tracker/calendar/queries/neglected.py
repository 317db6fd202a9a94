"""What wants to be put onto a day of a week: due and neglected sites of one's own that no plan of the week is about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, bindparam, case, literal, or_, select, union_all
from sqlalchemy.orm import Session

from tracker.access import sight
from tracker.notifications.models import WindowClock
from tracker.projects.models import Project, ProjectMember
from tracker.remembering import remembered
from tracker.team.models import User

MOST = 30
SOON = timedelta(days=14)  # how long after the week a window that closes counts
WHYS = ("late", "due", "window", "quiet")


@dataclass(frozen=True, slots=True)
class ToPlan:
    """A site that wants a visit: why (late, due, window, quiet) and since or until when."""

    project_id: int
    name: str
    step: str
    why: str
    on: date


def list_to_plan(
    session: Session, by: User, first: date, last: date, today: date, but: Collection[int | None] = ()
) -> Sequence[ToPlan]:
    """The user's own live sites that are late, due in the week, whose window closes or which have gone quiet, each once
    for what presses most; without the projects of these numbers."""
    days = {"first": first, "last": last, "today": today, "soon": last + SOON}
    found: dict[int, ToPlan] = {}
    for project_id, name, step, rank, on in session.execute(_to_plan(by), days):
        if project_id not in but:
            found.setdefault(project_id, ToPlan(project_id, name, step, WHYS[rank], on))
    return list(found.values())[:MOST]


@remembered(sight)
def _to_plan(by: User) -> Any:
    first, last, today, soon = (bindparam(name, type_=Date) for name in ("first", "last", "today", "soon"))
    joined = select(ProjectMember.project_id).where(ProjectMember.user_id == by.id)
    live = (or_(Project.owner_id == by.id, Project.id.in_(joined)), Project.state == "active")
    columns = (Project.id, Project.name, Project.step)

    def way(day: Any, rank: Any, *conditions: Any) -> Any:
        query = select(*columns, rank.label("rank"), day.label("on")).where(*live, *conditions)
        return query.order_by(day, Project.id).limit(MOST)

    ways = (
        way(Project.next_due_on, case((Project.next_due_on < today, 0), else_=1), Project.next_due_on <= last),
        way(WindowClock.closes_on, literal(2), WindowClock.project_id == Project.id,
            WindowClock.closes_on.between(first, soon)),
        way(Project.silent_after, literal(3), Project.silent_after <= last),
    )  # fmt: skip
    found = union_all(*(select(each.subquery()) for each in ways)).subquery()
    return select(found).order_by(found.c.rank, found.c.on, found.c.id)
