"""Telling people of to-dos, in the product and, who wants it, by mail."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.access import visible
from tracker.notifications.models import DueThing, Notification
from tracker.notifications.operations.mailing import Mailing
from tracker.notifications.operations.once import Saying, take_back, tell_once
from tracker.team.models import User
from tracker.todos.clocks import KIND, NEWS, PLACE, TodoThing, due_now, ever_due, wakes_after
from tracker.todos.models import Todo

CHUNK = 100  # to-dos of one transaction
_WHOLE = (joinedload(User.role), joinedload(User.team))
_SAID = {
    "given": ("{by}请您办理：{text}{due}", "{by} asks you to do this: {text}{due}"),
    "taken": ("{by}已交给{to}：{text}", "{by} gave this to {to}: {text}"),
    "done": ("{by}已完成：{text}", "{by} has done this: {text}"),
    "dropped": ("{by}不再办理：{text}（{why}）", "{by} dropped this: {text} ({why})"),
}


def tell(session: Session, todo: Todo, what: str, ids: Collection[int], *, by: User, to: User | None = None) -> None:
    """Tell these people, without who did it, what became of a to-do that they see."""
    people = _people(session, todo, set(ids) - {by.id})
    if not people:
        return
    zh, en = _SAID[what]
    words = {"by": by.name, "to": to.name if to else "", "text": todo.text, "why": todo.dropped_why or ""}
    saying = Saying(
        key=f"{what}:{todo.version}", kind=NEWS, level="remind", due_on=clock.company_day(clock.now()),
        audience="named", zh=zh.format(due=f"（{todo.due_on}前）" if todo.due_on else "", **words),
        en=en.format(due=f" (by {todo.due_on})" if todo.due_on else "", **words), phase=PLACE, step=PLACE,
    )  # fmt: skip
    tell_once(session, todo, saying, people)


def _people(session: Session, todo: Todo, ids: Collection[int]) -> list[User]:
    query = select(User).where(User.id.in_(ids), User.active).order_by(User.id).options(*_WHOLE)
    seen = select(Todo.id).where(Todo.id == todo.id)
    return [one for one in session.scalars(query) if session.scalar(seen.where(visible(Todo, one))) is not None]


def deliver_todos(session: Session, today: date, mailing: Mailing | None = None) -> Iterator[int]:
    """Remind of what is due, and tell who gave it when it is late; yields after each group how many things were newly
    told. The caller commits after each."""
    while todos := session.scalars(_waiting(today)).all():
        yield sum(_look(session, todo, today, mailing) for todo in todos)
        session.flush()
    yield _take_back(session)


def _waiting(today: date) -> Any:
    return select(Todo).where(Todo.wake_on <= today).order_by(Todo.id).limit(CHUNK)


def _look(session: Session, todo: Todo, today: date, mailing: Mailing | None) -> int:
    told = sum(_deliver(session, todo, thing, mailing) for thing in due_now(todo, today))
    todo.wake_on = wakes_after(todo, today)
    return told


def _deliver(session: Session, todo: Todo, thing: TodoThing, mailing: Mailing | None) -> int:
    saying = Saying(key=thing.key, kind=KIND, level=thing.level, due_on=thing.due_on, audience=thing.audience,
                    zh=thing.zh, en=thing.en, phase=PLACE, step=PLACE)  # fmt: skip
    wanted = todo.owner_id if thing.audience == "owner" else todo.by_id
    return int(tell_once(session, todo, saying, _people(session, todo, [wanted]), mailing))


def _take_back(session: Session) -> int:
    """Mark as read what was told of to-dos that are done, dropped, put off or moved."""
    unread = select(DueThing.todo_id).join(Notification, Notification.due_thing_id == DueThing.id)
    unread = unread.where(DueThing.kind == KIND, Notification.read_at.is_(None), DueThing.todo_id.is_not(None))
    todos: Sequence[Todo] = session.scalars(select(Todo).where(Todo.id.in_(unread))).all()
    for todo in todos:
        take_back(session, todo, [KIND], [thing.key for thing in ever_due(todo)])
    return 0
