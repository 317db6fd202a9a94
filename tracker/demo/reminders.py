"""What the people of Anhe were told in the last two weeks, the older part of it read."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.notifications.models import Notification, ProjectClock
from tracker.notifications.operations.delivering import deliver

TOLD_FOR = timedelta(days=14)
FRESH_FOR = timedelta(days=3)


def remind(session: Session) -> None:
    """Deliver what fell due lately, as the worker would have done on each of those days."""
    today = clock.today()
    session.execute(update(ProjectClock).values(quiet_before=today - TOLD_FOR))
    for _number in deliver(session, today):
        session.flush()
    for told in session.scalars(select(Notification).options(joinedload(Notification.thing))):
        told.at = told.thing.delivered_at = min(clock.now(), clock.at_noon(told.thing.due_on))
        if told.thing.due_on < today - FRESH_FOR:
            told.read_at = min(clock.now(), told.at + timedelta(hours=5))
    session.flush()
