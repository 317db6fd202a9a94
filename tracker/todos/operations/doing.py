"""What becomes of a to-do: set, changed, given on, put off, done, dropped. Each leaves an event."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import visible
from tracker.errors import AlreadyDone, Forbidden, Invalid, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.leads.models import Lead
from tracker.matrix.operations import submissions
from tracker.projects.models import Project
from tracker.team.models import User
from tracker.todos.models import Todo, TodoFollower
from tracker.todos.operations.telling import tell
from tracker.todos.repeating import MONTHLY, RULES, YEARLY, following

FURTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class TodoDraft:
    """What is to be done, by when, on which site, and how it repeats ("" once)."""

    text: str
    due_on: date | None = None
    project_id: int | None = None
    lead_id: int | None = None
    repeats: str = ""
    repeats_until: date | None = None


def add_todo(
    session: Session, draft: TodoDraft, *, by: User, owner: User | None = None, token: str | None = None
) -> Todo:
    """Set oneself, or somebody one may see, something to do; who does not set it himself is told."""
    owner = owner or by
    _check(session, draft, by)
    _check_owner(session, owner, by)
    submission = submissions.claim(session, token, by)
    todo = Todo(owner_id=owner.id, by_id=by.id)
    _take(todo, draft)
    session.add(todo)
    session.flush()
    submissions.remember(session, submission, todo.id)
    told: dict[str, Any] = {"due_on": _day(todo.due_on)} if owner.id == by.id else {"owner": owner.name}
    events.record(session, Kind.TODO_ADDED, todo, by=by, project_id=todo.project_id, text=todo.text, **told)
    if owner.id != by.id:
        tell(session, todo, "given", [owner.id], by=by)
    return todo


def _check(session: Session, draft: TodoDraft, by: User) -> None:
    if not draft.text.strip():
        raise Invalid("text", _l("Say in a sentence what is to be done."))
    if draft.due_on and draft.due_on > clock.today() + FURTHEST:
        raise Invalid("due_on", _l("At most three years ahead, please."))
    if draft.repeats and draft.repeats not in RULES:
        raise Invalid("repeats", _l("Choose one of the values in the list."))
    if draft.repeats and draft.due_on is None:
        raise Invalid("due_on", _l("What repeats needs its first day."))
    for model, number in ((Project, draft.project_id), (Lead, draft.lead_id)):
        seen: Any = select(model.id).where(model.id == number, visible(model, by))
        if number and session.scalar(seen) is None:
            raise Invalid("text", _l("You do not see this site."))


def _check_owner(session: Session, owner: User, by: User) -> None:
    """Somebody active whom he may see; of ours only by ours."""
    seen = select(User.id).where(User.id == owner.id, User.active, visible(User, by))
    if session.scalar(seen) is None or (owner.party_id != by.party_id and owner.id != by.id):
        raise Invalid("owner_id", _l("Choose an active colleague."))


def _take(todo: Todo, draft: TodoDraft) -> None:
    todo.text, todo.due_on = draft.text.strip()[:300], draft.due_on
    todo.project_id, todo.lead_id = draft.project_id, draft.lead_id
    todo.repeats, todo.repeats_until = draft.repeats, draft.repeats_until if draft.repeats else None
    todo.month_day = draft.due_on.day if draft.due_on and draft.repeats in (MONTHLY, YEARLY) else None
    todo.snoozed_to = None
    _changed(todo)


def _changed(todo: Todo) -> None:
    todo.changed_at, todo.wake_on = clock.now(), wakes(todo)


def wakes(todo: Todo) -> date | None:
    """The day on which the worker looks at it where nothing was told yet: its day, or that to which it was put off."""
    if not todo.open or todo.due_on is None:
        return None
    return max(todo.due_on, todo.snoozed_to or todo.due_on)


def may_change(by: User, todo: Todo) -> bool:
    """Whether he says what becomes of it: whose it is and who set it."""
    return by.id in (todo.owner_id, todo.by_id)


def require_change(by: User, todo: Todo) -> None:
    """Raise Forbidden unless he may change it, AlreadyDone where it is done or dropped."""
    if not may_change(by, todo):
        raise Forbidden(_l("Only whose it is and who set it change this."))
    if not todo.open:
        raise AlreadyDone(details=f"/todos/{todo.id}")


def change_todo(session: Session, todo: Todo, draft: TodoDraft, *, by: User, version: int) -> None:
    """Say anew what is to be done and by when; refuses when somebody changed it meanwhile."""
    require_change(by, todo)
    if version != todo.version:
        raise Stale(_l("Somebody changed this meanwhile."), details=todo)
    _check(session, draft, by)
    names = ("text", "due_on", "repeats", "repeats_until", "project_id", "lead_id")
    before = {name: getattr(todo, name) for name in names}
    _take(todo, draft)
    changed = {name: value for name, value in before.items() if value != getattr(todo, name)}
    session.flush()
    told = {name: _plain(getattr(todo, name)) for name in changed}
    old = {name: _plain(value) for name, value in changed.items()}
    events.record(session, Kind.TODO_EDITED, todo, by=by, project_id=todo.project_id, before=old, **told)


def delegate(session: Session, todo: Todo, to: User, *, by: User) -> None:
    """Give it to somebody else; both are told, and who gives it goes on following it."""
    require_change(by, todo)
    _check_owner(session, to, by)
    if to.id == todo.owner_id:
        return
    before = todo.owner_id
    todo.owner_id = to.id
    _changed(todo)
    session.flush()
    for one in {before, by.id} - {to.id, todo.by_id}:
        _add_follower(session, todo, one)
    events.record(session, Kind.TODO_DELEGATED, todo, by=by, project_id=todo.project_id, text=todo.text, owner=to.name)
    tell(session, todo, "given", [to.id], by=by)
    tell(session, todo, "taken", {before, todo.by_id} - {to.id}, by=by, to=to)


def follow(session: Session, todo: Todo, *, by: User, wanted: bool = True) -> None:
    """Be told of what becomes of it, or no more."""
    if not wanted:
        session.execute(delete(TodoFollower).where(TodoFollower.todo_id == todo.id, TodoFollower.user_id == by.id))
    else:
        _add_follower(session, todo, by.id)
    events.record(session, Kind.TODO_FOLLOWED, todo, by=by, wanted=wanted)


def _add_follower(session: Session, todo: Todo, user_id: int) -> None:
    if session.get(TodoFollower, (todo.id, user_id)) is None:
        session.add(TodoFollower(todo_id=todo.id, user_id=user_id))
        session.flush()


def snooze(session: Session, todo: Todo, until: date, *, by: User) -> None:
    """Not be reminded before a day."""
    if by.id != todo.owner_id:
        raise Forbidden(_l("Only whose it is puts it off."))
    require_change(by, todo)
    if until <= clock.today():
        raise Invalid("until", _l("Choose a day ahead of today."))
    if until > clock.today() + FURTHEST:
        raise Invalid("until", _l("At most three years ahead, please."))
    todo.snoozed_to = until
    _changed(todo)
    session.flush()
    events.record(session, Kind.TODO_SNOOZED, todo, by=by, project_id=todo.project_id, until=until.isoformat())


def finish(session: Session, todo: Todo, *, by: User) -> Todo | None:
    """It is done; where it repeats the next one appears, and is returned. Done twice is done once."""
    require_change(by, todo)
    todo.done_at = clock.now()
    _changed(todo)
    session.flush()
    events.record(session, Kind.TODO_DONE, todo, by=by, project_id=todo.project_id, text=todo.text)
    tell(session, todo, "done", watchers(session, todo), by=by)
    return _next(session, todo)


def _next(session: Session, todo: Todo) -> Todo | None:
    if not todo.repeats or todo.due_on is None:
        return None
    due = following(todo.repeats, todo.due_on, clock.today() - timedelta(days=1), todo.month_day)
    if todo.repeats_until and due > todo.repeats_until:
        return None
    after = Todo(
        owner_id=todo.owner_id, by_id=todo.by_id, text=todo.text, project_id=todo.project_id, lead_id=todo.lead_id,
        due_on=due, repeats=todo.repeats, repeats_until=todo.repeats_until, month_day=todo.month_day,
        previous_id=todo.id,
    )  # fmt: skip
    after.wake_on = due
    session.add(after)
    session.flush()
    for one in session.scalars(select(TodoFollower.user_id).where(TodoFollower.todo_id == todo.id)).all():
        _add_follower(session, after, one)
    return after


def drop_todo(session: Session, todo: Todo, *, by: User, why: str) -> None:
    """It is not needed any more, and why; what repeats ends with it."""
    require_change(by, todo)
    if not why.strip():
        raise Invalid("why", _l("Say in a sentence why it is not needed any more."))
    todo.dropped_at, todo.dropped_why = clock.now(), why.strip()[:300]
    _changed(todo)
    session.flush()
    events.record(session, Kind.TODO_DROPPED, todo, by=by, project_id=todo.project_id, text=todo.text,
                  reason=todo.dropped_why)  # fmt: skip
    tell(session, todo, "dropped", watchers(session, todo), by=by)


def watchers(session: Session, todo: Todo) -> Collection[int]:
    """Who wants to know: whose it is, who set it, who follows it."""
    followers = session.scalars(select(TodoFollower.user_id).where(TodoFollower.todo_id == todo.id)).all()
    return {todo.owner_id, todo.by_id, *followers}


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
