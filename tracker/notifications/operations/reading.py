"""What readers do for themselves: mark things as read, say what they want by mail."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.events import Kind
from tracker.notifications.models import MailWish, Notification
from tracker.team.models import User


def mark_read(
    session: Session,
    *,
    by: User,
    only: int | None = None,
    **about: int | None,
) -> int:
    """Mark what the user was told as read: one, those `about` a thing (`project_id=7`), or all; how many."""
    unread = [Notification.user_id == by.id, Notification.read_at.is_(None)]
    if only is not None:
        unread.append(Notification.id == only)
    unread += [getattr(Notification, column) == number for column, number in about.items() if number is not None]
    statement = update(Notification).where(*unread).values(read_at=clock.now())
    done: Any = session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)


def wish_mail(session: Session, *, by: User, reminders: bool, escalations: bool, annotations: bool = True) -> None:
    """Say what one wants by mail."""
    wish = session.get(MailWish, by.id)
    if wish is None:
        wish = MailWish(user_id=by.id, reminders=False, escalations=True, annotations=True)
        session.add(wish)
    before = {"mail": [wish.reminders, wish.escalations, wish.annotations]}
    wish.reminders, wish.escalations, wish.annotations = reminders, escalations, annotations
    session.flush()
    told = [reminders, escalations, annotations]
    events.record(session, Kind.USER_EDITED, by, by=by, before=before, mail=told)
