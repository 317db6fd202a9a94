"""Reads about to-dos. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import sight, visible
from tracker.errors import NotFound
from tracker.leads.models import Lead
from tracker.paging import FARTHEST, SIZE, Page
from tracker.projects.models import Project
from tracker.remembering import remembered
from tracker.team.models import User
from tracker.todos.models import Todo, TodoFollower

WHICH = ("mine", "given", "followed", "led", "done")


@dataclass(frozen=True, slots=True)
class Listed:
    """A to-do, and its site where the reader sees it."""

    todo: Todo
    project: Project | None
    lead: Lead | None


def _shown(by: User) -> Any:
    """To-dos he sees; of the site only where he sees that too."""
    return (
        select(Todo, Project, Lead)
        .select_from(Todo)
        .outerjoin(Project, and_(Project.id == Todo.project_id, visible(Project, by)))
        .outerjoin(Lead, and_(Lead.id == Todo.lead_id, visible(Lead, by)))
        .where(visible(Todo, by))
        .options(joinedload(Todo.owner), joinedload(Todo.by))
    )


def todos_asked(by: User, which: str, q: str = "") -> Select[Any]:
    """The statement for to-dos: mine, given to others, followed, those of whom he leads, or done; the most pressing
    first."""
    query = _shown(by)
    followed = select(TodoFollower.todo_id).where(TodoFollower.user_id == by.id)
    match which:
        case "given":
            query = query.where(Todo.by_id == by.id, Todo.owner_id != by.id)
        case "followed":
            query = query.where(Todo.id.in_(followed))
        case "led":
            query = query.where(Todo.owner_id != by.id)
        case _:
            query = query.where(Todo.owner_id == by.id)
    if q.strip():
        query = query.where(Todo.text.contains(q.strip(), autoescape=True))
    if which == "done":
        over = or_(Todo.done_at.is_not(None), Todo.dropped_at.is_not(None))
        return query.where(over).order_by(Todo.id.desc())  # type: ignore[no-any-return]
    query = query.where(Todo.done_at.is_(None), Todo.dropped_at.is_(None))
    return query.order_by(Todo.due_on.is_(None), Todo.due_on, Todo.id)  # type: ignore[no-any-return]


def list_todos(session: Session, by: User, which: str, q: str = "", page: int = 1) -> Page[Listed]:
    """A page of these."""
    query = todos_asked(by, which, q)
    number = max(1, min(page, FARTHEST))
    rows = session.execute(query.offset((number - 1) * SIZE).limit(SIZE + 1)).all()
    return Page([Listed(*row) for row in rows[:SIZE]], number, len(rows) > SIZE)


def list_due(session: Session, by: User, until: date, most: int) -> Sequence[Listed]:
    """His own that are due by a day and not put off beyond it, the most pressing first."""
    return [Listed(*row) for row in session.execute(_due(most, by), {"until": until})]


@remembered(sight)
def _due(most: int, by: User) -> Any:
    until = bindparam("until", type_=Date)
    today = or_(Todo.snoozed_to.is_(None), Todo.snoozed_to <= until)
    query = _shown(by).where(Todo.owner_id == by.id, Todo.done_at.is_(None), Todo.dropped_at.is_(None))
    return query.where(Todo.due_on <= until, today).order_by(Todo.due_on, Todo.id).limit(most)


def list_dated(session: Session, by: User, since: date) -> Sequence[Todo]:
    """His own with a day, those done or dropped since then too: what his calendar shows."""
    query = select(Todo).where(Todo.owner_id == by.id, Todo.due_on >= since, visible(Todo, by))
    return session.scalars(query.order_by(Todo.id)).all()


def get_todo(session: Session, by: User, todo_id: int) -> Listed:
    """One to-do, or NotFound."""
    row = session.execute(_shown(by).where(Todo.id == todo_id)).first()
    if row is None:
        raise NotFound
    return Listed(*row)


def list_followers(session: Session, todo: Todo) -> Sequence[User]:
    """Who follows it, by name. The caller has checked that it is visible."""
    query = select(User).join(TodoFollower, TodoFollower.user_id == User.id).where(TodoFollower.todo_id == todo.id)
    return session.scalars(query.order_by(User.name, User.id)).all()
