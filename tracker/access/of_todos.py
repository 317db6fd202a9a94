"""Who sees a to-do: whose it is, who set it, who follows it, and who oversees whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, exists, or_, select

from tracker.access import Action, may, overseen, sees_others

if TYPE_CHECKING:
    from tracker.team.models import User


def visible_todos(user: User) -> ColumnElement[bool]:
    """One's own, those one gave to others or follows, and those of the people whom one leads."""
    from tracker.team.models import User as UserModel
    from tracker.todos.models import Todo, TodoFollower

    followed = select(TodoFollower.todo_id).where(TodoFollower.user_id == user.id)
    ways = [Todo.owner_id == user.id, Todo.by_id == user.id, Todo.id.in_(followed)]
    if sees_others(user) and may(user, Action.LEAD_ASSIGN):
        ways.append(Todo.owner_id.in_(select(UserModel.id).where(overseen(UserModel, user))))
    return or_(*ways)


def of_visible_todo(model: Any, user: User) -> ColumnElement[bool]:
    """Rows of the to-dos that he sees."""
    from tracker.todos.models import Todo

    return exists().where(Todo.id == model.todo_id, visible_todos(user)).correlate(model)
