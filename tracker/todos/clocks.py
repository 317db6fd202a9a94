"""What falls due on a to-do when nobody does anything: a reminder to whose it is, and, late, a word to who gave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.todos.models import Todo

KIND, NEWS, PLACE = "todo", "todo_news", "todo"
LATE_DAYS = 3  # after which who gave it is told


@dataclass(frozen=True, slots=True)
class TodoThing:
    """Something that falls due; the key makes it happen once. `audience`: owner or giver."""

    key: str
    level: str
    due_on: date
    audience: str
    zh: str
    en: str


def ever_due(todo: Todo) -> Sequence[TodoThing]:
    """What will ever fall due on it as it stands."""
    if not todo.open or todo.due_on is None:
        return ()
    day = max(todo.due_on, todo.snoozed_to or todo.due_on)
    found = [TodoThing(f"due:{day}", "remind", day, "owner", f"待办：{todo.text}", f"To do: {todo.text}")]
    if todo.by_id != todo.owner_id:
        late = todo.due_on + timedelta(days=LATE_DAYS)
        zh, en = f"交办事项已逾期（{todo.due_on}）：{todo.text}", f"Late since {todo.due_on}: {todo.text}"
        found.append(TodoThing(f"late:{todo.due_on}", "escalate", late, "giver", zh, en))
    return found


def due_now(todo: Todo, today: date) -> Sequence[TodoThing]:
    """What has fallen due by a day."""
    return [thing for thing in ever_due(todo) if thing.due_on <= today]


def wakes_after(todo: Todo, today: date) -> date | None:
    """The next day on which something falls due, after that day."""
    return min((thing.due_on for thing in ever_due(todo) if thing.due_on > today), default=None)
